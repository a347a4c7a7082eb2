import { identityOf, type NodeIdentity } from "../model/mod.ts";
import { findNamed, type Store } from "../store/mod.ts";

/** Nodes whose node id, id or name is exactly the text. */
export function* selectNamed(store: Store, text: string): Generator<NodeIdentity> {
  for (const row of findNamed(store, text)) yield identityOf(row);
}
