import { z } from "zod";
import type { RunSummary } from "../collect/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { WorkflowSummary } from "../workflow/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { coreSettings } from "./core_settings.ts";
import { daemonRequest } from "./daemon_request.ts";
import { combineExitCodes, EXIT } from "./exit_codes.ts";
import { print, printJson } from "./print.ts";
import { renderSummary } from "./summary.ts";
import { checkForCore, workflowRequest } from "./workflow_request.ts";
import { renderSteps, troubleCodes } from "./workflow_summary.ts";

/** `ckworker`: the worker of a core until it is told to stop; with `--once` one run. */
export const work = defineCommand({
  name: "",
  summary: "collects cloud inventory, alone or under a core",
  options: z.object({}),
  collects: true,
  run: (invocation) => invocation.settings.once ? workOnce(invocation) : serve(invocation),
});

async function serve(invocation: Invocation): Promise<number> {
  const { host, settings } = invocation;
  if (settings.steps.length > 0) {
    throw new ConfigError("--steps goes with --once: the workflow of a core has its own steps", {
      context: { subject: "--steps" },
    });
  }
  const request = daemonRequest(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  return await host.serve(request);
}

/** One run: for the core whose address is given, else by ourselves. */
async function workOnce(invocation: Invocation): Promise<number> {
  const { settings } = invocation;
  const summary = await runOnce(invocation);
  const { collected, workflow } = summary;
  const code = combineExitCodes([
    ...(collected === undefined ? [] : [exitCodeOf(collected)]),
    ...troubleCodes(workflow, invocation.signal),
  ]);
  if (settings.quiet && code === EXIT.ok) return code;
  printSummary(invocation, summary, code);
  return code;
}

/** What a run came to; a run that only collects has no workflow. */
type OnceSummary = Partial<WorkflowSummary>;

async function runOnce(invocation: Invocation): Promise<OnceSummary> {
  const { host, settings } = invocation;
  const rights = { fork: settings.fork, helpers: settings.allow_helper };
  const core = coreSettings(invocation);
  if (core !== undefined) {
    checkForCore(invocation, core);
    const request = collectRequest(invocation);
    await host.revokeRights(rights);
    const { ckcore_graph: graph, replace } = settings;
    return { collected: await host.collectFor({ request, core, graph, replace }) };
  }
  const request = await workflowRequest(invocation);
  await host.revokeRights(rights);
  const { collect, steps } = request;
  if (collect !== undefined && steps.length === 1) {
    return { collected: await host.collect(collect) };
  }
  return await host.work(request);
}

/** A graph that the core does not have is a failure, however well it was collected. */
function exitCodeOf({ exitCode, upload }: RunSummary): number {
  const failed = upload !== undefined && upload.outcome !== "accepted";
  return combineExitCodes([exitCode, failed ? EXIT.failed : EXIT.ok]);
}

/** A reader who has left does not change how the run went. */
function printSummary(
  invocation: Invocation,
  { collected, workflow }: OnceSummary,
  exitCode: number,
): void {
  try {
    if (invocation.settings.output === "json") {
      const own = workflow === undefined ? {} : { workflow };
      return printJson(invocation, { ...collected, ...own, exitCode });
    }
    const steps = workflow === undefined ? "" : renderSteps(workflow);
    if (collected !== undefined) {
      return print(invocation, renderSummary({ ...collected, exitCode }, steps));
    }
    print(invocation, steps);
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.BrokenPipe)) throw thrown;
  }
}
