import { z } from "zod";
import type { RunSummary } from "../collect/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { defineCommand, type Invocation } from "./command.ts";
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
  const request = collectRequest(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  const summary = await host.collect(request);
  if (settings.quiet && summary.exitCode === 0) return 0;
  printSummary(invocation, summary);
  return summary.exitCode;
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
