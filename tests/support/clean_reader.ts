import type { CleanNode, GraphReader, NodeEdge } from "../../lib/cleanup/mod.ts";

/** A node in short form: `kind id`, and what is not as in others. */
export type ReaderNode = Partial<CleanNode> & Pick<CleanNode, "kind" | "id">;

/** An edge by the ids of its ends. */
export type ReaderEdge = readonly [from: string, to: string, type?: "dependency" | "delete"];

/** When every scope of the reader was looked at, and when plans are made. */
export const SEEN_AT = "2030-01-01T00:00:00.000Z";
export const PLANNED_AT = new Date("2030-01-01T01:00:00.000Z");

/** A graph in memory; its nodes are marked and were seen unless it is said otherwise. */
export function reader(
  nodes: readonly ReaderNode[],
  edges: readonly ReaderEdge[] = [],
  deletable = 1_000,
): GraphReader {
  const all = nodes.map((node, key): CleanNode => ({
    key,
    nodeId: `id of ${node.id}`,
    cloud: "aws",
    account: "111111111111",
    region: "eu-west-1",
    regionName: "eu-west-1",
    zone: "undefined",
    twin: "",
    name: node.id,
    reported: { tags: {} },
    phantom: false,
    protected: false,
    marked: true,
    reason: "old",
    rule: "",
    look: { outcome: "complete", at: SEEN_AT, stale: false },
    ...node,
  }));
  const keyOf = (id: string) => all.findIndex((node) => node.id === id);
  return {
    marked: () => all.filter(({ marked }) => marked).map(({ key }) => key),
    protected: () => all.filter((node) => node.protected).map(({ key }) => key),
    node: (key) => all[key],
    edges: (key) =>
      edges.flatMap(([from, to, type = "dependency"]): NodeEdge[] => [
        ...(keyOf(from) === key ? [{ other: keyOf(to), direction: "down", type } as const] : []),
        ...(keyOf(to) === key ? [{ other: keyOf(from), direction: "up", type } as const] : []),
      ]),
    deletable: () => deletable,
  };
}
