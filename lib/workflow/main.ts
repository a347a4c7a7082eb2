import { collectOnce } from "../collect/mod.ts";
import { systemClock } from "../core/mod.ts";
import { startChanger } from "../sandbox/mod.ts";
import { cleanStore } from "./clean_store.ts";
import type { WorkflowPorts, WorkflowRequest } from "./request.ts";
import { runWorkflow } from "./run_workflow.ts";
import type { WorkflowSummary } from "./summary.ts";

/** What a real run works with. */
const PORTS: WorkflowPorts = {
  collect: (request) => collectOnce(request),
  startChanger,
  cleanUp: (store, request) => cleanStore(store, request, PORTS),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

/** One run of several steps. */
export function workOnce(request: WorkflowRequest): Promise<WorkflowSummary> {
  return runWorkflow(request, PORTS);
}
