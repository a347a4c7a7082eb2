import { runAction } from "../actions/mod.ts";
import { collectOnce, type RunSummary } from "../collect/mod.ts";
import { systemClock } from "../core/mod.ts";
import { startChanger, startGuest } from "../sandbox/mod.ts";
import { collectFor, type CollectForRequest } from "./collect_for.ts";
import { runDaemon } from "./daemon.ts";
import { GuestCensus } from "./guest_census.ts";
import type { DaemonPorts, DaemonRequest } from "./request.ts";

/** What the real daemon works with. */
function realPorts(): DaemonPorts {
  const census = new GuestCensus();
  return {
    collect: (request) =>
      collectOnce(request, {
        startGuest: async (guest) =>
          census.count(guest.entry.manifest.name, await startGuest(guest)),
      }),
    startChanger: async (guest) =>
      census.count(guest.entry.manifest.name, await startChanger(guest)),
    act: runAction,
    guests: () => census.guests,
    clock: systemClock,
  };
}

/** Works for a core until told to stop; returns the exit code. */
export function serveCore(request: DaemonRequest): Promise<number> {
  return runDaemon(request, realPorts());
}

/** Collects once and hands the graph to a core. */
export function collectForCore(request: CollectForRequest): Promise<RunSummary> {
  return collectFor(request, realPorts());
}
