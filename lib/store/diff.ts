import { isConclusive, type Outcome, type ScopeKey } from "../model/mod.ts";
import { filterValues, type NodeFilter, WHERE } from "./read_graph.ts";
import { findRun, type FoundRun } from "./runs.ts";
import { changedProperties, parseObject } from "./same_body.ts";
import type { Store } from "./store.ts";
import { volatileProperties } from "./volatile.ts";

/** What to compare. */
export interface DiffOptions {
  /** Earlier run as {@link findRun} takes it; default the one before the last. */
  readonly from?: string;
  /** Later run; default the last. */
  readonly to?: string;
  readonly filter?: NodeFilter;
}

/** Two states of the inventory, compared. */
export interface Diff {
  readonly from: string;
  readonly to: string;
  /** Scopes that were not conclusively looked at in both runs; about them nothing is certain. */
  readonly unknown: readonly ScopeCoverage[];
  /** Differences one by one, in order of kind, place and id. */
  nodes(): Generator<NodeDiff, void, undefined>;
}

/** How the two runs looked at a scope; null where a run did not record it. */
export interface ScopeCoverage extends ScopeKey {
  readonly before: Outcome | null;
  readonly after: Outcome | null;
}

/** One node that differs. */
export interface NodeDiff {
  /** `unknown`: the store differs, but its scope was not conclusively looked at in both runs. */
  readonly what: "added" | "removed" | "changed" | "unknown";
  /** What the stored data alone suggest. */
  readonly seems: "added" | "removed" | "changed";
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  /** Properties that differ, volatile ones left out; empty unless it seems changed. */
  readonly properties: readonly PropertyDiff[];
}

/** One property that differs; an absent side is undefined. */
export interface PropertyDiff {
  readonly name: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Compares the inventory as it was after two runs. A scope that was denied, skipped or filtered out
 * in one of them is unknown: its nodes are neither added nor removed.
 *
 * @throws StoreError when a run does not exist
 */
export function diffRuns(store: Store, options: DiffOptions = {}): Diff {
  const from = findRun(store, options.from ?? "last~1");
  const to = findRun(store, options.to ?? "last");
  const coverage = new Coverage(store, from, to);
  return {
    from: from.id,
    to: to.id,
    unknown: coverage.unknown,
    nodes: () => differences(store, from, to, coverage, options.filter ?? {}),
  };
}

/** What both runs recorded of every scope. */
class Coverage {
  readonly unknown: readonly ScopeCoverage[];
  readonly #certain = new Set<number>();

  constructor(store: Store, from: FoundRun, to: FoundRun) {
    const unknown: ScopeCoverage[] = [];
    const rows = store.db.iterate<ScopeCoverage & { scope: number }>(
      SELECT_COVERAGE,
      from.run,
      to.run,
    );
    for (const { scope, ...row } of rows) {
      if (isCertain(row)) this.#certain.add(scope);
      else unknown.push(row);
    }
    this.unknown = unknown;
  }

  knows(...scopes: readonly (number | undefined)[]): boolean {
    return scopes.every((scope) => scope === undefined || this.#certain.has(scope));
  }
}

function isCertain({ before, after }: ScopeCoverage): boolean {
  return before !== null && after !== null && isConclusive(before) && isConclusive(after);
}

function* differences(
  store: Store,
  from: FoundRun,
  to: FoundRun,
  coverage: Coverage,
  filter: NodeFilter,
): Generator<NodeDiff, void, undefined> {
  const volatile = volatileProperties(store.kinds);
  const backwards = from.run > to.run;
  const [low, high] = backwards ? [to.run, from.run] : [from.run, to.run];
  const rows = store.db.iterate<LifeRow>(SELECT_LIVES, ...filterValues(store, filter), low, high);
  for (const pair of pairs(rows)) {
    const [before, after] = backwards ? [pair.after, pair.before] : [pair.before, pair.after];
    const diff = compare({ ...pair, before, after }, volatile(pair.facts.kind));
    if (diff === undefined) continue;
    const known = coverage.knows(before?.scope, after?.scope);
    yield known ? diff : { ...diff, what: "unknown" };
  }
}

/** Joins the lives of one identity: a node that went and came back has two rows in the store. */
function* pairs(rows: Iterable<LifeRow>): Generator<Pair, void, undefined> {
  let open: Pair | undefined;
  for (const row of rows) {
    const next = toPair(row);
    if (open !== undefined && open.identity === next.identity) {
      open = { ...open, before: open.before ?? next.before, after: open.after ?? next.after };
    } else {
      if (open !== undefined) yield open;
      open = next;
    }
  }
  if (open !== undefined) yield open;
}

function compare(pair: Pair, volatile: ReadonlySet<string>): NodeDiff | undefined {
  const { before, after, facts } = pair;
  const state = after ?? before;
  if (state === undefined) return undefined;
  const seems = before === undefined ? "added" : after === undefined ? "removed" : "changed";
  const properties = before && after ? propertyDiffs(before, after, volatile) : [];
  if (seems === "changed" && properties.length === 0) return undefined;
  return { what: seems, seems, ...facts, name: state.name, properties };
}

function propertyDiffs(
  before: State,
  after: State,
  volatile: ReadonlySet<string>,
): readonly PropertyDiff[] {
  const left = parseObject(before.body);
  const right = parseObject(after.body);
  const changed = changedProperties(before.body, after.body, volatile)
    .map((name) => ({ name, before: left[name], after: right[name] }));
  const references = changedProperties(before.extras, after.extras, NONE).includes("e")
    ? [{
      name: "references",
      before: parseObject(before.extras).e,
      after: parseObject(after.extras).e,
    }]
    : [];
  const renamed = before.name === after.name
    ? []
    : [{ name: "name", before: before.name, after: after.name }];
  return [...renamed, ...changed, ...references];
}

interface State {
  readonly scope: number;
  readonly name: string;
  readonly extras: string;
  readonly body: string;
}

interface Pair {
  readonly identity: string;
  readonly facts: Omit<NodeDiff, "what" | "seems" | "name" | "properties">;
  readonly before: State | undefined;
  readonly after: State | undefined;
}

interface LifeRow {
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  readonly twin: string;
  readonly before_scope: number | null;
  readonly before_name: string;
  readonly before_extras: string;
  readonly before_body: string;
  readonly after_scope: number | null;
  readonly after_name: string;
  readonly after_extras: string;
  readonly after_body: string;
}

function toPair(row: LifeRow): Pair {
  const { kind, cloud, account, region, zone, id } = row;
  const facts = { kind, cloud, account, region, zone, id };
  const before = row.before_scope === null ? undefined : {
    scope: row.before_scope,
    name: row.before_name,
    extras: row.before_extras,
    body: row.before_body,
  };
  const after = row.after_scope === null ? undefined : {
    scope: row.after_scope,
    name: row.after_name,
    extras: row.after_extras,
    body: row.after_body,
  };
  return { identity: JSON.stringify([facts, row.twin]), facts, before, after };
}

const NONE: ReadonlySet<string> = new Set();

const SELECT_COVERAGE = `
SELECT s.scope, s.cloud, s.account, s.region, s.resource, b.outcome AS before, a.outcome AS after
FROM scopes s LEFT JOIN ledger b ON b.scope = s.scope AND b.run = ?1
  LEFT JOIN ledger a ON a.scope = s.scope AND a.run = ?2
WHERE a.run IS NOT NULL OR b.run IS NOT NULL
ORDER BY s.cloud, s.account, s.region, s.resource`;

/**
 * Rows that came, changed or went in the runs after `?5` up to `?6`, as they were after these two.
 * The state after a run is the first one in `history` that ended later, else the node as it is.
 */
const SELECT_LIVES = `
WITH touched AS (
  SELECT key FROM nodes WHERE first_run > ?5 AND first_run <= ?6
  UNION SELECT key FROM history WHERE until_run > ?5 AND until_run <= ?6
  UNION SELECT key FROM history WHERE first_run > ?5 AND first_run <= ?6),
lives AS (
  SELECT coalesce(n.kind, b.kind, a.kind) AS kind, coalesce(n.place, b.place, a.place) AS place,
    coalesce(n.id, b.id, a.id) AS id, coalesce(n.twin, b.twin, a.twin) AS twin,
    b.scope AS before_scope, b.name AS before_name, b.extras AS before_extras,
    b.body AS before_body,
    CASE WHEN a.key IS NULL THEN n.scope ELSE a.scope END AS after_scope,
    CASE WHEN a.key IS NULL THEN n.name ELSE a.name END AS after_name,
    CASE WHEN a.key IS NULL THEN n.extras ELSE a.extras END AS after_extras,
    CASE WHEN a.key IS NULL THEN n.body ELSE a.body END AS after_body
  FROM touched t
  LEFT JOIN history b ON b.key = t.key AND b.first_run <= ?5 AND b.until_run =
    (SELECT min(until_run) FROM history WHERE key = t.key AND until_run > ?5)
  LEFT JOIN history a ON a.key = t.key AND a.first_run <= ?6 AND a.until_run =
    (SELECT min(until_run) FROM history WHERE key = t.key AND until_run > ?6)
  LEFT JOIN nodes n ON n.key = t.key AND n.first_run <= ?6)
SELECT k.name AS kind, p.cloud, p.account, p.region, p.zone, l.id, l.twin,
  before_scope, before_name, before_extras, before_body,
  after_scope, after_name, after_extras, after_body
FROM lives l JOIN kinds k ON k.kind = l.kind JOIN places p ON p.place = l.place
WHERE ${WHERE}
ORDER BY k.name, p.cloud, p.account, p.region, p.zone, l.id, l.twin`;
