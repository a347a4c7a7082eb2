import { edgeDocument, nodeDocument } from "../graph/mod.ts";
import { exportModel } from "../model/mod.ts";
import type { Dialect } from "./dialect.ts";
import { secondsOf, spanInPython } from "./span_text.ts";

const KIB = 1024;

/** The generation of 2.0.0a10. */
export const CKCORE: Dialect = Object.freeze<Dialect>({
  name: "ckcore",
  graph: "ck",
  traits: { crossingEdges: "drop", merges: "one", nodeIds: "with_name" },
  headers: { nodes: "Cloudkeeper-Ckworker-Nodes", edges: "Cloudkeeper-Ckworker-Edges" },
  limits: {
    // It refuses lines of 128 KiB and bodies of 1 MiB.
    line: 124 * KIB,
    json: 1000 * KIB,
    pace: { lines: 100_000, ms: 30_000 },
  },
  replacesModel: false,
  emptyBody: {},
  edgeTypes: new Map([["dependency", "dependency"], ["delete", "delete"]]),
  values: new Map([["duration", (value) => spanInPython(secondsOf(value))]]),
  paths: (graph) => {
    const base = `/graph/${encodeURIComponent(graph)}`;
    return {
      graph: base,
      model: "/model",
      merge: `${base}/merge`,
      query: `${base}/query/graph`,
      aggregate: `${base}/query/aggregate`,
      nodes: `${base}/nodes`,
    };
  },
  model: (kinds) => exportModel(kinds),
  node: (node, { kinds }) => nodeDocument(kinds, node, node.replace),
  edge: (edge) => edge.deferred === true ? undefined : edgeDocument(edge),
});
