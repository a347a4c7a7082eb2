import type { Definition } from "./definition.ts";

/** What the daemon does beside runs, and what it costs. */
export const DAEMON_METRICS = [
  {
    name: "ckworker_build_info",
    type: "gauge",
    labels: ["version", "deno"],
    help: "Always 1; the labels say what runs here",
  },
  {
    name: "ckworker_actions_total",
    type: "counter",
    labels: ["action", "outcome"],
    help: "Actions of the core's workflows by outcome: done, failed, cancelled",
  },
  {
    name: "ckworker_action_seconds",
    type: "summary",
    labels: ["action"],
    help: "Time of an action",
  },
  {
    name: "ckworker_tasks",
    type: "gauge",
    labels: ["state"],
    help: "Tasks and actions of the core that are waiting or running here",
  },
  {
    name: "ckworker_tasks_total",
    type: "counter",
    labels: ["outcome"],
    help: "Tasks of the core by outcome: done, failed; replayed are those that came once more",
  },
  {
    name: "ckworker_uploads_total",
    type: "counter",
    labels: ["outcome"],
    help: "Uploads of a graph by outcome: accepted, refused (the core said no), " +
      "postponed (tried again later)",
  },
  {
    name: "ckworker_upload_seconds",
    type: "summary",
    labels: [],
    help: "Time of an accepted upload",
  },
  {
    name: "ckworker_upload_bytes_total",
    type: "counter",
    labels: [],
    help: "Bytes of accepted uploads before compression",
  },
  {
    name: "ckworker_upload_lines_total",
    type: "counter",
    labels: [],
    help: "Nodes and edges of accepted uploads",
  },
  {
    name: "ckworker_uploads_pending",
    type: "gauge",
    labels: [],
    help: "Finished graphs that wait for the core",
  },
  {
    name: "ckworker_oldest_pending_upload_timestamp_seconds",
    type: "gauge",
    labels: [],
    help: "Since when the oldest of them waits, Unix time; absent when none does",
  },
  {
    name: "ckworker_socket_connected",
    type: "gauge",
    labels: ["socket"],
    help: "1 while the websocket to the core is open, else 0",
  },
  {
    name: "ckworker_socket_connects_total",
    type: "counter",
    labels: ["socket"],
    help: "How often the websocket was opened; all but the first are reconnects",
  },
  {
    name: "ckworker_cleanups_total",
    type: "counter",
    labels: ["cloud", "outcome"],
    help: "Nodes that a clean-up decided about, by outcome",
  },
  {
    name: "ckworker_guests",
    type: "gauge",
    labels: ["plugin"],
    help: "Guests (sandboxes of a plugin) that run",
  },
  {
    name: "ckworker_guest_memory_bytes",
    type: "gauge",
    labels: ["plugin"],
    help: "JavaScript memory of the guests of a plugin, as they tell it every 20 seconds; with " +
      "--fork they are processes of their own, else part of process_resident_memory_bytes",
  },
  {
    name: "process_resident_memory_bytes",
    type: "gauge",
    labels: [],
    help: "Memory of the process, with every guest in it",
  },
  {
    name: "ckworker_heap_used_bytes",
    type: "gauge",
    labels: [],
    help: "JavaScript memory in use by the host alone, without guests",
  },
  {
    name: "ckworker_heap_total_bytes",
    type: "gauge",
    labels: [],
    help: "JavaScript memory reserved by the host alone, without guests",
  },
  {
    name: "process_cpu_seconds_total",
    type: "counter",
    labels: [],
    help: "Processor time of the process, user and system",
  },
  {
    name: "process_start_time_seconds",
    type: "gauge",
    labels: [],
    help: "When the process started, Unix time",
  },
  {
    name: "process_open_fds",
    type: "gauge",
    labels: [],
    help: "Open file descriptors; absent where they cannot be counted",
  },
] as const satisfies readonly Definition[];
