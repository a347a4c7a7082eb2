import type { Clock } from "ckworker";
import { verdictOf } from "./judge.ts";
import { readObject } from "./properties.ts";
import type { Session } from "./session.ts";
import { type Fault, type Reference, toReference } from "./values.ts";
import type { Markup } from "./soap.ts";
import { child } from "./xml.ts";

/** Between two looks at a task, milliseconds. */
const POLL_MS = 1_000;
/** Longest that a task is waited for, milliseconds. */
const LONGEST_MS = 30 * 60_000;

/** How a task is waited for. */
export interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Starts a task and waits for its end.
 * @throws CallFault when it failed, cannot be looked at, or takes too long
 */
export async function runTask(
  session: Session,
  method: string,
  target: Reference,
  { clock, signal }: Waiting,
  parameters?: Markup,
): Promise<void> {
  const call = `vsphere:${method}`;
  signal.throwIfAborted();
  const parts = parameters === undefined ? {} : { parameters };
  const task = toReference(child(await session.call(method, target, parts), "returnval"));
  if (task === undefined) throw session.fault(call, "NoTask", "the answer names no task");
  for (const started = clock.now();;) {
    const found = await readObject(session, task, ["info.state", "info.error"]);
    const state = found?.values.get("info.state");
    if (state === "success") return;
    if (state === "error") {
      throw session.faultOf(call, verdictOf(errorOf(found?.values.get("info.error"))));
    }
    if (state !== "running" && state !== "queued") {
      throw session.fault(call, "UnknownTask", "the state of the task cannot be read");
    }
    if (clock.now() - started > LONGEST_MS) {
      throw session.fault(call, "TaskTimeout", "the task has not ended within 30 minutes");
    }
    await clock.sleep(POLL_MS, signal);
  }
}

function errorOf(value: unknown): Fault {
  if (typeof value === "object" && value !== null && "type" in value && "message" in value) {
    return { type: String(value.type), message: String(value.message) };
  }
  return { type: "UnknownFault", message: "the task failed without a reason" };
}
