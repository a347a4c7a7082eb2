import { allEdges, allNodes, type NodeFilter, type ReadNode } from "../read_graph.ts";
import type { Store } from "../store.ts";
import { known } from "./table.ts";

/**
 * One JSON document a line: `{"type":"node",…}`, then `{"type":"edge",…}`, and `{"type":"end",…}` as
 * the last, by which a reader knows that nothing is missing.
 */
export function* ndjsonOf(store: Store, filter: NodeFilter): Generator<string> {
  let nodes = 0;
  for (const node of allNodes(store, filter)) {
    nodes++;
    yield `{"type":"node",${nodeFields(node)}}\n`;
  }
  let edges = 0;
  for (const { from, to, type } of allEdges(store, filter)) {
    edges++;
    yield `${JSON.stringify({ type: "edge", from, to, edge_type: type })}\n`;
  }
  const whole = Object.values(filter).every((list) => list === undefined);
  yield `${JSON.stringify({ type: "end", nodes, edges, whole })}\n`;
}

/** One JSON document with the lists `nodes` and `edges`. */
export function* jsonOf(store: Store, filter: NodeFilter): Generator<string> {
  yield '{"nodes":[';
  yield* joined(allNodes(store, filter), (node) => `{${nodeFields(node)}}`);
  yield '\n],"edges":[';
  yield* joined(
    allEdges(store, filter),
    ({ from, to, type }) => JSON.stringify({ from, to, edge_type: type }),
  );
  yield "\n]}\n";
}

/** The properties are passed on as they are stored, so that no number loses a digit. */
function nodeFields(node: ReadNode): string {
  const { nodeId, kind, cloud, id, name } = node;
  const place = {
    account: known(node.account),
    region: known(node.region),
    region_name: node.scopeRegion === "" ? null : node.scopeRegion,
    zone: known(node.zone),
  };
  const identity = JSON.stringify({ node_id: nodeId, kind, id, name, cloud, ...place });
  const metadata = JSON.stringify({
    phantom: node.phantom,
    protected: node.protected,
    marked: node.marked,
    stale: node.stale,
    first_seen_at: node.firstSeenAt,
    last_seen_at: node.lastSeenAt,
  });
  return `${identity.slice(1, -1)},"reported":${node.body},"metadata":${metadata}`;
}

function* joined<Value>(
  values: Iterable<Value>,
  text: (value: Value) => string,
): Generator<string> {
  let separator = "\n";
  for (const value of values) {
    yield separator + text(value);
    separator = ",\n";
  }
}
