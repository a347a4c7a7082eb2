import { type Core, EmbeddedCore } from "../core/mod.ts";
import type { Store } from "../store/mod.ts";
import { type EmbeddedOptions, StoreSource } from "./store_source.ts";

/** The store as a core; it has to be open to write for changes. */
export function embeddedCore(store: Store, options: EmbeddedOptions): Core {
  return new EmbeddedCore({ source: new StoreSource(store, options), now: store.options.now });
}
