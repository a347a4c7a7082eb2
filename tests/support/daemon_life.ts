import { collectOnce } from "../../lib/collect/mod.ts";
import { systemClock } from "../../lib/core/mod.ts";
import {
  type DaemonPorts,
  type DaemonRequest,
  type Orders,
  runDaemon,
} from "../../lib/daemon/mod.ts";
import { SKY } from "./collect_sky.ts";
import { collectRequest } from "./collect_request.ts";
import { NO_CLEANUP } from "./daemon_here.ts";
import { fakeGuests, type GuestScript } from "./fake_guest.ts";
import { silentLogger } from "./silent_logger.ts";

/** What a test says about a daemon's life. */
export interface DaemonLife {
  /** Address of the core. */
  readonly uri: string;
  /** Path of the store. */
  readonly store: string;
  /** What the guest of the sky does. */
  readonly guest?: GuestScript;
  readonly orders?: Partial<Orders>;
  readonly request?: Partial<DaemonRequest>;
  readonly ports?: Partial<DaemonPorts>;
}

/** Everything that what can be seen of a daemon is made of. */
export function observed(more: Partial<DaemonRequest>): DaemonRequest {
  const life = { uri: "http://core:8900", store: "/nowhere/ckworker.db", request: more };
  return requestOf(life, ORDERS, new AbortController().signal);
}

/** A daemon in this process that collects the sky; resolves with its exit code. */
export function liveDaemon(life: DaemonLife, signal: AbortSignal): Promise<number> {
  const { signal: _signal, onProgress: _told, ...order } = collectRequest([SKY], life.store);
  const orders: Orders = {
    ...ORDERS,
    collect: () => ({ ...order, store: { ...order.store, wait: true } }),
    ...life.orders,
  };
  return runDaemon(requestOf(life, orders, signal), {
    collect: (request) =>
      collectOnce(request, { startGuest: fakeGuests({ sky: life.guest ?? (() => {}) }) }),
    startChanger: () => Promise.reject(new Error("nothing is changed here")),
    act: () => Promise.reject(new Error("nobody acts here")),
    clock: systemClock,
    ...life.ports,
  });
}

/** What is to be done when nothing is said. */
export const ORDERS: Orders = {
  collect: () => ({ nothing: "nothing is configured" }),
  clouds: ["sky"],
  tagging: () => [],
  actions: () => [],
  cleanup: NO_CLEANUP,
  timeoutSeconds: 60,
  replace: "auto",
  graph: undefined,
};

function requestOf(life: DaemonLife, orders: Orders, signal: AbortSignal): DaemonRequest {
  return {
    core: { uri: life.uri, verify: true, env: {} },
    identity: { ckcore: "worker", fixcore: "fix.worker" },
    settle: () => orders,
    readDocument: () => new Map(),
    web: { host: "127.0.0.1", port: 0, path: "/" },
    store: { path: life.store, kinds: SKY.model.kinds },
    changer: { fork: false, base: import.meta.url, allowHelpers: [] },
    readText: () => "",
    tagConnections: 1,
    shutdownSeconds: 5,
    idleSeconds: undefined,
    version: "test",
    plugins: [],
    log: silentLogger,
    redact: (text) => text,
    now: () => new Date(),
    signal,
    ...life.request,
  };
}
