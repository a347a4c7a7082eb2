import type { ParsedQuery } from "../../query/mod.ts";

/** A node of an answer. */
export interface SourceNode {
  /** Row number, for the edges of the answer. */
  readonly key: number;
  /** One line of JSON: the node in the form in which a core answers it. */
  readonly document: () => string;
}

/** An edge of an answer, between node ids. */
export interface SourceEdge {
  readonly from: string;
  readonly to: string;
  readonly type: "dependency" | "delete";
}

/** What a query found; everything is read as it is asked for. */
export interface SourceAnswer {
  nodes(): Iterable<SourceNode>;
  /** Edges of the types that the query walks, between these nodes. */
  edges(keys: Iterable<number>): Iterable<SourceEdge>;
  /** Results of an aggregation; none for a query that does not aggregate. */
  groups(): Iterable<{
    readonly group: Readonly<Record<string, unknown>>;
    readonly figures: Readonly<Record<string, unknown>>;
  }>;
}

/** What a patch of a node comes to, in the order in which it is done. */
export interface SourceChange {
  /** Node id. */
  readonly id: string;
  /** All tags that the node has from now on. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Marks the node for clean-up, or ends its mark. */
  readonly clean?: boolean;
  /** Protections are only set here, never ended. */
  readonly protect?: true;
  /** It was deleted in its cloud. */
  readonly cleaned?: true;
  /** Why, for the log of the node; empty when nobody says. */
  readonly why: string;
  /** Further lines for the log of the node. */
  readonly notes: readonly string[];
}

/** The store as an embedded core needs it. */
export interface GraphSource {
  /** For people. */
  readonly name: string;
  /** @throws QueryError for what has no meaning there */
  ask(query: ParsedQuery, now: Date): SourceAnswer;
  /**
   * Does all of the changes or none. Nodes that are not known are passed over, and a protected node
   * is not marked.
   * @throws ChangeError when a phantom is to be marked
   */
  change(changes: readonly SourceChange[]): void;
}
