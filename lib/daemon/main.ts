import { runAction } from "../actions/mod.ts";
import { collectOnce, type RunSummary } from "../collect/mod.ts";
import { systemClock } from "../core/mod.ts";
import { startChanger } from "../sandbox/mod.ts";
import { collectFor, type CollectForRequest } from "./collect_for.ts";
import { runDaemon } from "./daemon.ts";
import type { DaemonPorts, DaemonRequest } from "./request.ts";

/** What the real daemon works with. */
const PORTS: DaemonPorts = {
  collect: (request) => collectOnce(request),
  startChanger,
  act: runAction,
  clock: systemClock,
};

/** Works for a core until told to stop; returns the exit code. */
export function serveCore(request: DaemonRequest): Promise<number> {
  return runDaemon(request, PORTS);
}

/** Collects once and hands the graph to a core. */
export function collectForCore(request: CollectForRequest): Promise<RunSummary> {
  return collectFor(request, PORTS);
}
