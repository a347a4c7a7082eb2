import type { KindIndex, NodeIdentity } from "../model/mod.ts";
import { identityOf, identityText } from "../model/mod.ts";
import { capText } from "./cap.ts";
import type { CleanNode, GraphReader } from "./graph_reader.ts";
import type { Guard, Limits } from "./guards.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { judge } from "./judge.ts";
import { type Ordered, orderOf, type PlanAction } from "./order.ts";

/** A node of a plan. */
export interface PlanEntry extends NodeIdentity {
  readonly nodeId: string;
  readonly name: string;
  /** Region name; empty without region. */
  readonly regionName: string;
  readonly action: PlanAction;
  /** Why it is marked, and by which rule. */
  readonly reason: string;
  readonly rule: string;
  /** Hash over its name and properties, without those that change by themselves. */
  readonly fingerprint: string;
  /** 0 goes first; nodes of one level are independent of each other. */
  readonly level: number;
  /** Identities of the entries that have to be gone before. */
  readonly after: readonly string[];
  /** Identity of the entry that it goes with. */
  readonly with?: string;
  /** For people: what depends on it directly, whatever becomes of that. */
  readonly users: readonly string[];
  /** For people: what is not part of the plan, and the cloud deletes with it all the same. */
  readonly takes: readonly string[];
}

/** A marked node that is not deleted. */
export interface PlanRefusal extends NodeIdentity {
  readonly nodeId: string;
  readonly name: string;
  readonly regionName: string;
  readonly guard: Guard;
  readonly why: string;
}

/** What a plan was made of. */
export interface PlanSource {
  readonly type: "store" | "core";
  /** Tells this store or core from others. */
  readonly id: string;
  /** For people. */
  readonly name: string;
}

/** Everything that a clean-up is going to do, and what it refuses. */
export interface Plan {
  readonly source: PlanSource;
  /** ISO time. */
  readonly madeAt: string;
  readonly limits: {
    readonly accounts: readonly string[];
    readonly denyAccounts: readonly string[];
    /** For people. */
    readonly max: string;
    readonly maxAgeMs: number;
  };
  /** In the order of levels, then of identities. */
  readonly entries: readonly PlanEntry[];
  /** In the order of identities. */
  readonly refusals: readonly PlanRefusal[];
}

/** What a plan is made from. */
export interface PlanInput {
  readonly reader: GraphReader;
  readonly kinds: KindIndex;
  readonly limits: Limits;
  readonly source: PlanSource;
  readonly now: Date;
}

/**
 * Plans the clean-up of what is marked: what is deleted in which order, and why the rest is not.
 * Nothing is changed by it, and the same graph gives the same plan.
 */
export function makePlan(input: PlanInput): Plan {
  const { reader, kinds, limits, source, now } = input;
  const judged = judge(input);
  const ordered = orderOf(reader, kinds, judged);
  const entries = ordered.entries.map((each) => toEntry(each, kinds, reader));
  const refused = [...judged.refused, ...ordered.heldBack].map(([node, refusal]) => ({
    ...factsOf(node),
    ...refusal,
  }));
  return {
    source,
    madeAt: now.toISOString(),
    limits: {
      accounts: limits.accounts,
      denyAccounts: limits.denyAccounts,
      max: capText(limits.cap),
      maxAgeMs: limits.maxAgeMs,
    },
    entries: entries.toSorted((a, b) => a.level - b.level || byIdentity(a, b)),
    refusals: refused.toSorted(byIdentity),
  };
}

/** Direct users of a node that a plan names. */
const MOST_NAMED = 20;

function toEntry(
  { node, action, level, after, partner, users, takes }: Ordered,
  kinds: KindIndex,
  reader: GraphReader,
): PlanEntry {
  const textOf = (key: number) => identityText(reader.node(key) ?? node);
  return {
    ...factsOf(node),
    action,
    reason: node.reason,
    rule: node.rule,
    fingerprint: fingerprintOf(kinds, node),
    level,
    after: after.map(textOf).sort(),
    ...(partner === undefined ? {} : { with: textOf(partner) }),
    users: named(users),
    takes: named(takes),
  };
}

function named(nodes: readonly CleanNode[]): readonly string[] {
  const texts = nodes.map(({ kind, id }) => `${kind} ${id}`).sort();
  const rest = texts.length - MOST_NAMED;
  return rest <= 0 ? texts : [...texts.slice(0, MOST_NAMED), `and ${rest} more`];
}

function factsOf(node: CleanNode) {
  const { nodeId, name, regionName } = node;
  return { ...identityOf(node), nodeId, name, regionName };
}

function byIdentity(a: NodeIdentity, b: NodeIdentity): number {
  const [left, right] = [a, b].map((each) =>
    JSON.stringify([each.cloud, each.account, each.region, each.kind, each.id, each.twin])
  );
  if (left === undefined || right === undefined || left === right) return 0;
  return left < right ? -1 : 1;
}
