import type { DumpEdge, DumpNode } from "../graph/mod.ts";
import type { KindIndex } from "../model/mod.ts";

/** Generations of the core's protocol: `ckcore` is 2.0.0a10, `fixcore` is 4.2. */
export const DIALECTS = ["ckcore", "fixcore"] as const;
export type DialectName = typeof DIALECTS[number];

/** What planning an upload has to know about a core. */
export interface UploadTraits {
  /** Edges between two replaced sub graphs: this core refuses them, or takes them behind the rest. */
  readonly crossingEdges: "drop" | "defer";
  /** One merge for everything, or one for each replaced sub graph. */
  readonly merges: "one" | "per_sub_graph";
  /** Node ids are hashes with the name, or without. */
  readonly nodeIds: "with_name" | "without_name";
}

/** Level of the nodes that are replaced with everything below them. */
export type ReplaceLevel = "cloud" | "account" | "region";

/** A node on its way to a core. */
export interface UploadNode extends DumpNode {
  /** Everything below it at the core that is not part of the upload is deleted. */
  readonly replace: boolean;
}

/** An edge on its way to a core. */
export interface UploadEdge extends DumpEdge {
  /** Crosses sub graphs; told behind the others where the core takes such. */
  readonly deferred?: boolean;
}

/** One merge: a whole graph with its root, every node before every edge. */
export interface UploadPart {
  /** For people: `aws`, `aws/123456789012`. */
  readonly name: string;
  readonly nodes: number;
  /** Without deferred ones. */
  readonly edges: number;
  /** The records anew with each call, for a merge may have to be repeated. */
  records(): Iterable<UploadRecord>;
}

export type UploadRecord =
  | { readonly type: "node"; readonly node: UploadNode }
  | { readonly type: "edge"; readonly edge: UploadEdge };

/** A finished graph that is handed to a core. */
export interface Upload {
  /** All kinds there are: the model that the core is told first. */
  readonly kinds: KindIndex;
  readonly parts: readonly UploadPart[];
  /** Id of the workflow's task that asked for it; absent when nobody did. */
  readonly task?: string;
}

/** What a core said about an upload. */
export interface CommitResult {
  readonly parts: readonly {
    readonly name: string;
    /** Counters of the merge by their name at the core; absent where the core only accepts. */
    readonly changes?: Readonly<Record<string, number>>;
  }[];
  /** Of all merges, before compression. */
  readonly bytes: number;
  /** Nodes whose largest values were replaced by a note, because the core takes no longer lines. */
  readonly shortened: readonly { readonly kind: string; readonly id: string }[];
}

/** A node as a core answers it. */
export interface CoreNode {
  readonly type: "node";
  readonly id: string;
  readonly revision?: string;
  readonly reported: Readonly<Record<string, unknown>>;
  readonly desired?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `ancestors.cloud.reported.id` and so on. */
  readonly ancestors?: Readonly<Record<string, unknown>>;
}

/** An edge as a core answers it. */
export interface CoreEdge {
  readonly type: "edge";
  readonly from: string;
  readonly to: string;
  /** In our words, whatever the core calls it. */
  readonly edgeType: "dependency" | "delete" | "iam";
}

export type CoreRecord = CoreNode | CoreEdge;

/** Changed sections of one node. */
export interface NodePatch {
  readonly id: string;
  readonly reported?: Readonly<Record<string, unknown>>;
  readonly desired?: Readonly<Record<string, unknown>> | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/**
 * The server that keeps the graph, remote or embedded. Clean-up planning, tagging and action
 * plugins are written against it.
 */
export interface Core {
  /** For people: the URI of a server, the path of a store. */
  readonly name: string;
  /** Generation whose words queries and messages use. @throws CoreUnreachableError */
  dialect(signal: AbortSignal): Promise<DialectName>;
  traits(signal: AbortSignal): Promise<UploadTraits>;
  /**
   * Makes the graph, if there is none: what does not exist cannot be asked what it holds.
   * @throws CoreUnreachableError, CoreRejectedError
   */
  prepare(signal: AbortSignal): Promise<void>;
  /**
   * Hands a graph over: the graph's name, the model, then each part as one merge.
   * @throws CoreUnreachableError when the core cannot be reached or is busy: the same upload may
   *   succeed later
   * @throws CoreRejectedError when the core refuses it, with its reason: it will do so again
   */
  commit(upload: Upload, signal: AbortSignal): Promise<CommitResult>;
  /** Runs a graph query, in the words of {@link dialect}; all nodes, then all edges. */
  query(text: string, signal: AbortSignal): AsyncIterable<CoreRecord>;
  /** Runs an aggregation; one object for each group. */
  aggregate(text: string, signal: AbortSignal): AsyncIterable<Readonly<Record<string, unknown>>>;
  patch(patches: Iterable<NodePatch>, signal: AbortSignal): Promise<void>;
}
