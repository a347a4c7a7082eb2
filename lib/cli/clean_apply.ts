import type { CleanReport, Plan, SealedPlan } from "../cleanup/mod.ts";
import { spanMs } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { ChangerPlugin } from "../sandbox/mod.ts";
import type { Store } from "../store/mod.ts";
import type { CleanInvocation } from "./clean_options.ts";
import { cleanupCode, limitsOf } from "./clean_limits.ts";
import { renderReport } from "./clean_report_text.ts";
import { readCaCertificates } from "./collect_request.ts";
import type { Invocation } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { openStoreOf } from "./open_store.ts";
import { print, printJson } from "./print.ts";
import { readSeen } from "./seen.ts";
import { printable } from "./table.ts";

/** Longest wait until a deleted node is seen to be gone, milliseconds. */
const VERIFY_MS = 15 * 60_000;
/** A guest without work ends after this time, milliseconds. */
const IDLE_MS = 60_000;

/** `ckworker clean apply FILE`: deletes what a plan says and nothing else. */
export async function runApply(invocation: CleanInvocation, file: string): Promise<number> {
  const { host, settings } = invocation;
  const { readPlan, storeSource } = await cleanupCode();
  using store = await openStoreOf(invocation, "write");
  const sealed = readPlan(readFile(invocation, file), {
    source: storeSource(store),
    now: host.io.now(),
    maxAgeMs: spanMs(settings.max_age),
    file,
  });
  if (!settings.cleanup_dry_run) confirm(invocation, sealed.plan);
  const report = await carryOut(invocation, store, sealed);
  if (settings.output === "json") printJson(invocation, report);
  else print(invocation, renderReport(report));
  return await exitCodeOf(invocation, report);
}

/** Carries a plan out with guests of the plugins that know its clouds. */
export async function carryOut(
  invocation: Invocation,
  store: Store,
  sealed: SealedPlan,
): Promise<CleanReport> {
  const { host, settings, log, signal } = invocation;
  const { applyToStore, GuestCloud } = await cleanupCode();
  const { systemClock } = await import("../core/mod.ts");
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  const clock = { now: host.io.now, sleep: systemClock.sleep };
  await using cloud = new GuestCloud(
    pluginsFor(invocation, sealed.plan),
    store.kinds,
    { startChanger: host.startChanger },
    {
      fork: settings.fork,
      base: host.base,
      allowHelpers: settings.allow_helper,
      ...readCaCertificates(invocation),
      idleMs: IDLE_MS,
      log,
    },
    clock,
  );
  return await applyToStore(store, sealed, {
    cloud,
    limits: await limitsOf(settings),
    poolSize: settings.cleanup_pool_size,
    dryRun: settings.cleanup_dry_run,
    verifyMs: VERIFY_MS,
    metrics: NO_METRICS,
    log,
    clock,
    signal,
  });
}

/** 4 when something was refused or failed; an interruption is told by its own code. */
export async function exitCodeOf({ signal }: Invocation, report: CleanReport): Promise<number> {
  const { isAllWell } = await cleanupCode();
  if (signal.aborted) return signal.reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
  return isAllWell(report) ? EXIT.ok : EXIT.cleanup;
}

/** Nobody asks a command for figures. */
const NO_METRICS = {
  cleanupFinished: () => {},
  nodeCleaned: () => {},
  cleanupFailed: () => {},
};

function pluginsFor(
  { host, plugins, pluginOptions }: Invocation,
  { entries }: Plan,
): readonly ChangerPlugin[] {
  const clouds = new Set(entries.map(({ cloud }) => cloud));
  const sight = { env: host.env, readText: host.io.readText };
  return plugins.filter(({ manifest }) => manifest.clouds.some((cloud) => clouds.has(cloud)))
    .flatMap((entry) => {
      const options = pluginOptions.get(entry.manifest.name);
      return options === undefined
        ? []
        : [{ entry, options, seen: readSeen(entry.manifest, options, sight) }];
    });
}

function confirm({ host, own }: CleanInvocation, { entries }: Plan): void {
  const called = entries.filter(({ action }) => action === "delete");
  if (own.yes || called.length === 0) return;
  const groups = [...Map.groupBy(called, ({ account }) => account)]
    .map(([account, nodes]) => `${nodes.length} in account ${account}`);
  const nodes = called.length === 1 ? "node" : "nodes";
  const question = `Delete ${called.length} ${nodes} (${groups.join(", ")})? [y/N]`;
  const answer = host.io.ask(printable(question));
  if (answer !== null && /^y(es)?$/i.test(answer.trim())) return;
  throw new ConfigError("nothing was deleted", {
    hint: answer === null ? "Repeat it with --yes to delete without being asked" : "",
  });
}

function readFile({ host }: CleanInvocation, path: string): string {
  try {
    return host.io.readText(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot read the plan ${path}: ${why}`, {
      context: { subject: path },
      cause,
    });
  }
}
