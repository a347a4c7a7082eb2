import type { CollectRequest } from "../collect/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { chooseCollectors, type CollectorChoice } from "./collectors.ts";
import type { Invocation } from "./command.ts";
import { showProgress } from "./progress.ts";
import { storePath } from "./store_path.ts";
import { VERSION } from "./version.ts";

/**
 * What the settings ask to collect, and with which collectors.
 * @throws ConfigError when no collector finds anything to collect with
 */
export function collectRequest(invocation: Invocation): CollectRequest {
  const { host, settings, plugins, log, redact, signal, screen } = invocation;
  const choice = collectorsOf(invocation);
  return {
    plugins: choice.taking,
    kinds: plugins.flatMap((plugin) => plugin.model.kinds),
    notConfigured: choice.notConfigured,
    store: {
      path: storePath(settings.store, host.env),
      wait: settings.wait,
      keepHistory: settings.keep_history,
      keepRuns: settings.keep_runs,
    },
    poolSize: settings.pool_size,
    timeoutSeconds: settings.timeout,
    fork: settings.fork,
    resume: settings.resume,
    accept: settings.accept,
    dumpJson: settings.debug_dump_json ? "." : undefined,
    base: host.base,
    allowHelpers: settings.allow_helper,
    keepSensitive: settings.keep_sensitive,
    ...caCertificates(invocation),
    ignoreDeferredConnections: settings.ignore_deferred_connections,
    version: VERSION,
    log,
    redact,
    onProgress: showProgress(screen, settings.quiet),
    signal,
    now: host.io.now,
  };
}

/**
 * Certificates to trust beside those of the system.
 * @throws ConfigError for a file without any
 */
export function caCertificates(
  { host, settings }: Invocation,
): { readonly caCertificates?: string } {
  const path = settings.ca_cert;
  if (path === undefined) return {};
  const text = readCertificates(path, host.io.readText);
  if (text.includes("-----BEGIN CERTIFICATE-----")) return { caCertificates: text };
  throw new ConfigError(`${path} holds no certificate`, {
    context: { subject: "--ca-cert" },
    hint: "Give a file in PEM form",
  });
}

function readCertificates(path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot read the certificates ${path}: ${why}`, {
      context: { subject: "--ca-cert" },
      cause,
    });
  }
}

function collectorsOf(
  { host, settings, plugins, pluginOptions }: Invocation,
): CollectorChoice {
  const choice = chooseCollectors(
    plugins,
    settings.collector,
    ({ manifest }) => pluginOptions.get(manifest.name) ?? {},
    { env: host.env, readText: host.io.readText },
  );
  if (choice.taking.length > 0) return choice;
  const reasons = choice.notConfigured.map(({ name, reason }) => `${name}: ${reason}`);
  throw new ConfigError(["nothing to collect with", ...reasons].join("; "), {
    hint: "Give credentials, or try it without: ckworker --once --collector example",
  });
}
