import type { Kind } from "../../../lib/model/mod.ts";
import type { Store } from "../../../lib/store/mod.ts";
import { begin, finish, openTest, stageAll } from "../store.ts";

/** A model with a property of every type. */
export const QUERY_KINDS: readonly Kind[] = [
  { name: "t_account", bases: ["account"], properties: [] },
  { name: "t_region", bases: ["region"], properties: [] },
  { name: "t_quota", bases: ["quota"], properties: [], phantom: true },
  {
    name: "t_disk",
    bases: ["resource"],
    properties: [
      { name: "size", type: "int64" },
      { name: "label", type: "string" },
      { name: "open", type: "boolean" },
      { name: "made", type: "datetime" },
      { name: "labels", type: "string[]" },
      { name: "ports", type: "t_port[]" },
      { name: "blob", type: "any" },
      { name: "ip", type: "string" },
    ],
  },
  { name: "t_big_disk", bases: ["t_disk"], properties: [] },
  {
    name: "t_port",
    bases: [],
    nested: true,
    properties: [{ name: "from", type: "int64" }, { name: "cidr", type: "string[]" }],
  },
];

/** A node as a test describes it. */
export interface PlainNode {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Empty for none. */
  readonly account: string;
  readonly region: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly phantom: boolean;
  readonly protected: "no" | "collected" | "flagged";
  readonly marked: boolean;
}

/** Ends are numbers of nodes. */
export interface PlainEdge {
  readonly from: number;
  readonly to: number;
  readonly type: "dependency" | "delete";
}

export interface PlainGraph {
  readonly nodes: readonly PlainNode[];
  readonly edges: readonly PlainEdge[];
}

/** A store with the graph in it; the key of a node is its number plus one. */
export async function storeOf(
  { nodes, edges }: PlainGraph,
  { path = ":memory:", kinds = QUERY_KINDS }: StoreSetup = {},
): Promise<Store> {
  const store = await openTest({ kinds, path });
  const writer = begin(store, "r1");
  nodes.forEach((node, seq) => {
    const scope = {
      cloud: "demo",
      account: node.account,
      region: node.region,
      // One scope for each node keeps the order of the keys.
      resource: `${String(seq).padStart(6, "0")}`,
    };
    const number = writer.open(scope, node.region);
    stageAll(writer, number, { ...scope, account: node.account || "undefined" }, [{
      id: node.id,
      kind: node.kind,
      name: node.name,
      region: node.region || "undefined",
      body: node.body,
      extras: {
        ...(node.phantom ? { ph: 1 as const } : {}),
        ...(node.protected === "collected" ? { pr: 1 as const } : {}),
      },
    }], seq);
    writer.close(number, "complete", []);
  });
  const keys = writer.keys(nodes.length);
  writer.writeEdges(
    ["demo"],
    edges.map(({ from, to, type }) => ({ from: keys[from] ?? 0, to: keys[to] ?? 0, type })),
  );
  finish(writer);
  for (const node of nodes) setFlags(store, node);
  return store;
}

/** Where the store is, and its model. */
interface StoreSetup {
  readonly path?: string;
  readonly kinds?: readonly Kind[];
}

/** A node with what a test does not care about filled in. */
export function plainNode(node: Pick<PlainNode, "kind" | "id"> & Partial<PlainNode>): PlainNode {
  return {
    name: node.id,
    account: "a1",
    region: "eu",
    body: { tags: {} },
    phantom: false,
    protected: "no",
    marked: false,
    ...node,
  };
}

function setFlags(store: Store, node: PlainNode): void {
  if (node.protected !== "flagged" && !node.marked) return;
  store.db.run(
    `INSERT INTO flags(kind, cloud, account, region, zone, id, twin, protected, marked, changed_at)
      VALUES (?, 'demo', ?, ?, 'undefined', ?, ?, ?, ?, '2030-01-01T00:00:00Z')`,
    node.kind,
    node.account || "undefined",
    node.region || "undefined",
    node.id,
    node.kind === "t_region" ? node.name : "",
    node.protected === "flagged" ? 1 : 0,
    node.marked ? 1 : 0,
  );
}
