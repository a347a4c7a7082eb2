import { QueryError } from "../errors/mod.ts";
import { identityOf, type NodeIdentity } from "../model/mod.ts";
import { expandMacros, type ParsedQuery, parseQuery } from "../query/mod.ts";
import { findNamed, identitiesOfKeys, type Store } from "../store/mod.ts";
import { prepareQuery } from "../store/query/prepare.ts";

/** Nodes that are looked up at once. */
const BATCH = 1_000;

/**
 * What the nodes are that a query finds in the store, or that have just this id or name. Macros such
 * as `@NOW@` are replaced.
 * @throws QueryError for what is meant to be a query and cannot be read, or has no meaning
 */
export async function* selectNodes(
  store: Store,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<NodeIdentity> {
  const now = store.options.now();
  const parsed = queryOf(expandMacros(text, now));
  if (parsed === undefined) {
    yield* findNamed(store, text).map(identityOf);
    return;
  }
  const query = prepareQuery(store, parsed, { now });
  const keys = Array.from(query.nodes(), ({ key }) => key);
  for (let from = 0; from < keys.length; from += BATCH) {
    signal.throwIfAborted();
    yield* identitiesOfKeys(store, keys.slice(from, from + BATCH));
  }
}

/** What no id or name of a resource would have. */
const QUERY_SIGNS = /[=<>~()"]|\s(and|or|in|not)\s/;

/** Undefined for what is the id or name of a node. */
function queryOf(text: string): ParsedQuery | undefined {
  try {
    return parseQuery(text);
  } catch (error) {
    if (!(error instanceof QueryError) || text.trim() === "" || QUERY_SIGNS.test(text)) throw error;
    return undefined;
  }
}
