import { type ActionReport, type ActionRequest, actionTimeouts } from "../actions/mod.ts";
import type { Action, ActionContext, Core, DialectName } from "../core/mod.ts";
import { CkError, CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import { tagNode, type TagTasks } from "../tags/mod.ts";
import { emptyCore } from "./empty_core.ts";
import type { ActionPlugin, DaemonPorts, DaemonRequest, Orders } from "./request.ts";
import { actionPluginId, type Subscriber } from "./sockets.ts";

/** What action plugins work with. */
export interface ActionPluginsOptions {
  readonly orders: () => Orders;
  readonly dialect: DialectName;
  readonly core: Core;
  readonly tasks: Pick<TagTasks, "handle">;
  readonly request: Pick<DaemonRequest, "identity" | "changer" | "readText" | "now" | "log">;
  readonly ports: Pick<DaemonPorts, "act">;
  /** Counts an action and how it ends. */
  readonly watch: (action: string, work: () => Promise<void>) => Promise<void>;
  /** A plugin failed; with a message when it takes part no more. */
  readonly failed: (plugin: string, leftOut?: string) => void;
  /** Aborted when the daemon stops. */
  readonly stop: AbortSignal;
}

/** Lines that a core is told about one action. */
const TOLD = 40;

/**
 * One subscriber for each action plugin that is switched on. Each is tried out first over an empty
 * graph: one whose configuration is not usable is told and left out, and the worker lives on.
 */
export async function actionSubscribers(
  options: ActionPluginsOptions,
): Promise<readonly Subscriber[]> {
  const { orders, request: { identity }, dialect } = options;
  const plugins = orders().actions();
  const usable = await Promise.all(plugins.map((plugin) => isUsable(plugin, options)));
  return plugins.filter((_, index) => usable[index]).map(({ entry: { manifest } }) => ({
    id: actionPluginId(identity, dialect, manifest),
    actions: [manifest.action],
    handle: (action, context) =>
      options.watch(action.messageType, () => act(manifest.name, action, context, options)),
  }));
}

async function isUsable(plugin: ActionPlugin, options: ActionPluginsOptions): Promise<boolean> {
  const { dialect, ports, request: { log }, failed, stop } = options;
  const { name, subscriber } = plugin.entry.manifest;
  try {
    await ports.act({
      ...common(plugin, options, QUIET),
      core: emptyCore(dialect),
      tag: () => Promise.resolve(),
      task: {},
      dryRun: true,
      signal: stop,
    });
    return true;
  } catch (error) {
    stop.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    const isLeftOut = error.code === "config.invalid";
    const message = `Action plugin ${name} ${
      isLeftOut ? "is left out" : "failed as it was tried out"
    }: ${error.message}`;
    log.error("daemon.action.unusable", message, { plugin: name });
    failed(subscriber, isLeftOut ? message : undefined);
    return !isLeftOut;
  }
}

/** Lets a plugin do its action, with the settings of the moment. */
async function act(
  name: string,
  action: Action,
  context: ActionContext,
  options: ActionPluginsOptions,
): Promise<void> {
  const { orders, core, tasks, ports, request: { log }, failed, stop } = options;
  const { cleanup, actions } = orders();
  const plugin = actions().find(({ entry }) => entry.manifest.name === name);
  if (plugin === undefined) return context.info("info", `${name} is switched off`);
  const { manifest } = plugin.entry;
  const signal = AbortSignal.any([context.signal, stop]);
  try {
    const report = await ports.act({
      ...common(plugin, options, log),
      core,
      tag: (node, change, signal) => tagNode({ core, tasks }, node, change, signal),
      task: action.data,
      // Marks are no changes of a cloud; tags are.
      dryRun: cleanup.dryRun && manifest.may.includes("tag"),
      signal,
    });
    tell(report, context);
  } catch (error) {
    if (signal.aborted) throw stopped(signal);
    // A core that is away is no fault of the plugin.
    const isOfCore = error instanceof CoreUnreachableError || error instanceof CoreRejectedError;
    if (!isOfCore) failed(manifest.subscriber);
    throw error;
  }
}

function common(
  { entry, options }: ActionPlugin,
  { orders, request: { changer, readText, now } }: ActionPluginsOptions,
  log: Logger,
): Omit<ActionRequest, "core" | "tag" | "task" | "dryRun" | "signal"> {
  const { fork, base } = changer;
  const timeouts = actionTimeouts(orders().timeoutSeconds);
  return { entry, options, readText, now, fork, base, timeouts, log };
}

function stopped(signal: AbortSignal): CkError {
  return signal.reason instanceof CkError
    ? signal.reason
    : new CkError("action.interrupted", "The action was interrupted: the worker stops");
}

/** Tells the core, for people, what was decided. */
function tell({ decisions }: ActionReport, context: ActionContext): void {
  const groups = [
    ...Map.groupBy(
      decisions,
      ({ type, outcome, node, why }) =>
        [`${type} ${outcome}`, node.kind, ...(why === undefined ? [] : [why])].join(": "),
    ),
  ];
  for (const [text, all] of groups.slice(0, TOLD)) {
    const level = all[0]?.outcome === "refused" ? "error" : "info";
    context.info(level, `${all.length} × ${text}`);
  }
  if (groups.length > TOLD) context.info("info", `… and ${groups.length - TOLD} more`);
}

/** A plugin that is tried out has nothing to say. */
const QUIET: Logger = {
  log: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => QUIET,
};
