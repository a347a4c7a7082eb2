/** Steps of the workflow of a worker without a core, in their order. */
export const STEPS = [
  "collect",
  "post_collect",
  "pre_cleanup_plan",
  "cleanup_plan",
  "post_cleanup_plan",
  "cleanup",
] as const;
export type Step = typeof STEPS[number];
