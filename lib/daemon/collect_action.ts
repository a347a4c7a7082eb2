import {
  type AccountSummary,
  cloudsOf,
  type ProgressEvent,
  type RunSummary,
} from "../collect/mod.ts";
import type { Action, ActionContext } from "../core/mod.ts";
import { CkError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { CoreGraph } from "./core_access.ts";
import { type Delivery, whyNothing } from "./delivery.ts";
import type { Live } from "./live.ts";
import type { DaemonPorts, Orders } from "./request.ts";

/** What the action `collect` is done with. */
export interface CollectActionOptions {
  readonly orders: () => Orders;
  readonly graph: CoreGraph;
  readonly delivery: Delivery;
  readonly live: Live;
  readonly ports: DaemonPorts;
  readonly log: Logger;
  readonly now: () => Date;
  /** Aborted when the daemon stops: guests end, what they finished stays. */
  readonly stop: AbortSignal;
  /** Aborted when a stop has lasted too long: an open upload ends. */
  readonly deadline: AbortSignal;
  readonly onRun: (summary: RunSummary) => Promise<void>;
}

/** Lines that a core is told about one collection. */
const TOLD = 40;

/**
 * Does the action `collect`: collects into the store and hands the graph over. It ends well when the
 * core has taken what there was to say, however many scopes failed; those keep their last good data.
 * A core that has given up waiting gets the graph all the same: guests have the same time limit as
 * the action, so one that uses it up would else keep everything from the core, run after run.
 * @throws CkError whose message the core is told
 */
export async function collectAction(
  action: Action,
  context: ActionContext,
  options: CollectActionOptions,
): Promise<void> {
  const { orders, graph, delivery, live, ports, log, now, stop, deadline, onRun } = options;
  const { collect, replace } = orders();
  const order = collect();
  if ("nothing" in order) {
    log.error("daemon.collect.nothing", `Nothing to collect with: ${order.nothing}`);
    return context.info("error", `Nothing to collect with: ${order.nothing}`);
  }
  using running = live.begin(action.task, "collect", now());
  const summary = await ports.collect({
    ...order,
    core: graph.forCollect(replace),
    signal: stop,
    onProgress: (event) => {
      running.progress(event);
      context.progress(told(event));
    },
  });
  await onRun(summary);
  if (stop.aborted) throw interrupted();
  tellFaults(summary, context);
  const clouds = order.plugins.flatMap(cloudsOf);
  const parcel = { run: summary.run, clouds, task: action.task };
  const upload = await delivery.deliver(parcel, deadline, { enough: context.signal });
  if (upload.outcome === "accepted") return;
  const reason = upload.outcome === "nothing" ? whyNothing(upload) : upload.reason ?? "";
  throw new CkError(`collect.${upload.outcome}`, `Failed to collect: ${reason}`);
}

function told({ cloud, account, done, total }: ProgressEvent) {
  return { name: account, path: [cloud], current: done, total };
}

function interrupted(): CkError {
  return new CkError("collect.interrupted", "The collection was interrupted: the worker stops");
}

/** Tells the core, for people, what could not be looked at. */
function tellFaults({ collectors, accounts }: RunSummary, context: ActionContext): void {
  for (const { name, status, error } of collectors) {
    if (status === "failed") context.info("error", error?.message ?? "it failed", [name]);
  }
  const lines = accounts.flatMap((account) =>
    account.faults.map((fault) => ({ account, text: faultText(fault) }))
  );
  for (const { account, text } of lines.slice(0, TOLD)) {
    context.info("error", text, [account.cloud, account.name]);
  }
  if (lines.length > TOLD) context.info("error", `… and ${lines.length - TOLD} more`);
}

function faultText({ outcome, call, message, regions }: AccountSummary["faults"][number]): string {
  const where = regions.length === 0 ? "" : ` in ${regions.join(", ")}`;
  return `${outcome}: ${call}${where}: ${message}`;
}
