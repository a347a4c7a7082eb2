import { ChangeError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import {
  type ChangerClock,
  ChangerGuests,
  type ChangerPlugin,
  type ChangerPorts,
  type ChangerSettings,
} from "../sandbox/mod.ts";
import type { ChangeNode, ChangeResult } from "../sdk/mod.ts";

/** What a clean-up asks of a cloud. */
export type CleanChange = "read" | "prepare" | "delete";

/** The clouds as a clean-up sees them. */
export interface Cloud {
  /** Whether nodes of a kind have the change, by somebody who is here. */
  has(node: { readonly kind: string; readonly cloud: string }, change: CleanChange): boolean;
  /** @throws CkError when it was not made, or nobody knows whether it was */
  change(node: ChangeNode, change: CleanChange, signal: AbortSignal): Promise<ChangeResult>;
}

/** The clouds, asked by guests of the plugins; a guest is started when it is first needed. */
export class GuestCloud implements Cloud, AsyncDisposable {
  readonly #plugins: readonly ChangerPlugin[];
  readonly #kinds: KindIndex;
  readonly #start: (plugin: ChangerPlugin) => ChangerGuests;
  readonly #guests = new Map<ChangerPlugin, ChangerGuests>();

  constructor(
    plugins: readonly ChangerPlugin[],
    kinds: KindIndex,
    ports: ChangerPorts,
    settings: ChangerSettings,
    clock: ChangerClock,
  ) {
    this.#plugins = plugins;
    this.#kinds = kinds;
    this.#start = (plugin) => new ChangerGuests(plugin, ports, settings, clock);
  }

  has(node: { readonly kind: string; readonly cloud: string }, change: CleanChange): boolean {
    return this.#pluginOf(node) !== undefined &&
      this.#kinds.get(node.kind)?.changes?.includes(change) === true;
  }

  async change(
    node: ChangeNode,
    change: CleanChange,
    signal: AbortSignal,
  ): Promise<ChangeResult> {
    const plugin = this.#pluginOf(node);
    if (plugin === undefined) {
      throw new ChangeError("unsupported", `no plugin here changes ${node.kind} of ${node.cloud}`, {
        context: { kind: node.kind },
      });
    }
    const guests = this.#guests.get(plugin) ?? this.#start(plugin);
    this.#guests.set(plugin, guests);
    return await guests.use(signal, (guest) => guest.change(node, { type: change }, signal));
  }

  /** Ends the guests after they have answered. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#guests.values()].map((guests) => guests[Symbol.asyncDispose]()));
  }

  #pluginOf({ kind, cloud }: { readonly kind: string; readonly cloud: string }) {
    return this.#plugins.find(({ entry }) =>
      entry.manifest.clouds.includes(cloud) && entry.model.kinds.some(({ name }) => name === kind)
    );
  }
}
