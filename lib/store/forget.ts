import { ConfigError } from "../errors/mod.ts";
import { filterValues, type NodeFilter, WHERE } from "./read_graph.ts";
import type { Store } from "./store.ts";

/** What forgetting removes. */
export interface ForgetPlan {
  readonly kinds: readonly { readonly kind: string; readonly nodes: number }[];
  readonly scopes: number;
}

/**
 * What {@link forget} would remove.
 *
 * @throws ConfigError when the filter names nothing
 */
export function planForget(store: Store, filter: NodeFilter): ForgetPlan {
  refuseAll(filter);
  const values = filterValues(store, filter);
  return {
    kinds: store.db.all<ForgetPlan["kinds"][number]>(COUNT_KINDS, ...values)
      .map(({ kind, nodes }) => ({ kind, nodes })),
    scopes: store.db.get<{ n: number }>(`SELECT count(*) AS n ${SCOPES}`, ...values)?.n ?? 0,
  };
}

/**
 * Removes nodes with their edges, history and marks, and the scopes they came from, as if they had
 * never been looked at. Protections stay.
 *
 * @throws ConfigError when the filter names nothing
 */
export function forget(store: Store, filter: NodeFilter): ForgetPlan {
  const { db } = store;
  const values = filterValues(store, filter);
  return db.transaction(() => {
    const plan = planForget(store, filter);
    db.exec("CREATE TEMP TABLE forgotten(key INTEGER PRIMARY KEY)");
    db.run(`INSERT INTO forgotten SELECT n.key ${NODES}`, ...values);
    db.run(END_MARKS);
    db.run("DELETE FROM flags WHERE NOT marked AND NOT protected");
    db.run("DELETE FROM edges WHERE from_key IN (SELECT key FROM forgotten)");
    db.run("DELETE FROM edges WHERE to_key IN (SELECT key FROM forgotten)");
    db.run(FORGET_HISTORY, ...values);
    db.run("DELETE FROM nodes WHERE key IN (SELECT key FROM forgotten)");
    db.run(`DELETE FROM ledger WHERE scope IN (SELECT s.scope ${SCOPES})`, ...values);
    db.run(`DELETE FROM scopes WHERE scope IN (SELECT s.scope ${SCOPES})`, ...values);
    db.exec("DROP TABLE forgotten");
    return plan;
  });
}

function refuseAll(filter: NodeFilter): void {
  if (Object.values(filter).some((list) => list !== undefined)) return;
  throw new ConfigError("nothing is named that should be forgotten", {
    hint: "Name an --account, a --region or a --kind; to start anew, remove the store's file",
  });
}

const NODES = `
FROM nodes n JOIN kinds k ON k.kind = n.kind JOIN places p ON p.place = n.place WHERE ${WHERE}`;

const COUNT_KINDS = `SELECT k.name AS kind, count(*) AS nodes ${NODES} GROUP BY 1 ORDER BY 1`;

/** Scopes that hold nothing but what is forgotten. */
const SCOPES = `
FROM scopes s WHERE (?1 IS NULL OR s.cloud IN (SELECT value FROM json_each(?1)))
  AND (?2 IS NULL OR s.account IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR s.region_id IN (SELECT value FROM json_each(?3)))
  AND (?4 IS NULL OR s.resource IN (SELECT value FROM json_each(?4)))
  AND NOT EXISTS (SELECT 1 FROM nodes n JOIN kinds k ON k.kind = n.kind
    JOIN places p ON p.place = n.place WHERE n.scope = s.scope AND NOT (${WHERE}))`;

const END_MARKS = `
UPDATE flags SET marked = 0, rule = '' WHERE marked AND EXISTS (
  SELECT 1 FROM nodes n JOIN kinds k ON k.kind = n.kind JOIN places p ON p.place = n.place
  WHERE n.key IN (SELECT key FROM forgotten) AND flags.kind = k.name AND flags.cloud = p.cloud
    AND flags.account = p.account AND flags.region = p.region AND flags.zone = p.zone
    AND flags.id = n.id AND flags.twin = n.twin)`;

const FORGET_HISTORY = `
DELETE FROM history WHERE rowid IN (
  SELECT h.rowid FROM history h JOIN kinds k ON k.kind = h.kind JOIN places p ON p.place = h.place
  WHERE ${WHERE})`;
