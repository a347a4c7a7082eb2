import { findCleanRow, type MarkEnd, MarksAside, type RuleMark, type Store } from "../store/mod.ts";
import type { WorkflowRequest } from "./request.ts";
import type { DroppedMarks } from "./summary.ts";

const PLUGIN = "plugin: ";

/** Name of the rule under which an action plugin marks. */
export function pluginRule(name: string): string {
  return `${PLUGIN}${name}`;
}

/**
 * The marks of action plugins while these are asked again: of those that take part in this run, and,
 * where a clean-up is planned, of those that are not switched on any more.
 */
export class RuleMarks {
  readonly aside: MarksAside;
  readonly #store: Store;
  readonly #enabled: ReadonlySet<string>;
  readonly #answered = new Set<string>();

  constructor(store: Store, { steps, actions }: Pick<WorkflowRequest, "steps" | "actions">) {
    this.#store = store;
    const rules = (all: WorkflowRequest["actions"]) =>
      new Set(all.map(({ entry }) => pluginRule(entry.manifest.name)));
    const isAsked = (action: string) => steps.some((step) => step === action);
    const asked = rules(actions.filter(({ entry }) => isAsked(entry.manifest.action)));
    const enabled = this.#enabled = rules(actions);
    const plans = steps.includes("cleanup_plan");
    this.aside = new MarksAside(
      store,
      (rule) => asked.has(rule) || plans && rule.startsWith(PLUGIN) && !enabled.has(rule),
    );
  }

  /** A plugin has looked at everything: what it did not mark again, it would not mark. */
  answered(rule: string): void {
    this.#answered.add(rule);
  }

  /** Ends the marks that nothing sets any more; told by rule. */
  end(): readonly DroppedMarks[] {
    const dropped = this.aside.end((mark) => this.#decide(mark));
    return [...Map.groupBy(dropped, ({ rule }) => rule)]
      .map(([rule, all]) => ({ rule: rule.slice(PLUGIN.length), count: all.length }));
  }

  #decide({ identity, rule }: RuleMark): MarkEnd {
    const name = rule.slice(PLUGIN.length);
    if (!this.#enabled.has(rule)) {
      return { end: "drop", why: `${name} is not switched on any more` };
    }
    if (!this.#answered.has(rule)) return { end: "keep" };
    const row = findCleanRow(this.#store, identity);
    if (row === undefined) return { end: "drop", why: "it is gone" };
    // Nobody could look at it, so that no rule can say anything about it.
    if (row.stale) return { end: "keep" };
    return { end: "drop", why: `${name} would not mark it any more` };
  }
}
