import type { StoredEdge, StoredNode } from "./fake_core.ts";

/** A graph of a core, or of a store, in texts that can be compared whatever the ids are. */
export interface PlainGraph {
  /** `kind cloud/account/region/zone id name {properties}`, sorted. */
  readonly nodes: readonly string[];
  /** `type: node > node` without properties, sorted. */
  readonly edges: readonly string[];
}

/** What a core has of a graph. */
export interface CoreGraphView {
  readonly nodes: Iterable<StoredNode>;
  readonly edges: Iterable<StoredEdge>;
}

/**
 * Reads a graph as a core keeps it. The root is left out, and a `ctime` that the core made up.
 */
export function plainGraph({ nodes, edges }: CoreGraphView): PlainGraph {
  const all = new Map([...nodes].map((node) => [node.id, node]));
  const names = new Map([...all].map(([id, node]) => [id, nameOf(node, all)]));
  const roots = new Set(
    [...all.values()].filter(({ reported }) => reported["kind"] === "graph_root").map(({ id }) =>
      id
    ),
  );
  return {
    nodes: [...all.values()].filter(({ id }) => !roots.has(id))
      .map((node) => `${names.get(node.id)} ${propertiesOf(node)}`).sort(),
    edges: [...edges].filter(({ from }) => !roots.has(from))
      .map(({ from, to, type }) => `${TYPES[type] ?? type}: ${names.get(from)} > ${names.get(to)}`)
      .sort(),
  };
}

/** The generations name one type differently. */
const TYPES: Readonly<Record<string, string>> = { default: "dependency" };

function nameOf({ id: own, reported, refs }: StoredNode, all: ReadonlyMap<string, StoredNode>) {
  const place = (["cloud", "account", "region", "zone"] as const).map((level) => {
    const id = refs[level];
    const node = id === undefined || id === own ? undefined : all.get(id);
    // Two regions may share an id.
    return node === undefined ? "-" : `${node.reported["id"]}:${node.reported["name"]}`;
  });
  return `${reported["kind"]} ${place.join("/")} ${reported["id"]} ${reported["name"]}`;
}

function propertiesOf({ reported, sent }: StoredNode): string {
  const wasSent = isRecord(sent) && isRecord(sent["reported"]) && "ctime" in sent["reported"];
  const own = Object.entries(reported).filter(([name]) =>
    !["kind", "id", "name"].includes(name) && (name !== "ctime" || wasSent)
  );
  return canonical(Object.fromEntries(own));
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each) =>
      isRecord(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => a < b ? -1 : 1))
        : each,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `ckworker export` printed, by the ids that a core of the older generation has, too. */
export function exportedGraph(ndjson: string): PlainGraph {
  const records: readonly Record<string, unknown>[] = ndjson.split("\n")
    .filter((line) => line !== "").map((line) => JSON.parse(line));
  return {
    nodes: records.filter(({ type }) => type === "node")
      .map(({ node_id, kind, id, name, reported }) =>
        `${node_id} ${kind} ${id} ${name} ${canonical(reported)}`
      ).sort(),
    edges: records.filter(({ type }) => type === "edge")
      .map(({ edge_type, from, to }) => `${edge_type}: ${from} > ${to}`).sort(),
  };
}

/** A graph of a core of the older generation, in the form of {@link exportedGraph}. */
export function storedGraph({ nodes, edges }: CoreGraphView): PlainGraph {
  return {
    nodes: [...nodes].filter(({ id }) => id !== ROOT)
      .map((node) => {
        const { kind, id, name } = node.reported;
        return `${node.id} ${kind} ${id} ${name} ${propertiesOf(node)}`;
      }).sort(),
    edges: [...edges].filter(({ from }) => from !== ROOT)
      .map(({ type, from, to }) => `${type}: ${from} > ${to}`).sort(),
  };
}

/** Id that a core gives the root of an upload. */
const ROOT = "root";
