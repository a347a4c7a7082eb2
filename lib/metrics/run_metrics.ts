import type { Definition } from "./definition.ts";

const CALL = ["cloud", "service", "operation"] as const;

/** What runs of collection found and what they cost. */
export const RUN_METRICS = [
  {
    name: "ckworker_runs_total",
    type: "counter",
    labels: ["outcome"],
    help: "Runs by outcome: whole, incomplete, failed, interrupted",
  },
  { name: "ckworker_run_seconds", type: "summary", labels: [], help: "Time of a whole run" },
  {
    name: "ckworker_last_run_timestamp_seconds",
    type: "gauge",
    labels: [],
    help: "When the last run ended, Unix time",
  },
  {
    name: "ckworker_last_whole_run_timestamp_seconds",
    type: "gauge",
    labels: [],
    help: "When the last run ended in which nothing was missing, Unix time",
  },
  {
    name: "ckworker_collector_runs_total",
    type: "counter",
    labels: ["collector", "status"],
    help: "Runs of a collector by status: collected, not_configured, failed, cancelled",
  },
  {
    name: "ckworker_collector_last_success_timestamp_seconds",
    type: "gauge",
    labels: ["collector"],
    help: "When the last run ended in which the collector collected, Unix time; some scopes may " +
      "have failed all the same, see ckworker_scopes",
  },
  {
    name: "ckworker_scopes",
    type: "gauge",
    labels: ["cloud", "account", "outcome"],
    help: "Scopes of the last run by outcome; a scope is one listing in one region of one account",
  },
  {
    name: "ckworker_nodes",
    type: "gauge",
    labels: ["cloud", "kind"],
    help: "Nodes in the graph, stale ones among them",
  },
  {
    name: "ckworker_stale_nodes",
    type: "gauge",
    labels: ["cloud", "kind"],
    help: "Nodes kept from earlier runs because their scope was not conclusively looked at",
  },
  {
    name: "ckworker_node_changes_total",
    type: "counter",
    labels: ["cloud", "change"],
    help: "Nodes that runs found added, changed or removed",
  },
  { name: "ckworker_edges", type: "gauge", labels: [], help: "Edges of the last run's graph" },
  {
    name: "ckworker_references_without_edge",
    type: "gauge",
    labels: ["reason"],
    help: "References of the last run that made no edge: no target, several targets, cycle",
  },
  {
    name: "ckworker_api_calls_total",
    type: "counter",
    labels: CALL,
    help: "Calls to a cloud; what the plugin does not declare is counted as other",
  },
  { name: "ckworker_api_errors_total", type: "counter", labels: CALL, help: "Calls that failed" },
  {
    name: "ckworker_api_throttles_total",
    type: "counter",
    labels: CALL,
    help: "Calls that the cloud answered with: slow down",
  },
  { name: "ckworker_api_retries_total", type: "counter", labels: CALL, help: "Calls repeated" },
  {
    name: "ckworker_api_seconds_total",
    type: "counter",
    labels: CALL,
    help: "Time of answers; waiting for a budget is not part of it",
  },
  {
    name: "ckworker_api_wait_seconds_total",
    type: "counter",
    labels: CALL,
    help: "Time waited for a rate budget or after a throttle",
  },
  {
    name: "ckworker_api_slowest_seconds",
    type: "gauge",
    labels: CALL,
    help: "The slowest answer of the last run",
  },
] as const satisfies readonly Definition[];
