import { type DoctorReport, lentCloudsSchema, type StartMessage } from "../sdk/mod.ts";
import { type CommonStart, endedEarly, openGuest, untilBegun } from "./open_guest.ts";
import type { Guest, GuestRequest } from "./request.ts";
import type { WorkMessage } from "./supervisor.ts";

/**
 * Starts a guest that collects; resolves when its lines flow.
 * @throws SandboxError when it cannot be created or does not start; else what it reported
 */
export async function startGuest(request: GuestRequest): Promise<Guest> {
  const supervisor = await openGuest(request, {
    begins: "stream",
    start: (common) => startMessage(request, "collect", common),
    receive: (message) => tell(message, request),
  });
  await untilBegun(supervisor, request);
  return {
    get state() {
      return supervisor.state;
    },
    get memory() {
      return supervisor.memory;
    },
    lines: supervisor.lines.stream,
    ended: supervisor.ended,
    stop: (reason) => supervisor.stop(reason),
    [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
  };
}

/**
 * Lets a plugin check its access; nothing is collected.
 * @throws SandboxError, or what the plugin reported
 */
export async function askDoctor(request: GuestRequest): Promise<DoctorReport> {
  let report: DoctorReport | undefined;
  await using supervisor = await openGuest(request, {
    begins: "ready",
    start: (common) => startMessage(request, "doctor", common),
    receive: (message) => {
      if (message.type !== "doctorReport") return tell(message, request);
      report = message.report;
      return true;
    },
  });
  const end = await supervisor.ended;
  if (end.state !== "stopped") throw end.error;
  if (report === undefined) throw endedEarly(request);
  return report;
}

function startMessage(
  request: GuestRequest,
  mode: "collect" | "doctor",
  common: CommonStart,
): StartMessage {
  return {
    ...common,
    mode,
    shard: { ...request.shard },
    sensitive: { ...request.sensitive },
    resumed: [...request.resumed],
    ...(request.lent === undefined ? {} : { lent: lentCloudsSchema.parse(request.lent) }),
  };
}

/** Hands what a collector tells to whom it concerns; false for what nobody asked. */
function tell(message: WorkMessage, { on }: GuestRequest): boolean {
  switch (message.type) {
    case "progress":
      for (const { account, done, total, label } of message.events) {
        on.progress(account, done, total, label);
      }
      return true;
    case "accounts":
      on.accounts(message.report);
      return true;
    case "regions":
      on.regions(message.report);
      return true;
    default:
      return false;
  }
}
