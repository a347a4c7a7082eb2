import {
  cleanupRules,
  isConclusive,
  type KindIndex,
  matchesProperties,
  type PropertyMatch,
} from "../model/mod.ts";
import type { Cap } from "./cap.ts";
import type { CleanNode } from "./graph_reader.ts";

/** Why a node is not deleted, in the order in which it is asked. */
export const GUARDS = [
  "phantom",
  "protected",
  "not_marked",
  "changed",
  "account",
  "stale",
  "cap",
  "unsupported",
  "held_back",
] as const;
export type Guard = typeof GUARDS[number];

/** A guard that says no, and why. */
export interface Refusal {
  readonly guard: Guard;
  readonly why: string;
}

/** What a clean-up is allowed. */
export interface Limits {
  /** Accounts in which something may be deleted; empty for all. */
  readonly accounts: readonly string[];
  /** Accounts in which nothing may be deleted; goes before the list of those allowed. */
  readonly denyAccounts: readonly string[];
  readonly cap: Cap;
  /** Oldest look at a scope that still counts, milliseconds. */
  readonly maxAgeMs: number;
  /** A node that the store does not know is none of its business: a core vouches for it. */
  readonly trustUnknown: boolean;
}

/** What the guards ask beside the node. */
export interface GuardContext {
  readonly kinds: KindIndex;
  readonly limits: Limits;
  readonly now: Date;
}

/** The guards that come before the cap. */
export function guardNode(node: CleanNode, context: GuardContext): Refusal | undefined {
  const { limits } = context;
  if (node.phantom || isPhantom(node, context.kinds)) {
    return { guard: "phantom", why: "it is no resource of the cloud" };
  }
  if (node.protected) return { guard: "protected", why: "it is protected" };
  if (!node.marked) return { guard: "not_marked", why: "it is not marked for clean-up" };
  const { account } = node;
  if (account === UNDEFINED || node.cloud === UNDEFINED) {
    return { guard: "account", why: "it is not known in which account it lies" };
  }
  if (limits.denyAccounts.includes(account)) {
    return { guard: "account", why: `nothing may be deleted in account ${account}` };
  }
  if (limits.accounts.length > 0 && !limits.accounts.includes(account)) {
    return { guard: "account", why: `account ${account} is not among those allowed` };
  }
  return guardLook(node, context);
}

/** The guards that come behind the cap. */
export function guardKind(node: CleanNode, { kinds }: GuardContext): Refusal | undefined {
  const kind = kinds.get(node.kind);
  if (kind === undefined) {
    return { guard: "unsupported", why: `no plugin here knows the kind ${node.kind}` };
  }
  if (kind.changes?.includes("delete") !== true) {
    return { guard: "unsupported", why: `nodes of kind ${node.kind} cannot be deleted` };
  }
  const never = cleanupRules(kinds, node.kind).never.find((each) => matchesProperties(each, node));
  if (never === undefined) return undefined;
  return { guard: "unsupported", why: `it is never deleted: ${matchText(never)}` };
}

/** Whether a node is still listed and does not exist any more. */
export function isEnded(node: Pick<CleanNode, "kind" | "name" | "reported">, kinds: KindIndex) {
  return cleanupRules(kinds, node.kind).ended.some((each) => matchesProperties(each, node));
}

function isPhantom({ kind }: CleanNode, kinds: KindIndex): boolean {
  return kinds.get(kind) !== undefined && kinds.isPhantom(kind);
}

function guardLook({ look }: CleanNode, { limits, now }: GuardContext): Refusal | undefined {
  const stale = (why: string): Refusal => ({ guard: "stale", why });
  if (look === undefined) {
    return limits.trustUnknown ? undefined : stale("nobody has looked at its scope");
  }
  if (!isConclusive(look.outcome)) {
    return stale(`the last look at its scope ended ${look.outcome.replaceAll("_", " ")}`);
  }
  if (look.stale) return stale("the last look at its scope did not see it");
  const age = now.getTime() - Date.parse(look.at);
  // A time that cannot be read, or lies in the future, tells nothing.
  if (age <= limits.maxAgeMs && age >= -MOST_AHEAD) return undefined;
  return stale(`the last look at its scope was at ${look.at}`);
}

const UNDEFINED = "undefined";

/** Clocks of two machines that share a store differ a little, milliseconds. */
const MOST_AHEAD = 300_000;

function matchText(match: PropertyMatch): string {
  return Object.entries(match).map(([path, values]) => `${path} is ${values.join(" or ")}`)
    .join(" and ");
}
