import { Catalogue, type PluginNames } from "./catalogue.ts";
import { MetricSet } from "./metric_set.ts";
import type { ProcessFigures } from "./process_figures.ts";
import { recordRun } from "./record_run.ts";
import type { RunFigures } from "./run_figures.ts";

/** Where a node lies, for counting faults of a clean-up; `account` as `name (id)`. */
export interface NodePlace {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
}

/** What is measured at the moment of a scrape, never in between. */
export interface MetricSources {
  readonly process: () => ProcessFigures;
  readonly tasks?: () => {
    readonly waiting: number;
    readonly running: number;
    /** Tasks so far that came again after they were answered or begun. */
    readonly replayed: number;
  };
  readonly uploads?: () => { readonly pending: number; readonly oldestAt?: Date };
  readonly sockets?: () => readonly {
    readonly name: string;
    readonly connected: boolean;
    /** How often it was opened so far. */
    readonly connects: number;
  }[];
  /** `memoryBytes` only of guests that told it. */
  readonly guests?: () => readonly { readonly plugin: string; readonly memoryBytes?: number }[];
}

/** What a program that is measured says about itself. */
export interface MetricOptions {
  readonly version: string;
  readonly plugins: readonly PluginNames[];
  readonly sources: MetricSources;
}

/** Counters of this program: whoever does something records it, and a scraper reads all. */
export interface Metrics {
  /** Media type of {@link render}. */
  readonly contentType: string;
  /** Everything in the text format 0.0.4. @throws what a source throws */
  render(): Promise<string>;
  runFinished(run: RunFigures): void;
  /** An action plugin failed as a whole; collectors are part of their run. */
  pluginFailed(plugin: string): void;
  actionFinished(action: string, outcome: "done" | "failed" | "cancelled", seconds: number): void;
  taskFinished(outcome: "done" | "failed"): void;
  uploadAccepted(
    upload: { readonly seconds: number; readonly bytes: number; readonly lines: number },
  ): void;
  /** `refused`: the core said no; `postponed`: it is tried again. */
  uploadFailed(outcome: "refused" | "postponed"): void;
  /** A whole clean-up ended. */
  cleanupFinished(seconds: number): void;
  /** A node was cleaned up or not; `seconds` only when the cloud was asked. */
  nodeCleaned(cloud: string, outcome: string, seconds?: number): void;
  cleanupFailed(step: "pre_cleanup" | "cleanup", place: NodePlace): void;
}

/** Creates the counters, all at their beginning. Nothing is shared with another set of them. */
export function createMetrics({ version, plugins, sources }: MetricOptions): Metrics {
  const set = new MetricSet();
  const catalogue = new Catalogue(plugins);
  set.set("ckworker_build_info", { version, deno: Deno.version.deno }, 1);
  return {
    contentType: set.contentType,
    render: () => {
      measure(set, sources);
      return set.render();
    },
    runFinished: (run) => recordRun(set, catalogue, run),
    pluginFailed: (plugin) => set.add("cloudkeeper_unhandled_plugin_exceptions_total", { plugin }),
    ...actions(set),
    ...uploads(set),
    ...cleanups(set),
  };
}

function actions(set: MetricSet): Pick<Metrics, "actionFinished" | "taskFinished"> {
  return {
    actionFinished(action, outcome, seconds) {
      set.add("ckworker_actions_total", { action, outcome });
      set.observe("ckworker_action_seconds", { action }, seconds);
    },
    taskFinished: (outcome) => set.add("ckworker_tasks_total", { outcome }),
  };
}

function uploads(set: MetricSet): Pick<Metrics, "uploadAccepted" | "uploadFailed"> {
  return {
    uploadAccepted({ seconds, bytes, lines }) {
      set.add("ckworker_uploads_total", { outcome: "accepted" });
      set.observe("ckworker_upload_seconds", {}, seconds);
      set.add("ckworker_upload_bytes_total", {}, bytes);
      set.add("ckworker_upload_lines_total", {}, lines);
    },
    uploadFailed: (outcome) => set.add("ckworker_uploads_total", { outcome }),
  };
}

function cleanups(
  set: MetricSet,
): Pick<Metrics, "cleanupFinished" | "nodeCleaned" | "cleanupFailed"> {
  return {
    cleanupFinished: (seconds) => set.observe("cloudkeeper_cleanup_seconds", {}, seconds),
    nodeCleaned(cloud, outcome, seconds) {
      set.add("ckworker_cleanups_total", { cloud, outcome });
      if (seconds !== undefined) set.observe("cloudkeeper_resource_cleanup_seconds", {}, seconds);
    },
    cleanupFailed(step, { cloud, account, region, kind }) {
      set.add(`resource_${step}_exceptions_total`, { cloud, account, region, kind });
    },
  };
}

/** Asks the sources; what one of them no longer tells is no longer shown. */
function measure(set: MetricSet, sources: MetricSources): void {
  measureProcess(set, sources.process());
  const tasks = sources.tasks?.();
  if (tasks !== undefined) {
    set.set("ckworker_tasks", { state: "waiting" }, tasks.waiting);
    set.set("ckworker_tasks", { state: "running" }, tasks.running);
    set.total("ckworker_tasks_total", { outcome: "replayed" }, tasks.replayed);
  }
  set.forget("ckworker_oldest_pending_upload_timestamp_seconds", "ckworker_socket_connected");
  const pending = sources.uploads?.();
  if (pending !== undefined) set.set("ckworker_uploads_pending", {}, pending.pending);
  const oldest = pending?.oldestAt?.getTime() ?? NaN;
  set.set("ckworker_oldest_pending_upload_timestamp_seconds", {}, oldest / 1000);
  for (const { name, connected, connects } of sources.sockets?.() ?? []) {
    set.set("ckworker_socket_connected", { socket: name }, connected ? 1 : 0);
    set.total("ckworker_socket_connects_total", { socket: name }, connects);
  }
  measureGuests(set, sources.guests?.() ?? []);
}

function measureProcess(set: MetricSet, figures: ProcessFigures): void {
  set.set("process_resident_memory_bytes", {}, figures.residentBytes);
  set.set("ckworker_heap_used_bytes", {}, figures.heapUsedBytes);
  set.set("ckworker_heap_total_bytes", {}, figures.heapTotalBytes);
  set.total("process_cpu_seconds_total", {}, figures.cpuSeconds);
  set.set("process_start_time_seconds", {}, figures.startedAt.getTime() / 1000);
  set.set("process_open_fds", {}, figures.openFiles ?? NaN);
}

function measureGuests(
  set: MetricSet,
  guests: readonly { readonly plugin: string; readonly memoryBytes?: number }[],
): void {
  set.forget("ckworker_guests", "ckworker_guest_memory_bytes");
  for (const [plugin, all] of Map.groupBy(guests, (guest) => guest.plugin)) {
    set.set("ckworker_guests", { plugin }, all.length);
    const measured = all.flatMap(({ memoryBytes }) => memoryBytes ?? []);
    const sum = measured.reduce((total, bytes) => total + bytes, 0);
    if (measured.length > 0) set.set("ckworker_guest_memory_bytes", { plugin }, sum);
  }
}
