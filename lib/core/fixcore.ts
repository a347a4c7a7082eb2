import { reportedDocument } from "../graph/mod.ts";
import { BASE_KINDS, type Kind, type Property } from "../model/mod.ts";
import type { UploadEdge, UploadNode } from "./core.ts";
import type { Dialect, NodeContext } from "./dialect.ts";
import { secondsOf, spanInUnits } from "./span_text.ts";

const MIB = 1024 * 1024;

/** The generation of 4.2. */
export const FIXCORE: Dialect = Object.freeze<Dialect>({
  name: "fixcore",
  graph: "fix",
  traits: { crossingEdges: "defer", merges: "per_sub_graph", nodeIds: "without_name" },
  headers: {
    nodes: "Fix-Worker-Nodes",
    edges: "Fix-Worker-Edges",
    task: "Fix-Worker-Task-Id",
  },
  limits: {
    // It refuses lines of 10 MiB and bodies of 5 MiB.
    line: 9.75 * MIB,
    json: 4.75 * MIB,
    pace: { lines: 100_000, ms: 90_000 },
  },
  replacesModel: true,
  emptyBody: { "Content-Type": "application/json" },
  edgeTypes: new Map([["default", "dependency"], ["delete", "delete"], ["iam", "iam"]]),
  values: new Map([["duration", (value) => spanInUnits(secondsOf(value))]]),
  paths: (graph) => {
    const base = `/graph/${encodeURIComponent(graph)}`;
    return {
      graph: base,
      model: `${base}/model`,
      merge: `${base}/merge?wait_for_result=False`,
      query: `${base}/search/graph?section=reported`,
      aggregate: `${base}/search/aggregate?section=reported`,
      nodes: `${base}/nodes`,
    };
  },
  model: (kinds) => [...[...kinds.all()].map(toldKind), shortAccess(kinds.all())],
  node: nodeLine,
  edge: edgeLine,
});

/**
 * Lets queries name ancestors and usage figures as if they were properties. A core refuses a property
 * path of two types, and quotas have a `usage` of their own: it is left out where a kind has it.
 */
function shortAccess(kinds: Iterable<Kind>) {
  const taken = new Set([...kinds].flatMap(({ properties }) => properties.map(({ name }) => name)));
  const usage = {
    name: "usage",
    kind: "dictionary[string, dictionary[string, double]]",
    required: false,
  };
  return {
    fqn: "resource_short_property_access",
    bases: [],
    aggregate_root: true,
    properties: [
      ...["cloud", "account", "region", "zone"]
        .map((name) => ({ name, kind: "any", required: false })),
      ...(taken.has(usage.name) ? [] : [usage]),
    ],
    metadata: { dynamic: true },
  };
}

const OURS: ReadonlySet<Kind> = new Set(BASE_KINDS);

function toldKind(kind: Kind) {
  const nested = kind.nested === true;
  return {
    fqn: kind.name,
    bases: kind.bases,
    properties: kind.properties.map(toldProperty),
    allow_unknown_props: false,
    successor_kinds: null,
    aggregate_root: !nested,
    metadata: nested ? null : { source: sourceOf(kind) },
  };
}

/** Who brings a kind, for people: the word in front of its name is its provider's. */
function sourceOf(kind: Kind): string {
  return OURS.has(kind) ? "base" : kind.name.replace(/_.*/, "");
}

/** No descriptions, but where the property is required, as the core's own workers tell it. */
function toldProperty({ name, type, required = false, synthetic }: Property) {
  return {
    name,
    kind: type,
    required,
    ...(required ? { description: "" } : {}),
    ...(synthetic === undefined ? {} : { synthetic: { path: synthetic } }),
  };
}

function nodeLine(node: UploadNode, { kinds, exportedAt }: NodeContext): string {
  const metadata = {
    python_type: kinds.require(node.kind).pythonType,
    categories: [],
    ...(node.cleaned === true ? { cleaned: true } : {}),
    ...(node.protected ? { protected: true } : {}),
    ...(kinds.level(node.kind) === "account" ? { exported_at: exportedAt } : {}),
    ...(node.replace ? { replace: true } : {}),
  };
  const parts = [
    `"id":${JSON.stringify(node.nodeId)}`,
    `"reported":${reportedDocument(node)}`,
    `"metadata":${JSON.stringify(metadata)}`,
    ...(node.marked === true ? ['"desired":{"clean":true}'] : []),
  ];
  return `{${parts.join(",")}}`;
}

function edgeLine({ from, to, type, deferred }: UploadEdge): string {
  if (deferred === true) return deferredLine(from, to, type);
  return JSON.stringify(type === "dependency" ? { from, to } : { from, to, edge_type: type });
}

/** The ends of a deferred edge are looked up when all graphs of the task are there. */
function deferredLine(from: string, to: string, type: UploadEdge["type"]): string {
  return JSON.stringify({
    from_selector: { node_id: from },
    to_selector: { node_id: to },
    edge_type: type === "dependency" ? "default" : type,
  });
}
