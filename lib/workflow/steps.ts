import { type Step, STEPS } from "../config/mod.ts";

/** What the choice of steps depends on. */
export interface StepChoice {
  /** Steps that are named; empty for those that make sense. */
  readonly named: readonly Step[];
  /** Steps of the action plugins that are switched on. */
  readonly actions: readonly string[];
  /** Clean-up is allowed, or asked for as a dry run. */
  readonly cleanup: boolean;
}

/**
 * Steps of a run: the named ones, else the collection, what the action plugins react to, and the
 * clean-up where it is allowed. Marks are looked through before anything is deleted by them.
 */
export function chooseSteps({ named, actions, cleanup }: StepChoice): readonly Step[] {
  if (named.length > 0) return STEPS.filter((step) => named.includes(step));
  const plans = cleanup || actions.some((action) => action.endsWith("cleanup_plan"));
  return STEPS.filter((step) => {
    if (step === "collect") return true;
    if (step === "cleanup") return cleanup;
    return actions.includes(step) || step === "cleanup_plan" && plans;
  });
}
