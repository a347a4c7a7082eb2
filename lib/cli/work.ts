import { z } from "zod";
import type { RunSummary } from "../collect/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { coreSettings } from "./core_settings.ts";
import { daemonRequest } from "./daemon_request.ts";
import { combineExitCodes, EXIT } from "./exit_codes.ts";
import { print, printJson } from "./print.ts";
import { renderSummary } from "./summary.ts";

/** `ckworker`: the worker of a core until it is told to stop; with `--once` one collection. */
export const work = defineCommand({
  name: "",
  summary: "collects cloud inventory, alone or under a core",
  options: z.object({}),
  collects: true,
  run: (invocation) => invocation.settings.once ? collectOnce(invocation) : serve(invocation),
});

async function serve(invocation: Invocation): Promise<number> {
  const { host, settings } = invocation;
  const request = daemonRequest(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  return await host.serve(request);
}

/** One collection, and its graph to the core whose address is given. */
async function collectOnce(invocation: Invocation): Promise<number> {
  const { host, settings } = invocation;
  const request = collectRequest(invocation);
  const core = coreSettings(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  const summary = core === undefined ? await host.collect(request) : await host.collectFor({
    request,
    core,
    graph: settings.ckcore_graph,
    replace: settings.replace,
  });
  const code = exitCodeOf(summary);
  if (settings.quiet && code === 0) return 0;
  printSummary(invocation, { ...summary, exitCode: code });
  return code;
}

/** A graph that the core does not have is a failure, however well it was collected. */
function exitCodeOf({ exitCode, upload }: RunSummary): number {
  const failed = upload !== undefined && upload.outcome !== "accepted";
  return combineExitCodes([exitCode, failed ? EXIT.failed : EXIT.ok]);
}

/** A reader who has left does not change how the run went. */
function printSummary(invocation: Invocation, summary: RunSummary): void {
  try {
    if (invocation.settings.output === "json") printJson(invocation, summary);
    else print(invocation, renderSummary(summary));
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.BrokenPipe)) throw thrown;
  }
}
