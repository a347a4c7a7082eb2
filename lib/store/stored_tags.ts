import type { NodeIdentity } from "../model/mod.ts";
import { KEEP_CHANGED } from "./merge_statements.ts";
import type { Store } from "./store.ts";

/**
 * Writes down the tags that a node has in its cloud after this program has changed them there. It is
 * a change of the last run: what the node was before goes to the history.
 * @returns whether there is such a node
 */
export function writeTags(
  store: Store,
  of: NodeIdentity,
  tags: Readonly<Record<string, string>>,
): boolean {
  const { db } = store;
  const values = [of.kind, of.cloud, of.account, of.region, of.zone, of.id, of.twin];
  const text = JSON.stringify(tags);
  return db.transaction(() => {
    const node = db.get<{ key: number; first: number; last: number }>(FIND, ...values);
    if (node === undefined) return false;
    const { key, first, last } = node;
    if (first < last) db.run(KEEP_CHANGED, last, key);
    // Numbers of other properties keep their digits.
    db.run(WRITE, text, key);
    return true;
  });
}

const FIND = `
SELECT n.key, n.first_run AS first, (SELECT max(run) FROM runs) AS last
FROM kinds k CROSS JOIN places p CROSS JOIN nodes n ON n.kind = k.kind AND n.place = p.place
WHERE (k.name, p.cloud, p.account, p.region, p.zone, n.id, n.twin) = (?, ?, ?, ?, ?, ?, ?)`;

const WRITE = `
UPDATE nodes SET body = json_set(CASE body WHEN '' THEN '{}' ELSE body END, '$.tags', json(?))
WHERE key = ?`;
