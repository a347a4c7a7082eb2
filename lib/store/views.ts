import { createHash } from "node:crypto";
import type { KindIndex, Property } from "../model/mod.ts";
import type { Database } from "./database.ts";
import { propertyPath } from "./property_path.ts";

/** Raised when the text of the views changes for the same model. */
const VIEWS_VERSION = 1;

/**
 * Makes a view for every kind and base kind, with a column for every property, so that plain SQL
 * works in any SQLite tool: `SELECT region, count(*) FROM aws_ec2_instance GROUP BY 1`. A base
 * kind's view holds the nodes of all kinds that derive from it. The view of a stored kind that the
 * model does not have stays as it was. Nothing happens when the model is the one of the last time.
 */
export function buildViews(db: Database, kinds: KindIndex): void {
  const hash = modelHash(kinds);
  const known = db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'views'")?.value;
  if (known === hash) return;
  db.transaction(() => {
    for (const { name } of views(db, kinds)) db.exec(`DROP VIEW ${quote(name)}`);
    db.exec(NODE_VIEW + EDGE_VIEW + SCOPE_VIEW + CHANGE_VIEW);
    const taken = new Set(names(db));
    for (const [name, sql] of kindViews(kinds)) if (!taken.has(name.toLowerCase())) db.exec(sql);
    db.run("INSERT OR REPLACE INTO meta VALUES ('views', ?)", hash);
  });
}

function* kindViews(kinds: KindIndex): Generator<readonly [string, string]> {
  for (const { name, nested } of kinds.all()) {
    if (nested === true || RESERVED.test(name)) continue;
    yield [name, kindView(name, kinds.derived(name), kinds.properties(name))];
  }
}

/** SQLite keeps these names for itself; nodes of such a kind are in the views of its bases. */
const RESERVED = /^sqlite_/i;

/** SQLite takes 2000 columns; a property beyond is in `body` only. */
const MOST_PROPERTIES = 1900;

function kindView(name: string, members: readonly string[], properties: readonly Property[]) {
  const columns = properties.filter(isColumn).slice(0, MOST_PROPERTIES)
    .map(({ name }) => `n.body ->> ${literal(propertyPath(name) ?? "")} AS ${quote(name)}`);
  const kinds = members.map(literal).join(", ");
  return `CREATE VIEW ${quote(name)} AS SELECT ${[FACTS, ...columns].join(", ")} ${SOURCE}
    WHERE k.name IN (${kinds})`;
}

function isColumn({ name, synthetic }: Property): boolean {
  return synthetic === undefined && propertyPath(name) !== undefined &&
    !FACT_NAMES.has(name.toLowerCase());
}

/** Columns that every view has; a property of the same name is in `body` only. */
const FACT_NAMES: ReadonlySet<string> = new Set([
  ...["node_id", "kind", "id", "name", "cloud", "account", "region", "zone"],
  ...["stale", "first_seen_at", "last_seen_at", "key"],
]);

const FACTS = `n.key, n.node_id, k.name AS kind, n.id, n.name, p.cloud,
  nullif(p.account, 'undefined') AS account, nullif(p.region, 'undefined') AS region,
  nullif(p.zone, 'undefined') AS zone,
  n.seen_run IS NOT NULL OR s.seen_run IS NOT s.run AS stale,
  f.started_at AS first_seen_at, coalesce(n.seen_at, s.seen_at) AS last_seen_at`;

const SOURCE = `FROM nodes n JOIN kinds k ON k.kind = n.kind JOIN places p ON p.place = n.place
  JOIN scopes s ON s.scope = n.scope LEFT JOIN runs f ON f.run = n.first_run`;

const NODE_VIEW = `CREATE VIEW node AS SELECT ${FACTS},
  coalesce(g.protected, 0) AS protected, coalesce(g.marked, 0) AS marked, g.reason, n.body
  ${SOURCE} LEFT JOIN flags g ON g.kind = k.name AND g.cloud = p.cloud AND g.account = p.account
    AND g.region = p.region AND g.zone = p.zone AND g.id = n.id AND g.twin = n.twin;`;

const EDGE_VIEW = `CREATE VIEW edge AS SELECT e.from_key, e.to_key,
  a.node_id AS from_id, b.node_id AS to_id,
  CASE e.type WHEN 1 THEN 'delete' ELSE 'dependency' END AS type
  FROM edges e JOIN nodes a ON a.key = e.from_key JOIN nodes b ON b.key = e.to_key;`;

const SCOPE_VIEW = `CREATE VIEW scope AS SELECT r.id AS run, s.cloud, s.account, s.region,
  s.resource, l.outcome, l.faults, l.opened_at, l.closed_at, l.nodes, l.added, l.changed,
  l.removed, l.stale, l.duplicates, s.good_at AS last_good_at
  FROM ledger l JOIN scopes s ON s.scope = l.scope JOIN runs r ON r.run = l.run;`;

const CHANGE_VIEW = `CREATE VIEW change AS
  SELECT r.id AS run, r.started_at AS at, h.what, k.name AS kind, p.cloud, p.account, p.region,
    p.zone, h.id, h.name, h.body AS before, h.key
  FROM history h JOIN runs r ON r.run = h.until_run JOIN kinds k ON k.kind = h.kind
    JOIN places p ON p.place = h.place
  UNION ALL SELECT r.id, r.started_at, 'added', k.name, p.cloud, p.account, p.region, p.zone,
    n.id, n.name, NULL, n.key
  FROM nodes n JOIN runs r ON r.run = n.first_run JOIN kinds k ON k.kind = n.kind
    JOIN places p ON p.place = n.place
  UNION ALL SELECT r.id, r.started_at, 'added', k.name, p.cloud, p.account, p.region, p.zone,
    h.id, h.name, NULL, h.key
  FROM history h JOIN runs r ON r.run = h.first_run JOIN kinds k ON k.kind = h.kind
    JOIN places p ON p.place = h.place
  WHERE h.what = 'removed';`;

function modelHash(kinds: KindIndex): string {
  const facts = [...kinds.all()].toSorted((a, b) => a.name < b.name ? -1 : 1)
    .map((
      { name, bases, nested, properties },
    ) => [name, bases, nested, properties.map((p) => p.name)]);
  return createHash("sha256").update(JSON.stringify([VIEWS_VERSION, facts])).digest("hex");
}

/** The views to make anew: all but those of kinds whose plugin is not loaded this time. */
function views(db: Database, kinds: KindIndex): readonly { readonly name: string }[] {
  const stored = new Set(db.all<{ name: string }>("SELECT name FROM kinds").map((k) => k.name));
  return db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'view'")
    .filter(({ name }) => kinds.get(name) !== undefined || !stored.has(name));
}

function names(db: Database): readonly string[] {
  return db.all<{ name: string }>("SELECT name FROM sqlite_schema")
    .map(({ name }) => name.toLowerCase());
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
