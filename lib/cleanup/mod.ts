export { type Cap, capText, readCap } from "./cap.ts";
export { type CleanChange, type Cloud, GuestCloud } from "./cloud.ts";
export { cleanupAction, type CoreCleanup, type CoreCleanupOptions } from "./core_cleanup.ts";
export { cleanupQuery } from "./core_queries.ts";
export { executePlan } from "./execute.ts";
export type { CleanClock, CleanMetrics, ExecuteOptions } from "./execute_options.ts";
export {
  type CleanNode,
  type GraphReader,
  type Look,
  type NodeEdge,
  nodeText,
  type Reported,
} from "./graph_reader.ts";
export { type Guard, GUARDS, type Limits, type Refusal } from "./guards.ts";
export { type Journal, type Knowledge, type KnownNode, MemoryJournal } from "./known.ts";
export { dropOldMarks, MarkingPass, queryRule, type Select } from "./marking.ts";
export { makePlan, type Plan, type PlanEntry, type PlanRefusal, type PlanSource } from "./plan.ts";
export { planText, readPlan, type SealedPlan, sealPlan } from "./plan_file.ts";
export {
  type CleanOutcome,
  type CleanReport,
  type CleanResult,
  type Decision,
  GONE,
  isAllWell,
} from "./report.ts";
export { selectNamed } from "./select_named.ts";
export { applyToStore, planStore, storeSource } from "./store_cleanup.ts";
