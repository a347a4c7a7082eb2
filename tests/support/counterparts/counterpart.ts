import type { Configuration } from "./plugin_store.ts";

/** What goes wrong between a counterpart and its plugin. */
export const TROUBLES = ["broken list", "bad record", "no credentials"] as const;
export type Trouble = typeof TROUBLES[number];

/** A cloud on this machine, with what its plugin has to be told to collect it. */
export interface Counterpart extends AsyncDisposable {
  readonly configuration: Configuration;
  /** Lets something go wrong from now on; without, all is well. */
  trouble?(what: Trouble | undefined): void | Promise<void>;
}

/** How a plugin is tested against something like its cloud; see `mod.ts`. */
export interface PluginCounterpart {
  readonly plugin: string;
  /** Main module of a program in whose guests of this plugin time goes faster. */
  readonly base: URL;
  /** Starts it with at least one node of every kind, or with an account that has nothing. */
  readonly start: (holding: "everything" | "nothing") => Promise<Counterpart>;
  /** Kinds of the model of which it cannot hold a node, each with the reason. */
  readonly unreached?: Readonly<Record<string, string>>;
  /** Troubles that it cannot have, each with the reason. */
  readonly spared?: Readonly<Partial<Record<Trouble, string>>>;
  /** Kinds of the clouds that it borrows, instead of its own, which it has not. */
  readonly reaches?: (kind: string) => boolean;
}

/** The program itself, whose guests wait as long as they are told to. */
export const MAIN = new URL("../../../main.ts", import.meta.url);
/** Its guests of services with a REST API live a hundred times faster. */
export const FAST_SAAS = new URL("../fast_saas/main.ts", import.meta.url);

/** What a plugin cannot meet that calls nothing. */
export const CALLS_NOTHING = {
  "broken list": "it calls nothing",
  "bad record": "it calls nothing",
  "no credentials": "it needs none",
} as const;

/** A counterpart of a plugin that calls nothing. */
export function madeUp(options: Configuration["options"]): Promise<Counterpart> {
  return Promise.resolve({
    configuration: { options },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}
