import { identityText, type NodeIdentity } from "../model/mod.ts";
import {
  changeFlags,
  dropMarks,
  type FlagOutcome,
  markingRules,
  type Store,
} from "../store/mod.ts";

/** Finds nodes by a text, such as a query. */
export type Select = (
  store: Store,
  text: string,
  signal: AbortSignal,
) => AsyncIterable<NodeIdentity>;

/**
 * One pass of a rule that marks nodes: what it matched the last time and does not match now loses
 * its mark. Marks that people or other rules set stay.
 */
export class MarkingPass {
  readonly #store: Store;
  readonly #rule: string;
  readonly #matched = new Set<string>();

  constructor(store: Store, rule: string) {
    if (rule === "") throw new TypeError("A rule has a name");
    this.#store = store;
    this.#rule = rule;
  }

  /** Marks a node, unless it is protected, phantom or unknown. */
  mark(identity: NodeIdentity, reason: string): FlagOutcome {
    this.#matched.add(identityText(identity));
    const change = { what: "mark", reason, rule: this.#rule } as const;
    return changeFlags(this.#store, [identity], change)[0] ?? "unknown";
  }

  /** Ends the marks that this pass did not set again; to be called only when it saw everything. */
  finish(): readonly NodeIdentity[] {
    return dropMarks(this.#store, this.#rule, (text) => this.#matched.has(text));
  }
}

const QUERY = "query: ";

/** Name of the rule of everything that a query finds. */
export function queryRule(text: string): string {
  return QUERY + text;
}

/**
 * Drops marks that were set by a query which no longer finds their nodes.
 * @throws whatever the selection throws; the marks of that query stay then
 */
export async function dropOldMarks(
  store: Store,
  select: Select,
  signal: AbortSignal,
): Promise<readonly NodeIdentity[]> {
  const dropped: NodeIdentity[] = [];
  for (const rule of markingRules(store)) {
    if (!rule.startsWith(QUERY)) continue;
    const found = new Set<string>();
    for await (const identity of select(store, rule.slice(QUERY.length), signal)) {
      found.add(identityText(identity));
    }
    dropped.push(...dropMarks(store, rule, (text) => found.has(text)));
  }
  return dropped;
}
