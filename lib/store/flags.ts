import { identityText, type NodeIdentity } from "../model/mod.ts";
import { readExtras } from "./extras_text.ts";
import type { Store } from "./store.ts";

/** What is changed about the flags of a node. */
export type FlagChange =
  | {
    readonly what: "mark";
    readonly reason: string;
    /** Who marks: a rule that sets its marks anew each time, or empty for a person. */
    readonly rule: string;
  }
  | { readonly what: "unmark"; readonly why: string }
  /** It was deleted in its cloud, which ends its mark. */
  | { readonly what: "cleaned"; readonly why: string }
  | { readonly what: "protect"; readonly reason: string }
  | { readonly what: "unprotect"; readonly why: string };

/**
 * What came of it. `unknown`: there is no such node, and nothing is known of it; `phantom` and
 * `protected` nodes are not marked.
 */
export type FlagOutcome = "changed" | "unchanged" | "unknown" | "phantom" | "protected";

/** One event of a node's flags. */
export interface FlagEvent {
  /** ISO time. */
  readonly at: string;
  readonly what: FlagChange["what"] | "note";
  readonly text: string;
}

/** The flags of a node. */
export interface NodeFlags extends NodeIdentity {
  readonly protected: boolean;
  readonly marked: boolean;
  /** Why it is marked or protected. */
  readonly reason: string;
  readonly rule: string;
  /** ISO times. */
  readonly changedAt: string;
  readonly cleanedAt: string | null;
  /** Oldest first. */
  readonly log: readonly FlagEvent[];
}

/** Events that are kept of each node. */
const EVENTS = 50;

/**
 * Changes the flags of nodes, all in one transaction. Flags belong to identities: a collect and a
 * rename leave them as they are. A mark that is set again takes the new reason and rule.
 * @returns what came of each, in their order
 */
export function changeFlags(
  store: Store,
  identities: Iterable<NodeIdentity>,
  change: FlagChange,
): readonly FlagOutcome[] {
  const at = store.options.now().toISOString();
  return store.db.transaction(() =>
    [...identities].map((identity) => changeOne(store, identity, change, at))
  );
}

/** Adds an event to a node's log, which changes no flag. Nodes without flags get a row for it. */
export function noteOnNode(store: Store, identity: NodeIdentity, text: string): void {
  const at = store.options.now().toISOString();
  const known = flagsOf(store, identity);
  write(store, identity, known ?? NO_FLAGS, { at, what: "note", text });
}

/** Flags of one node; undefined when nobody ever set any. */
export function flagsOf(store: Store, identity: NodeIdentity): NodeFlags | undefined {
  const row = store.db.get<FlagRow>(`${SELECT_FLAGS} WHERE ${SAME}`, ...valuesOf(identity));
  return row === undefined ? undefined : toFlags(row);
}

/** Everything that is marked or protected by somebody here, in the order of identities. */
export function listFlags(store: Store): readonly NodeFlags[] {
  return store.db.all<FlagRow>(`${SELECT_FLAGS} WHERE marked OR protected ${ORDER}`).map(toFlags);
}

/**
 * Ends the marks of a rule that it would not set again.
 * @param isStill whether the rule matches the node at this moment, by the text of its identity
 * @returns the nodes whose marks ended
 */
export function dropMarks(
  store: Store,
  rule: string,
  isStill: (identity: string) => boolean,
): readonly NodeIdentity[] {
  const marked = store.db.all<FlagRow>(`${SELECT_FLAGS} WHERE marked AND rule = ? ${ORDER}`, rule);
  const dropped = marked.map(toFlags).filter((each) => !isStill(identityText(each)));
  changeFlags(store, dropped, { what: "unmark", why: `the rule ${rule} no longer matches` });
  return dropped;
}

/** Rules that have set marks which still stand. */
export function markingRules(store: Store): readonly string[] {
  return store.db.all<{ rule: string }>(
    "SELECT DISTINCT rule FROM flags WHERE marked AND rule <> '' ORDER BY rule",
  ).map(({ rule }) => rule);
}

type Flags = Pick<NodeFlags, "protected" | "marked" | "reason" | "rule" | "cleanedAt" | "log">;

const NO_FLAGS: Flags = {
  protected: false,
  marked: false,
  reason: "",
  rule: "",
  cleanedAt: null,
  log: [],
};

function changeOne(
  store: Store,
  identity: NodeIdentity,
  change: FlagChange,
  at: string,
): FlagOutcome {
  const flags = flagsOf(store, identity);
  const before = flags ?? NO_FLAGS;
  const refusal = refusalOf(store, identity, change, flags);
  if (refusal !== undefined) return refusal;
  const after = changed(before, change, at);
  if (after === undefined) return "unchanged";
  const text = "reason" in change ? change.reason : change.why;
  write(store, identity, after, { at, what: change.what, text });
  return "changed";
}

/** Ending a flag needs no node; setting one does. */
function refusalOf(
  store: Store,
  identity: NodeIdentity,
  { what }: FlagChange,
  flags: Flags | undefined,
): FlagOutcome | undefined {
  if (what === "unmark" || what === "unprotect" || what === "cleaned") {
    return flags === undefined && what !== "cleaned" ? "unchanged" : undefined;
  }
  const node = store.db.get<{ extras: string }>(SELECT_EXTRAS, ...valuesOf(identity));
  if (node === undefined) return "unknown";
  if (what === "protect") return undefined;
  const { ph, pr } = readExtras(node.extras);
  const isKnown = store.kinds.get(identity.kind) !== undefined;
  if (ph === 1 || isKnown && store.kinds.isPhantom(identity.kind)) return "phantom";
  return pr === 1 || flags?.protected === true ? "protected" : undefined;
}

/** Undefined when the flags are so already. */
function changed(flags: Flags, change: FlagChange, at: string): Flags | undefined {
  switch (change.what) {
    case "mark": {
      const { reason, rule } = change;
      const isSame = flags.marked && flags.reason === reason && flags.rule === rule;
      return isSame ? undefined : { ...flags, marked: true, reason, rule };
    }
    case "unmark":
      return flags.marked ? { ...flags, marked: false, rule: "" } : undefined;
    case "cleaned":
      return { ...flags, marked: false, rule: "", cleanedAt: at };
    case "protect":
      // A mark that stands is ended: what is protected is not marked.
      return flags.protected
        ? undefined
        : { ...flags, protected: true, marked: false, rule: "", reason: change.reason };
    case "unprotect":
      return flags.protected ? { ...flags, protected: false } : undefined;
  }
}

function write(store: Store, identity: NodeIdentity, flags: Flags, event: FlagEvent): void {
  const log = [...flags.log, event].slice(-EVENTS);
  store.db.run(
    UPSERT,
    ...valuesOf(identity),
    Number(flags.protected),
    Number(flags.marked),
    flags.reason,
    flags.rule,
    event.at,
    flags.cleanedAt,
    JSON.stringify(log),
  );
}

interface FlagRow extends Omit<NodeFlags, "protected" | "marked" | "log"> {
  readonly protected: number;
  readonly marked: number;
  readonly log: string;
}

function toFlags(row: FlagRow): NodeFlags {
  return {
    ...row,
    protected: row.protected === 1,
    marked: row.marked === 1,
    log: JSON.parse(row.log),
  };
}

function valuesOf(of: NodeIdentity): readonly string[] {
  return [of.kind, of.cloud, of.account, of.region, of.zone, of.id, of.twin];
}

const IDENTITY = "kind, cloud, account, region, zone, id, twin";

const SELECT_FLAGS = `
SELECT ${IDENTITY}, protected, marked, reason, rule, changed_at AS changedAt,
  cleaned_at AS cleanedAt, log FROM flags`;

const SAME = "(kind, cloud, account, region, zone, id, twin) = (?, ?, ?, ?, ?, ?, ?)";

const ORDER = `ORDER BY ${IDENTITY}`;

const SELECT_EXTRAS = `
SELECT n.extras FROM kinds k CROSS JOIN places p CROSS JOIN nodes n
  ON n.kind = k.kind AND n.place = p.place
WHERE (k.name, p.cloud, p.account, p.region, p.zone, n.id, n.twin) = (?, ?, ?, ?, ?, ?, ?)`;

const UPSERT = `
INSERT INTO flags(${IDENTITY}, protected, marked, reason, rule, changed_at, cleaned_at, log)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET protected = excluded.protected, marked = excluded.marked,
  reason = excluded.reason, rule = excluded.rule, changed_at = excluded.changed_at,
  cleaned_at = excluded.cleaned_at, log = excluded.log`;
