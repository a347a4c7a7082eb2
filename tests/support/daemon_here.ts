import { join } from "node:path";
import { runAction } from "../../lib/actions/mod.ts";
import { collectOnce, type ReplaceLimit } from "../../lib/collect/mod.ts";
import {
  type ActionPlugin,
  type CleanupOrders,
  type DaemonPorts,
  type DaemonRequest,
  runDaemon,
} from "../../lib/daemon/mod.ts";
import type { GuestRequest } from "../../lib/sandbox/mod.ts";
import type { PluginEntry } from "../../lib/sdk/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { ENTRY } from "./core_sky.ts";
import type { CoreAddress } from "./daemon_binary.ts";
import { FakeChangers } from "./fake_changer.ts";
import { fakeGuests, type GuestScript } from "./fake_guest.ts";
import { hurriedClock } from "./hurried_clock.ts";
import { KeepingLog } from "./keeping_log.ts";

const BASE = new URL("../fixtures/hostile/main.ts", import.meta.url).href;

/** Nothing may be deleted. */
export const NO_CLEANUP: CleanupOrders = {
  allowed: false,
  dryRun: false,
  poolSize: 2,
  limits: { accounts: [], denyAccounts: [], cap: { form: "none" }, maxAgeMs: 86_400_000 },
};

/** What a daemon in this process is made of; the rest has defaults. */
export interface DaemonParts {
  readonly core: CoreAddress;
  /** What the guests of the cloud do. */
  readonly script: GuestScript;
  readonly psk?: string;
  /** Asks the core when it is "auto". */
  readonly dialect?: "auto";
  readonly entry?: PluginEntry;
  readonly changers?: FakeChangers;
  /** File of an earlier store. */
  readonly store?: string;
  readonly identity?: string;
  readonly shutdownSeconds?: number;
  readonly idleSeconds?: number;
  readonly replace?: ReplaceLimit;
  /** Action plugins that are switched on. */
  readonly actions?: () => readonly ActionPlugin[];
  /** Lets action plugins act; by default real guests do. */
  readonly act?: DaemonPorts["act"];
  /** Where guests are found; by default among the hostile fixtures. */
  readonly base?: string;
  readonly cleanup?: Partial<CleanupOrders>;
  /** Files of action plugins. */
  readonly readText?: (path: string) => string;
  /** How many times faster than the machine's its clock goes, 20. */
  readonly speed?: number;
}

/** A daemon in this process, with guests of a made-up cloud; its clock hurries. */
export interface DaemonHere extends AsyncDisposable {
  readonly log: KeepingLog;
  readonly store: string;
  readonly code: Promise<number>;
  /** Tells it to stop and waits for its exit code. */
  stop(): Promise<number>;
}

/** Starts a daemon; a store of its own goes when it is disposed. */
export function startDaemonHere(parts: DaemonParts): DaemonHere {
  const folder = parts.store === undefined ? Deno.makeTempDirSync() : undefined;
  const store = parts.store ?? join(folder ?? "", "store.db");
  const log = new KeepingLog();
  const stop = new AbortController();
  const code = runDaemon(requestOf(parts, store, log, stop.signal), {
    collect: (request) => collectOnce(request, { startGuest: (guest) => guestOf(parts, guest) }),
    act: parts.act ?? runAction,
    startChanger: (parts.changers ?? new FakeChangers()).startChanger,
    clock: hurriedClock(parts.speed),
  });
  // Whoever stops it sees how it ended.
  code.catch(() => {});
  const end = () => {
    stop.abort("SIGTERM");
    return code;
  };
  return {
    log,
    store,
    code,
    stop: end,
    [Symbol.asyncDispose]: async () => {
      await end().catch(() => {});
      if (folder !== undefined) await Deno.remove(folder, { recursive: true });
    },
  };
}

function guestOf({ script, entry = ENTRY }: DaemonParts, request: GuestRequest) {
  return fakeGuests({ [entry.manifest.name]: script })(request);
}

function requestOf(
  parts: DaemonParts,
  store: string,
  log: KeepingLog,
  signal: AbortSignal,
): DaemonRequest {
  const { core, psk, entry = ENTRY, identity = "worker" } = parts;
  const now = () => new Date();
  return {
    core: {
      uri: core.url,
      ...(core.dialect === "ckcore" ? { wsUri: core.wsUrl } : {}),
      ...(psk === undefined ? {} : { psk }),
      ...(parts.dialect === "auto" ? {} : { dialect: core.dialect }),
      verify: true,
      env: {},
    },
    identity: { ckcore: identity, fixcore: "fix.worker" },
    settle: () => ({
      collect: () => collectRequest([entry], store, { log, now, store: waiting(store) }),
      clouds: [],
      actions: parts.actions ?? (() => []),
      cleanup: { ...NO_CLEANUP, ...parts.cleanup },
      tagging: () => [{ entry, options: {}, seen: { env: {}, files: {} } }],
      timeoutSeconds: 600,
      replace: parts.replace ?? "auto",
      graph: undefined,
    }),
    readDocument: () => new Map(),
    web: { host: "127.0.0.1", port: 0, path: "/" },
    store: { path: store, kinds: entry.model.kinds },
    changer: { fork: false, base: parts.base ?? BASE, allowHelpers: [] },
    readText: parts.readText ?? (() => ""),
    tagConnections: 8,
    shutdownSeconds: parts.shutdownSeconds ?? 20,
    idleSeconds: parts.idleSeconds,
    version: "test",
    plugins: [{ clouds: entry.manifest.clouds, kinds: [], calls: [] }],
    log,
    redact: (text) => text,
    now,
    signal,
  };
}

function waiting(path: string) {
  return { path, wait: true, keepHistory: "90d", keepRuns: undefined };
}
