import { identityText, type NodeIdentity } from "../model/mod.ts";
import { changeFlags } from "./flags.ts";
import type { Store } from "./store.ts";

/** A mark that a rule has set. */
export interface RuleMark {
  readonly identity: NodeIdentity;
  readonly rule: string;
  readonly reason: string;
}

/** What becomes of a mark that its rule has not set again. */
export type MarkEnd =
  | { readonly end: "keep" }
  /** `why` goes into the log of the node. */
  | { readonly end: "drop"; readonly why: string };

/**
 * Marks of rules, set aside while the rules are asked again: to them and to each other, their nodes
 * are not marked. A mark that comes back as it was leaves no trace; a program that dies meanwhile
 * leaves the nodes unmarked.
 */
export class MarksAside {
  readonly #store: Store;
  readonly #marks: Map<string, RuleMark>;

  /** @param isAsked whether a rule is one of those that set their marks anew */
  constructor(store: Store, isAsked: (rule: string) => boolean) {
    this.#store = store;
    const rows = store.db.all<NodeIdentity & { rule: string; reason: string }>(SELECT)
      .filter(({ rule }) => isAsked(rule));
    this.#marks = new Map(
      rows.map(({ rule, reason, ...identity }) =>
        [identityText(identity), { identity, rule, reason }] as const
      ),
    );
    store.db.transaction(() => {
      for (const { identity } of this.#marks.values()) {
        store.db.run(SET_ASIDE, ...valuesOf(identity));
      }
    });
  }

  /** Puts a mark back that its rule sets again for the same reason; false when there is none. */
  takeBack(identity: NodeIdentity, rule: string, reason: string): boolean {
    const text = identityText(identity);
    const mark = this.#marks.get(text);
    if (mark === undefined || mark.rule !== rule) return false;
    this.#marks.delete(text);
    return mark.reason === reason && this.#putBack(mark);
  }

  /**
   * Ends the rest: what is kept is put back, the others lose their marks for good. A node that
   * another rule or a person has marked or protected meanwhile is left so.
   * @returns the marks that were dropped
   */
  end(decide: (mark: RuleMark) => MarkEnd): readonly RuleMark[] {
    const dropped: RuleMark[] = [];
    this.#store.db.transaction(() => {
      for (const mark of this.#marks.values()) {
        const decision = decide(mark);
        if (!this.#putBack(mark) || decision.end === "keep") continue;
        changeFlags(this.#store, [mark.identity], { what: "unmark", why: decision.why });
        dropped.push(mark);
      }
    });
    this.#marks.clear();
    return dropped;
  }

  #putBack({ identity, rule, reason }: RuleMark): boolean {
    return this.#store.db.run(PUT_BACK, rule, reason, ...valuesOf(identity)) > 0;
  }
}

function valuesOf(of: NodeIdentity): readonly string[] {
  return [of.kind, of.cloud, of.account, of.region, of.zone, of.id, of.twin];
}

const IDENTITY = "kind, cloud, account, region, zone, id, twin";
const SAME = `(${IDENTITY}) = (?, ?, ?, ?, ?, ?, ?)`;
const SELECT = `SELECT ${IDENTITY}, rule, reason FROM flags WHERE marked ORDER BY ${IDENTITY}`;
const SET_ASIDE = `UPDATE flags SET marked = 0, rule = '' WHERE ${SAME}`;
const PUT_BACK = `
UPDATE flags SET marked = 1, rule = ?, reason = ? WHERE ${SAME} AND NOT marked AND NOT protected`;
