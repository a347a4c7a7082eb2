import { type CoreDialect, DIALECT_FACTS } from "./dialect.ts";
import { expiryOf } from "./expires.ts";
import { canonical, type JsonObject } from "./json.ts";
import type { DeferredEdge, UploadedEdge, UploadedNode } from "./merge_line.ts";
import type { Upload } from "./merge_rules.ts";
import type { Model } from "./model.ts";
import { type Refs, resolveRefs } from "./refs.ts";

/** A node as the core keeps it. */
export interface StoredNode {
  readonly id: string;
  readonly revision: string;
  readonly reported: JsonObject;
  readonly desired?: JsonObject;
  readonly metadata?: JsonObject;
  readonly usage?: JsonObject;
  /** Ids of the nodes that this one lies in, by level. */
  readonly refs: Refs;
  /** Sections as they were uploaded last: an equal upload changes nothing. */
  readonly hash: string;
  /** The document of the last upload that was taken. */
  readonly sent?: JsonObject;
}

export interface StoredEdge extends UploadedEdge {
  /** Made out of selectors, not part of an upload. */
  readonly deferred?: boolean;
}

/** A graph as it is written down. */
export interface SavedGraph {
  readonly name: string;
  readonly nodes: readonly StoredNode[];
  readonly edges: readonly StoredEdge[];
  readonly deferred: readonly (readonly [string, readonly DeferredEdge[]])[];
  readonly revision: number;
}

/** What a merge did, under the names that the core answers. */
export interface MergeCounts {
  readonly nodes_created: number;
  readonly nodes_updated: number;
  readonly nodes_deleted: number;
  readonly edges_created: number;
  readonly edges_updated: number;
  readonly edges_deleted: number;
}

/** One graph of a core. What lies in it can be saved and loaded as JSON. */
export class GraphDatabase {
  readonly name: string;
  readonly dialect: CoreDialect;
  readonly nodes = new Map<string, StoredNode>();
  readonly edges = new Map<string, StoredEdge>();
  /** Edges to look up, by the task that brought them. */
  readonly deferred = new Map<string, readonly DeferredEdge[]>();
  #revision = 0;

  constructor(name: string, dialect: CoreDialect) {
    this.name = name;
    this.dialect = dialect;
    const reported = { kind: "graph_root", id: "root", name: "root", tags: {} };
    this.nodes.set("root", { id: "root", revision: this.#next(), reported, refs: {}, hash: "" });
  }

  /** Stores an upload that has passed every check, all of it at once. */
  merge(upload: Upload, model: Model, now: number): MergeCounts {
    const refs = resolveRefs(
      upload.nodes.keys(),
      upload.edges.filter(({ type }) => type === DIALECT_FACTS[this.dialect].defaultEdge),
      (id) => upload.nodes.get(id)?.kind,
      model,
    );
    const gone = this.#below(upload);
    const nodes = this.#mergeNodes(upload, gone, refs, now);
    return { ...nodes, ...this.#mergeEdges(upload, gone) };
  }

  /** Replaces one node, with a new revision. */
  put(node: StoredNode): StoredNode {
    const fresh = { ...node, revision: this.#next() };
    this.nodes.set(node.id, fresh);
    return fresh;
  }

  /** Adds an edge, or replaces what it reports. @returns whether it was there before */
  putEdge(edge: StoredEdge): "created" | "updated" | "same" {
    const key = edgeKey(edge);
    const old = this.edges.get(key);
    this.edges.set(key, edge);
    if (old === undefined) return "created";
    return canonical(old.reported) === canonical(edge.reported) ? "same" : "updated";
  }

  save(): SavedGraph {
    return {
      name: this.name,
      nodes: [...this.nodes.values()],
      edges: [...this.edges.values()],
      deferred: [...this.deferred],
      revision: this.#revision,
    };
  }

  load(saved: Omit<SavedGraph, "name">): void {
    for (const node of saved.nodes) this.nodes.set(node.id, node);
    for (const edge of saved.edges) this.edges.set(edgeKey(edge), edge);
    for (const [task, edges] of saved.deferred) this.deferred.set(task, edges);
    this.#revision = saved.revision;
  }

  #next(): string {
    return `_r${++this.#revision}`;
  }

  /** What lies in a replaced node now and is not part of the upload. */
  #below(upload: Upload): ReadonlySet<string> {
    const roots = new Set(upload.replaced);
    return new Set(
      [...this.nodes.values()].filter(({ id, refs }) =>
        !roots.has(id) && !upload.nodes.has(id) &&
        Object.values(refs).some((ref) => roots.has(ref))
      ).map(({ id }) => id),
    );
  }

  #mergeNodes(
    upload: Upload,
    gone: ReadonlySet<string>,
    refs: ReadonlyMap<string, Refs>,
    now: number,
  ) {
    const counts = { nodes_created: 0, nodes_updated: 0, nodes_deleted: gone.size };
    for (const id of gone) this.nodes.delete(id);
    for (const node of upload.nodes.values()) {
      // The core has a root of its own.
      if (node.id === "root") continue;
      const old = this.nodes.get(node.id);
      const hash = canonical([node.reported, node.desired, node.metadata]);
      const placed = refs.get(node.id) ?? {};
      if (old?.hash === hash) {
        const usage = node.usage ?? old.usage;
        this.nodes.set(node.id, { ...old, refs: placed, ...(usage ? { usage } : {}) });
        continue;
      }
      counts[old === undefined ? "nodes_created" : "nodes_updated"]++;
      this.put({ ...old, ...stored(node, old, now), revision: "", refs: placed, hash });
    }
    return counts;
  }

  #mergeEdges(upload: Upload, gone: ReadonlySet<string>) {
    const counts = { edges_created: 0, edges_updated: 0, edges_deleted: 0 };
    const sent = new Set(upload.edges.map(edgeKey));
    const within = this.#within(upload);
    for (const [key, edge] of this.edges) {
      const isOut = within.has(edge.from) && within.has(edge.to) && !sent.has(key);
      if (!isOut && !gone.has(edge.from) && !gone.has(edge.to)) continue;
      this.edges.delete(key);
      counts.edges_deleted++;
    }
    for (const edge of upload.edges) {
      const done = this.putEdge(edge);
      if (done !== "same") counts[done === "created" ? "edges_created" : "edges_updated"]++;
    }
    return counts;
  }

  /** Nodes of one replaced sub graph or another, as they are placed now. */
  #within(upload: Upload): ReadonlySet<string> {
    const roots = new Set(upload.replaced);
    return new Set(
      [...this.nodes.values()].filter(({ id, refs }) =>
        roots.has(id) || Object.values(refs).some((ref) => roots.has(ref))
      ).map(({ id }) => id),
    );
  }
}

export function edgeKey({ type, from, to }: StoredEdge): string {
  return `${type} ${from} ${to}`;
}

/** Uploaded sections replace stored ones; a section that was not sent stays. */
function stored(node: UploadedNode, old: StoredNode | undefined, now: number) {
  const { id, reported, desired, metadata, usage, sent } = node;
  const firstSeen = old?.reported["ctime"] ?? `${new Date(now).toISOString().slice(0, 19)}Z`;
  const ctime = reported["ctime"] ?? firstSeen;
  const expires = expiryOf({ ...reported, ctime });
  const known = expires === undefined ? metadata : { ...metadata, expires };
  return {
    id,
    sent,
    reported: { ...reported, ctime },
    ...(desired === undefined ? {} : { desired }),
    ...(known === undefined ? {} : { metadata: known }),
    ...(usage === undefined ? {} : { usage }),
  };
}
