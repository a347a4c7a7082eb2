import {
  cloudsOf,
  type CollectRequest,
  type ReplaceLimit,
  type RunSummary,
} from "../collect/mod.ts";
import { CoreAccess, type CoreSettings } from "./core_access.ts";
import { Delivery } from "./delivery.ts";
import { knownDialect } from "./remembered_dialect.ts";
import type { DaemonPorts } from "./request.ts";

/** One collection whose graph goes to a core. */
export interface CollectForRequest {
  readonly request: CollectRequest;
  readonly core: CoreSettings;
  /** Name of the graph; undefined is the one of the core's generation. */
  readonly graph: string | undefined;
  readonly replace: ReplaceLimit;
}

/** Attempts to hand a graph over before the run ends without; the next run tries again. */
const ATTEMPTS = 5;

/**
 * Collects once and hands the graph to a core. A core that is away, or refuses, costs nothing of
 * what was collected: the summary's `upload` says how it went.
 * @throws CoreRejectedError when the core refuses to say who it is: nothing is collected then
 * @throws what collecting throws
 */
export async function collectFor(
  { request, core, graph, replace }: CollectForRequest,
  ports: Pick<DaemonPorts, "collect" | "clock">,
): Promise<RunSummary> {
  const { log, now, signal, kinds, store } = request;
  await using access = new CoreAccess(core, log, now);
  const memory = { store: { path: store.path, kinds }, log, now };
  const atCore = access.graph(graph, await knownDialect(access, signal, memory));
  const summary = await ports.collect({ ...request, core: atCore.forCollect(replace) });
  if (signal.aborted) return summary;
  const delivery = new Delivery({
    graph: atCore,
    store: memory.store,
    replace: () => replace,
    clock: ports.clock,
    log,
    now,
    onAttempt: () => {},
  });
  const clouds = request.plugins.flatMap(cloudsOf);
  const upload = await delivery.deliver({ run: summary.run, clouds }, signal, {
    attempts: ATTEMPTS,
  });
  return { ...summary, upload };
}
