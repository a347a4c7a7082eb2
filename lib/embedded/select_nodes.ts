import type { NodeIdentity } from "../model/mod.ts";
import { expandMacros, parseQuery } from "../query/mod.ts";
import { identitiesOfKeys, type Store } from "../store/mod.ts";
import { prepareQuery } from "../store/query/prepare.ts";

/** Nodes that are looked up at once. */
const BATCH = 1_000;

/**
 * What the nodes are that a query finds in the store. Macros such as `@NOW@` are replaced.
 * @throws QueryError for a query that cannot be read or has no meaning
 */
export async function* selectNodes(
  store: Store,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<NodeIdentity> {
  const now = store.options.now();
  const query = prepareQuery(store, parseQuery(expandMacros(text, now)), { now });
  const keys = Array.from(query.nodes(), ({ key }) => key);
  for (let from = 0; from < keys.length; from += BATCH) {
    signal.throwIfAborted();
    yield* identitiesOfKeys(store, keys.slice(from, from + BATCH));
  }
}
