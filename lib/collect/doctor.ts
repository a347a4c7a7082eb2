import { toWire, type WireError } from "../errors/mod.ts";
import { askDoctor, type GuestRequest } from "../sandbox/mod.ts";
import type { DoctorReport } from "../sdk/mod.ts";
import { guestRequest } from "./guests.ts";
import type { CollectRequest } from "./request.ts";

/** What a check of one collector found. */
export interface Examination {
  readonly name: string;
  readonly status: "examined" | "failed" | "not_configured";
  /** What configuration was found or is missing. */
  readonly reason: string;
  readonly report?: DoctorReport;
  readonly error?: WireError;
}

/**
 * Lets every collector of a request check its access: what credentials it finds, which accounts and
 * regions they reach, which calls are denied. Nothing is collected and nothing is written.
 */
export function examine(
  request: CollectRequest,
  ask: (request: GuestRequest) => Promise<DoctorReport> = askDoctor,
): Promise<Examination[]> {
  const missing = request.notConfigured.map(({ name, reason }) =>
    Promise.resolve<Examination>({ name, status: "not_configured", reason })
  );
  return Promise.all([
    ...request.plugins.map((collector) => examineOne(collector, request, ask)),
    ...missing,
  ]);
}

async function examineOne(
  collector: CollectRequest["plugins"][number],
  request: CollectRequest,
  ask: (request: GuestRequest) => Promise<DoctorReport>,
): Promise<Examination> {
  const { manifest } = collector.entry;
  const name = manifest.name;
  const reason = manifest.configured?.(collector.options, collector.seen).reason ?? "";
  const context = {
    request,
    run: "doctor",
    now: request.now(),
    budgets: [],
    sensitiveKey: "",
    resumed: [],
  };
  const told = { accounts: [], regions: [], calls: [], budgets: [] };
  try {
    const report = await ask(guestRequest(collector, { index: 0, of: 1 }, told, context));
    return { name, status: "examined", reason, report };
  } catch (error) {
    return { name, status: "failed", reason, error: toWire(error) };
  }
}
