import type { CoreSettings } from "../daemon/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { WorkflowRequest } from "../workflow/mod.ts";
import { chooseSteps } from "../workflow/steps.ts";
import { changersOf, enabledActions } from "./action_plugins.ts";
import { limitsOf } from "./clean_limits.ts";
import { collectRequest, readCaCertificates } from "./collect_request.ts";
import type { Invocation } from "./command.ts";
import { storePath } from "./store_path.ts";

/**
 * What the settings ask of one run without a core.
 * @throws ConfigError for steps that cannot be done, or when there is nothing to collect with
 */
export async function workflowRequest(invocation: Invocation): Promise<WorkflowRequest> {
  const { host, settings, plugins, log, signal } = invocation;
  const actions = enabledActions(invocation);
  const steps = chooseSteps({
    named: settings.steps,
    actions: actions.map(({ entry }) => entry.manifest.action),
    cleanup: settings.cleanup || settings.cleanup_dry_run,
  });
  if (steps.includes("cleanup") && !settings.cleanup && !settings.cleanup_dry_run) {
    throw new ConfigError("the step cleanup is named, and nothing may be deleted", {
      context: { subject: "--steps" },
      hint: "Add --cleanup to delete what is marked, or --cleanup-dry-run to see what would be",
    });
  }
  return {
    steps,
    ...(steps.includes("collect") ? { collect: collectRequest(invocation) } : {}),
    actions,
    cleanup: {
      allowed: settings.cleanup,
      dryRun: settings.cleanup_dry_run,
      poolSize: settings.cleanup_pool_size,
      limits: await limitsOf(settings),
    },
    store: {
      path: storePath(settings.store, host.env),
      kinds: plugins.flatMap((plugin) => plugin.model.kinds),
    },
    changers: changersOf(invocation),
    changer: {
      fork: settings.fork,
      base: host.base,
      allowHelpers: settings.allow_helper,
      ...readCaCertificates(invocation),
    },
    timeoutSeconds: settings.timeout,
    readText: host.io.readText,
    log,
    now: host.io.now,
    signal,
  };
}

/**
 * A core drives its own workflow: one collection for it cannot be followed by steps of ours.
 * @throws ConfigError
 */
export function checkForCore(invocation: Invocation, core: CoreSettings): void {
  const { settings, log } = invocation;
  const other = settings.steps.find((step) => step !== "collect");
  const flag = settings.cleanup ? "--cleanup" : other === undefined ? undefined : "--steps";
  if (flag !== undefined) {
    throw new ConfigError(`--once ${flag} works on the store alone, and a core is named`, {
      context: { subject: flag },
      hint: `Leave ${flag} out: the workflow of the core cleans up. Or leave the core out.`,
    });
  }
  for (const { entry } of enabledActions(invocation)) {
    const { name, action } = entry.manifest;
    log.warn(
      "once.action.unused",
      `${name} does nothing here: the core ${core.uri} asks for its ` +
        `step ${action} where a worker without --once waits for it`,
    );
  }
}
