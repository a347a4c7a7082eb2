import { type Clock, systemClock } from "ckworker";

/** What the plugin takes from the machine it runs on; tests give their own. */
export interface Machine {
  readonly clock: Clock;
  /** Value of a variable that the manifest lists; undefined when it is not set or empty. */
  readonly env: (name: string) => string | undefined;
  readonly readFile: (path: string) => Promise<string>;
  /** Milliseconds until a host has let us in, and until it has answered. */
  readonly loginMs: number;
  readonly commandMs: number;
}

/** The machine that the guest runs on. */
export const thisMachine: Machine = {
  clock: systemClock,
  env: (name) => Deno.env.get(name) || undefined,
  readFile: (path) => Deno.readTextFile(path),
  loginMs: 10_000,
  commandMs: 60_000,
};
