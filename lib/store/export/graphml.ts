import { allEdges, allNodes, type NodeFilter } from "../read_graph.ts";
import type { Store } from "../store.ts";
import { known } from "./table.ts";

const NODE_KEYS = ["kind", "id", "name", "cloud", "account", "region", "zone", "properties"];

/** The graph as GraphML; the properties of a node are one JSON text. */
export function* graphmlOf(store: Store, filter: NodeFilter): Generator<string> {
  yield HEAD;
  for (const node of allNodes(store, filter)) {
    const { kind, id, name, cloud, body } = node;
    const place = [known(node.account), known(node.region), known(node.zone)];
    const values = [kind, id, name, cloud, ...place, body];
    yield `<node id="${escape(node.nodeId)}">${values.map(datum).join("")}</node>\n`;
  }
  for (const { from, to, type } of allEdges(store, filter)) {
    yield `<edge source="${escape(from)}" target="${escape(to)}">`;
    yield `<data key="type">${type}</data></edge>\n`;
  }
  yield "</graph>\n</graphml>\n";
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${NODE_KEYS.map((name) => key("node", name)).join("\n")}
${key("edge", "type")}
<graph id="inventory" edgedefault="directed">
`;

function key(owner: string, name: string): string {
  return `<key id="${name}" for="${owner}" attr.name="${name}" attr.type="string"/>`;
}

function datum(value: string | null, index: number): string {
  return value === null ? "" : `<data key="${NODE_KEYS[index]}">${escape(value)}</data>`;
}

/** XML has no form at all for most control characters and for half surrogate pairs. */
function escape(text: string): string {
  return text.toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\r\x7f-\x9f]|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
