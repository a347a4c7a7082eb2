import { DatabaseSync } from "node:sqlite";
import type { ExpectedCounts } from "./aws_estate.ts";

/** What a store holds of AWS, in texts that can be compared. */
export interface StoredAws {
  /** `account region kind id name`; the region of global kinds is their home, `-` stands for none. */
  readonly nodes: readonly string[];
  /** Those of them that are kept from an earlier run. */
  readonly stale: readonly string[];
  /** `account region kind id > kind id`, by the place of the parent. */
  readonly edges: readonly string[];
  /** Outcomes of the last run by `account/region/resource`; the region is a name. */
  readonly outcomes: Readonly<Record<string, string>>;
}

/** Reads a store by the views that every SQLite tool can use. */
export function readAws(path: string): StoredAws {
  using db = openForReading(path);
  return {
    nodes: texts(db, `SELECT ${NODE} AS text FROM node ${AWS}`),
    stale: texts(db, `SELECT ${NODE} AS text FROM node ${AWS} AND stale`),
    edges: texts(
      db,
      `SELECT a.account || ' ' || a.region || ' ' || a.kind || ' ' || a.id || ' > ' ||
        b.kind || ' ' || b.id AS text
      FROM edge JOIN node a ON a.key = from_key JOIN node b ON b.key = to_key
      WHERE a.cloud = 'aws' AND a.account IS NOT NULL AND a.region IS NOT NULL`,
    ),
    outcomes: Object.fromEntries(
      query<{ scope: string; outcome: string }>(
        db,
        `SELECT account || '/' || region || '/' || resource AS scope, outcome FROM scope
        WHERE cloud = 'aws' AND run = (SELECT id FROM runs ORDER BY run DESC LIMIT 1)`,
      ).map(({ scope, outcome }) => [scope, outcome]),
    ),
  };
}

/** What the calls of the last run cost, all together. */
export interface CallTotals {
  readonly count: number;
  readonly errors: number;
  readonly throttles: number;
  readonly retries: number;
  readonly waited: number;
}

/** Adds up the calls of the last run that ended. */
export function readCallTotals(path: string): CallTotals {
  using db = openForReading(path);
  const [totals] = query<CallTotals>(
    db,
    `SELECT sum(count) AS count, sum(errors) AS errors, sum(throttles) AS throttles,
      sum(retries) AS retries, sum(waited_ms) AS waited
    FROM calls WHERE run = (SELECT max(run) FROM calls)`,
  );
  if (totals === undefined) throw new Error(`${path} holds no run that ended`);
  return totals;
}

/** Properties of one node. */
export type Reported = Readonly<Record<string, unknown>>;

/** Properties of all nodes, by the texts of {@link StoredAws.nodes}. */
export function readReported(path: string): ReadonlyMap<string, Reported> {
  using db = openForReading(path);
  const rows = query<{ text: string; body: string }>(
    db,
    `SELECT ${NODE} AS text, body FROM node ${AWS}`,
  );
  return new Map(rows.map(({ text, body }) => [text, JSON.parse(body)]));
}

/** Properties that moto gives for its nodes, by the texts of {@link StoredAws.nodes}. */
export function expectedReported({ nodes }: ExpectedCounts): ReadonlyMap<string, Reported> {
  return new Map(
    Object.entries(nodes).flatMap(([account, regions]) =>
      Object.entries(regions).flatMap(([region, kinds]) =>
        Object.entries(kinds).flatMap(([kind, ids]) =>
          Object.entries(ids).map(([id, { name, ...reported }]) =>
            [`${placeOf(account, region)} ${kind} ${id} ${name}`, reported] as const
          )
        )
      )
    ),
  );
}

/** What moto says that a store has to hold, in the texts of {@link StoredAws}. */
export function expectedAws(
  { nodes, edges }: ExpectedCounts,
): Pick<StoredAws, "nodes" | "edges"> {
  return {
    nodes: everyPlace(
      nodes,
      (place, kinds) =>
        Object.entries(kinds).flatMap(([kind, ids]) =>
          Object.entries(ids).map(([id, { name }]) => `${place} ${kind} ${id} ${name}`)
        ),
    ),
    edges: everyPlace(
      edges,
      (place, all) =>
        all.map(([fromKind, from, toKind, to]) => `${place} ${fromKind} ${from} > ${toKind} ${to}`),
    ),
  };
}

const NODE = "account || ' ' || coalesce(region, '-') || ' ' || kind || ' ' || id || ' ' || name";
const AWS = "WHERE cloud = 'aws' AND account IS NOT NULL";

function everyPlace<Found>(
  accounts: Readonly<Record<string, Readonly<Record<string, Found>>>>,
  read: (place: string, found: Found) => readonly string[],
): readonly string[] {
  return Object.entries(accounts).flatMap(([account, regions]) =>
    Object.entries(regions).flatMap(([region, found]) => read(placeOf(account, region), found))
  ).sort();
}

function placeOf(account: string, region: string): string {
  return `${account} ${region === "global" ? "us-east-1" : region}`;
}

function openForReading(path: string): Disposable & { readonly db: DatabaseSync } {
  const db = new DatabaseSync(path, { readOnly: true });
  return { db, [Symbol.dispose]: () => db.close() };
}

function texts(opened: ReturnType<typeof openForReading>, sql: string): readonly string[] {
  return query<{ text: string }>(opened, sql).map(({ text }) => text).sort();
}

function query<Row>(
  { db }: ReturnType<typeof openForReading>,
  sql: string,
  ...values: readonly string[]
): readonly Row[] {
  // The columns are those of the statement beside the type.
  return db.prepare(sql).all(...values) as Row[];
}
