import { readCap } from "../cleanup/cap.ts";
import {
  CORE,
  type GivenOptions,
  parseWorkerDocument,
  pluginOptionSet,
  spanMs,
} from "../config/mod.ts";
import type { DaemonRequest, Orders } from "../daemon/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import { enabledActions } from "./action_plugins.ts";
import { collectRequest, readCaCertificates } from "./collect_request.ts";
import { chooseCollectors } from "./collectors.ts";
import type { Invocation } from "./command.ts";
import { daemonCore } from "./core_settings.ts";
import { secretsOfEnvironment } from "./secrets_of_environment.ts";
import { storePath } from "./store_path.ts";
import { VERSION } from "./version.ts";
import { webSettings } from "./web_settings.ts";

/**
 * What the settings ask of the daemon.
 * @throws ConfigError when an address, certificate or file is not usable
 */
export function daemonRequest(invocation: Invocation): DaemonRequest {
  const { host, settings, plugins, log, redact, signal } = invocation;
  return {
    core: daemonCore(invocation),
    identity: { ckcore: settings.ckcore_subscriber_id, fixcore: settings.subscriber_id },
    settle: (document) => ordersOf(invocation.reconfigure(document)),
    readDocument: (sections) => readDocument(invocation, sections),
    web: webSettings(invocation),
    store: {
      path: storePath(settings.store, host.env),
      kinds: plugins.flatMap((plugin) => plugin.model.kinds),
    },
    changer: {
      fork: settings.fork,
      base: host.base,
      allowHelpers: settings.allow_helper,
      ...readCaCertificates(invocation),
    },
    readText: host.io.readText,
    tagConnections: settings.tag_connections,
    shutdownSeconds: settings.shutdown_timeout,
    idleSeconds: settings.idle_timeout,
    version: VERSION,
    plugins: plugins.map(({ manifest, model, calls }) => ({
      clouds: manifest.clouds,
      kinds: model.kinds.map(({ name }) => name),
      calls: calls.map(({ call }) => call),
    })),
    log,
    redact,
    now: host.io.now,
    signal,
  };
}

function ordersOf(invocation: Invocation): Orders {
  const { settings } = invocation;
  return {
    collect: () => {
      try {
        const { signal: _signal, onProgress: _onProgress, ...order } = collectRequest(invocation);
        // Another run of this store, such as one from cron, is waited for.
        return { ...order, store: { ...order.store, wait: true } };
      } catch (thrown) {
        if (thrown instanceof ConfigError) return { nothing: thrown.message };
        throw thrown;
      }
    },
    clouds: settings.collector,
    tagging: () => choice(invocation),
    actions: () => enabledActions(invocation),
    cleanup: {
      allowed: settings.cleanup,
      dryRun: settings.cleanup_dry_run,
      poolSize: settings.cleanup_pool_size,
      limits: {
        accounts: settings.cleanup_accounts,
        denyAccounts: settings.cleanup_deny_accounts,
        cap: readCap(settings.cleanup_max),
        maxAgeMs: spanMs(settings.max_age),
      },
    },
    timeoutSeconds: settings.timeout,
    replace: settings.replace,
    graph: settings.ckcore_graph,
  };
}

function choice({ host, settings, plugins, pluginOptions }: Invocation) {
  return chooseCollectors(
    plugins,
    settings.collector,
    ({ manifest }) => pluginOptions.get(manifest.name) ?? {},
    { env: host.env, readText: host.io.readText },
  ).taking;
}

/** Settings that a core keeps; what means nothing here is told once. */
function readDocument(
  { host, settings, plugins, actions, log }: Invocation,
  sections: Readonly<Record<string, unknown>>,
) {
  const manifests = [...plugins, ...actions].map(({ manifest }) => manifest);
  const sets = [CORE, ...manifests.map((manifest) => pluginOptionSet(manifest))];
  const { given, unknown } = parseWorkerDocument({
    name: settings.subscriber_id,
    sections,
    overrides: settings.override,
    env: publicVariables(host.env),
  }, sets);
  if (unknown.length > 0) {
    log.info("daemon.document.unknown", "Settings of the core that mean nothing to this worker", {
      keys: unknown.slice(0, 50).join(", "),
    });
  }
  tellUnusedWeb(given, log);
  return given;
}

/** The web pages are there before the core is asked for anything. */
function tellUnusedWeb(given: GivenOptions, log: Logger): void {
  const web = WEB.flatMap((name) => given.get(name)?.origin ?? []);
  if (web.length === 0) return;
  log.warn(
    "daemon.document.web",
    "The web pages take their settings from flags, variables and --config alone",
    { keys: web.join(", ") },
  );
}

const WEB = ["web-host", "web-port", "web-path"] as const;

/** A core may name variables in its settings, but no secrets of this machine. */
function publicVariables(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const secrets = new Set(secretsOfEnvironment(env));
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !secrets.has(value)));
}
