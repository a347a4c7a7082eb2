import type { NodeIdentity } from "../model/mod.ts";
import type { Store } from "./store.ts";

/** What the nodes with these node ids are, by node id; unknown ones are absent. One look for all. */
export function identitiesOf(
  store: Store,
  nodeIds: Iterable<string>,
): ReadonlyMap<string, NodeIdentity> {
  const rows = store.db.all<NodeIdentity & { nodeId: string }>(
    SELECT_BY_ID,
    JSON.stringify([...nodeIds]),
  );
  return new Map(rows.map(({ nodeId, ...identity }) => [nodeId, identity]));
}

/** What the nodes of these rows are, in the order of the rows. */
export function identitiesOfKeys(store: Store, keys: Iterable<number>): readonly NodeIdentity[] {
  return store.db.all<NodeIdentity>(SELECT_BY_KEY, JSON.stringify([...keys]));
}

const IDENTITY = "k.name AS kind, p.cloud, p.account, p.region, p.zone, n.id, n.twin";

const SELECT_BY_ID = `
WITH wanted(id) AS MATERIALIZED (SELECT DISTINCT value FROM json_each(?))
SELECT n.node_id AS nodeId, ${IDENTITY} FROM nodes n CROSS JOIN kinds k ON k.kind = n.kind
  CROSS JOIN places p ON p.place = n.place
WHERE n.node_id IN (SELECT id FROM wanted) ORDER BY n.key`;

const SELECT_BY_KEY = `
SELECT ${IDENTITY} FROM json_each(?) j CROSS JOIN nodes n ON n.key = j.value
  CROSS JOIN kinds k ON k.kind = n.kind CROSS JOIN places p ON p.place = n.place ORDER BY n.key`;
