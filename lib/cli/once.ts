import { z } from "zod";
import type { CollectRequest } from "../collect/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { chooseCollectors, type CollectorChoice } from "./collectors.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { print, printJson } from "./print.ts";
import { showProgress } from "./progress.ts";
import { storePath } from "./store_path.ts";
import { renderSummary } from "./summary.ts";
import { VERSION } from "./version.ts";

/** `ckworker --once`: one collection into the store, then a summary. */
export const once = defineCommand({
  name: "",
  summary: "collects cloud inventory into one file",
  options: z.object({}),
  collects: true,
  run: collectOnce,
});

async function collectOnce(invocation: Invocation): Promise<number> {
  const { host, settings } = invocation;
  if (!settings.once) {
    throw new ConfigError("the daemon is not in this version", {
      hint: "Use ckworker --once to collect into the store; see ckworker --help",
    });
  }
  const request = requestOf(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  const summary = await host.collect(request);
  if (settings.quiet && summary.exitCode === 0) return 0;
  if (settings.output === "json") printJson(invocation, summary);
  else print(invocation, renderSummary(summary));
  return summary.exitCode;
}

function requestOf(invocation: Invocation): CollectRequest {
  const { host, settings, plugins, log, signal, screen } = invocation;
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
    replace: settings.replace,
    dumpJson: settings.debug_dump_json ? "." : undefined,
    base: host.base,
    allowHelpers: settings.allow_helper,
    keepSensitive: settings.keep_sensitive,
    ...caCertificates(invocation),
    ignoreDeferredConnections: settings.ignore_deferred_connections,
    version: VERSION,
    log,
    onProgress: showProgress(screen, settings.quiet),
    signal,
    now: host.io.now,
  };
}

function caCertificates({ host, settings }: Invocation): { readonly caCertificates?: string } {
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
