import { type Core, EmbeddedCore } from "../core/mod.ts";
import type { MarksAside, Store } from "../store/mod.ts";
import { StoreSource } from "./store_source.ts";

/** For whom a store answers as a core. */
export interface EmbeddedOptions {
  /** Name of the rule that marks; empty for a person. */
  readonly rule: string;
  /** Marks of rules that are being asked again. */
  readonly aside?: MarksAside;
}

/** The store as a core; it has to be open to write for changes. */
export function embeddedCore(store: Store, options: EmbeddedOptions): Core {
  return new EmbeddedCore({ source: new StoreSource(store, options), now: store.options.now });
}
