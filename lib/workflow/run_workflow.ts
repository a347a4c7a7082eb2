import { CkError } from "../errors/mod.ts";
import { KindIndex } from "../model/mod.ts";
import { openStore } from "../store/mod.ts";
import type { WorkflowPorts, WorkflowRequest } from "./request.ts";
import { StepRun } from "./step_run.ts";
import type { WorkflowSummary } from "./summary.ts";

/**
 * One run of the workflow that a core would drive: collects, lets action plugins protect, tag and
 * mark, and cleans up where that is allowed. Whatever comes after the collection works on the store.
 * An interrupted run ends after what is under way; what was decided until then stays.
 * @throws StoreError when the store cannot be opened or written
 */
export async function runWorkflow(
  request: WorkflowRequest,
  ports: WorkflowPorts,
): Promise<WorkflowSummary> {
  const { collect, steps, signal } = request;
  const collected = collect === undefined || !steps.includes("collect")
    ? undefined
    : await ports.collect(collect);
  const run = new StepRun(request, ports);
  try {
    signal.throwIfAborted();
    using store = await openStore({
      path: request.store.path,
      kinds: [...new KindIndex(request.store.kinds).all()],
      mode: "write",
      now: request.now,
      // The run has begun: another one, such as one from cron, is waited for.
      wait: { signal },
    });
    await run.execute(store);
  } catch (error) {
    if (!signal.aborted || !(error instanceof CkError || error === signal.reason)) throw error;
    run.interrupted();
  }
  return { ...(collected === undefined ? {} : { collected }), workflow: run.summary() };
}
