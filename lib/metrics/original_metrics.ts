import type { Definition } from "./definition.ts";

const RESOURCE = ["cloud", "account", "region", "kind"] as const;

/** Metrics of the original worker, names, types and labels as they were. */
export const ORIGINAL_METRICS = [
  {
    name: "cloudkeeper_unhandled_plugin_exceptions_total",
    type: "counter",
    labels: ["plugin"],
    help: "Collectors and action plugins that failed as a whole",
  },
  {
    name: "resource_pre_cleanup_exceptions_total",
    type: "counter",
    labels: RESOURCE,
    help: "Nodes whose step before clean-up failed",
  },
  {
    name: "resource_cleanup_exceptions_total",
    type: "counter",
    labels: RESOURCE,
    help: "Nodes whose clean-up failed",
  },
  {
    name: "cloudkeeper_resource_cleanup_seconds",
    type: "summary",
    labels: [],
    help: "Time of cleaning up one node",
  },
  {
    name: "cloudkeeper_cleanup_seconds",
    type: "summary",
    labels: [],
    help: "Time of a whole clean-up",
  },
  {
    name: "cloudkeeper_graph_resolve_deferred_connections",
    type: "summary",
    labels: [],
    help: "Time of finding the targets of references at the end of a run, seconds",
  },
] as const satisfies readonly Definition[];

/** A metric of the original worker that this program does not export. */
export interface Missing {
  readonly names: readonly string[];
  readonly why: string;
}

/** Metrics of the original worker that have no meaning here, with the reason. */
export const NOT_EXPORTED: readonly Missing[] = [
  {
    names: ["cloudkeeper_graph2metrics_seconds"],
    why: "counting nodes is part of a run: see `ckworker_nodes`",
  },
  {
    names: [
      "cloudkeeper_graph_search_seconds",
      "cloudkeeper_graph_searchall_seconds",
      "cloudkeeper_graph_searchre_seconds",
      "cloudkeeper_graph_search_first_seconds",
      "cloudkeeper_graph_search_first_all_seconds",
      "cloudkeeper_graph_search_first_parent_seconds",
    ],
    why: "nothing searches a graph node by node: references are looked up in a table",
  },
  {
    names: ["cloudkeeper_graphcache_update_cache_seconds"],
    why: "there is no cache of a graph: the store holds it",
  },
  {
    names: [
      "cloudkeeper_graph2json_seconds",
      "cloudkeeper_graph2text_seconds",
      "cloudkeeper_graph2graphml_seconds",
      "cloudkeeper_graph2pickle_seconds",
      "cloudkeeper_graph2gexf_seconds",
      "cloudkeeper_graph2pajek_seconds",
    ],
    why: "exports are a command of its own, `ckworker export`, not part of the daemon",
  },
  {
    names: ["`_created` of every counter and summary"],
    why: "the text format that is served does not know it; scrapers find restarts by the value",
  },
  {
    names: [
      "cloudkeeper_plugin_aws_collect_iam_groups_seconds",
      "cloudkeeper_plugin_aws_collect_iam_roles_seconds",
    ],
    why: "one call, `iam:GetAccountAuthorizationDetails`, lists both and users; see " +
      "`ckworker_api_seconds_total` with that operation",
  },
  {
    names: [
      "cloudkeeper_plugin_aws_collect_volume_metrics_seconds",
      "cloudkeeper_plugin_aws_collect_rds_metrics_seconds",
    ],
    why: "one call, `cloudwatch:GetMetricData`, answers for both; see " +
      "`ckworker_api_seconds_total` with that operation",
  },
  {
    names: ["cloudkeeper_plugin_aws_collect_buckets_seconds"],
    why: "the original worker never used it",
  },
];
