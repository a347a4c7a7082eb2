import { z } from "zod";
import type { RunSummary } from "../collect/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { combineExitCodes, EXIT } from "./exit_codes.ts";
import { checkCleanup, cleanCollected, type CleanedStore, isCleaning } from "./once_cleanup.ts";
import { print, printJson } from "./print.ts";
import { renderSummary } from "./summary.ts";

/** `ckworker --once`: one collection into the store, then a summary. */
export const once = defineCommand({
  name: "",
  summary: "collects cloud inventory into one file",
  options: z.object({}),
  collects: true,
  run: collectOnce,
});

async function collectOnce(invocation: Invocation): Promise<number> {
  const { host, settings } = invocation;
  if (!settings.once) {
    throw new ConfigError("the daemon is not in this version", {
      hint: "Use ckworker --once to collect into the store; see ckworker --help",
    });
  }
  checkCleanup(settings);
  const request = collectRequest(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  const summary = await host.collect(request);
  const cleaned = isCleaning(settings) ? await cleanCollected(invocation) : undefined;
  const code = combineExitCodes([summary.exitCode, cleaned?.exitCode ?? EXIT.ok]);
  if (settings.quiet && code === 0) return 0;
  printSummary(invocation, summary, cleaned);
  return code;
}

/** A reader who has left does not change how the run went. */
function printSummary(invocation: Invocation, summary: RunSummary, cleaned?: CleanedStore): void {
  try {
    if (invocation.settings.output === "json") {
      printJson(
        invocation,
        cleaned === undefined ? summary : { ...summary, cleanup: cleaned.data },
      );
    } else {
      print(invocation, renderSummary(summary));
      if (cleaned !== undefined) print(invocation, `\n${cleaned.text}`);
    }
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.BrokenPipe)) throw thrown;
  }
}
