import type { KindIndex, PropertyType } from "../model/mod.ts";
import type { CoreEdge, DialectName, UploadEdge, UploadNode, UploadTraits } from "./core.ts";

/** A kind as a dialect tells it, as far as the order of kinds needs it. */
export interface ToldKind {
  readonly fqn: string;
  readonly bases: readonly string[];
  readonly properties: readonly { readonly kind: string }[];
}

/** Paths of one graph, below the core's address. */
export interface GraphPaths {
  readonly graph: string;
  readonly model: string;
  readonly merge: string;
  readonly query: string;
  readonly aggregate: string;
  readonly nodes: string;
}

/** What a node's line holds beside the node. */
export interface NodeContext {
  readonly kinds: KindIndex;
  /** When the upload began, ISO to the second. */
  readonly exportedAt: string;
}

/** What differs between the generations of cores in requests and their bodies. */
export interface Dialect {
  readonly name: DialectName;
  /** Name of the graph unless another is configured. */
  readonly graph: string;
  readonly traits: UploadTraits;
  /** Headers that tell what a merge holds; without `task` the core knows of no tasks. */
  readonly headers: { readonly nodes: string; readonly edges: string; readonly task?: string };
  readonly limits: {
    /** Longest line, bytes with its line feed. */
    readonly line: number;
    /** Longest JSON body, bytes. */
    readonly json: number;
    /** A merge is lost when so many lines take longer than so many milliseconds to arrive. */
    readonly pace: { readonly lines: number; readonly ms: number };
  };
  /** The model may be replaced as a whole, if it cannot be added to. */
  readonly replacesModel: boolean;
  /** Header of requests without a body, which one generation asks for. */
  readonly emptyBody: Readonly<Record<string, string>>;
  /** Our edge types by their names at the core. */
  readonly edgeTypes: ReadonlyMap<string, CoreEdge["edgeType"]>;
  /** Forms of the values of properties that the model marks as differing, by property type. */
  readonly values: ReadonlyMap<PropertyType, (value: unknown) => unknown>;
  paths(graph: string): GraphPaths;
  /** All kinds, in the order of the index. */
  model(kinds: KindIndex): readonly ToldKind[];
  /** @throws GraphError when the node's kind is unknown */
  node(node: UploadNode, context: NodeContext): string;
  /** Undefined for an edge that this core does not take. */
  edge(edge: UploadEdge): string | undefined;
}
