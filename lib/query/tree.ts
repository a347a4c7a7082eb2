/** One step of a path: a name, and for arrays which element; `*` is any of them. */
export interface PathStep {
  readonly name: string;
  readonly index?: number | "*";
}

/**
 * Path of a property from the root of a node's document: `reported.tags.owner`,
 * `metadata.protected`, `ancestors.account.reported.id`, `_key`. Inside of a context and of an
 * edge's filter it starts at the element or edge.
 */
export type Path = readonly PathStep[];

/** A literal of a query. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value };

/** How a property is compared; `=` and `~` are read as `==` and `=~`. */
export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "=~" | "!~" | "in" | "not in";

/** How many elements of an array have to fulfil a predicate. */
export type Quantifier = "any" | "all" | "none";

/** A condition on one node. `and` and `or` have the same rank and are read from left to right. */
export type Term =
  | { readonly type: "all" }
  | { readonly type: "is"; readonly kinds: readonly string[] }
  | { readonly type: "id"; readonly id: string }
  | Predicate
  | { readonly type: "has_key"; readonly path: Path; readonly keys: readonly string[] }
  | { readonly type: "in_subnet"; readonly path: Path; readonly net: string }
  | { readonly type: "has_desired_change"; readonly path: Path }
  | { readonly type: "context"; readonly path: Path; readonly term: Term }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "not"; readonly term: Term }
  | { readonly type: "and" | "or"; readonly left: Term; readonly right: Term };

/** A comparison of a property with a value. */
export interface Predicate {
  readonly type: "predicate";
  readonly path: Path;
  readonly filter: Quantifier | undefined;
  readonly op: Operator;
  readonly value: Value;
}

/** Types of edges, in our words: `dependency` is what one generation calls `default`. */
export const EDGE_TYPES = ["dependency", "delete", "iam"] as const;
export type EdgeType = typeof EDGE_TYPES[number];

/** Steps along edges. */
export interface Navigation {
  /** `both` is all ancestors and all descendants, not the whole component. */
  readonly direction: "out" | "in" | "both";
  /** Types walked; for `both` those walked against the edges. */
  readonly types: readonly EdgeType[];
  /** For `both`: types walked along the edges. */
  readonly outTypes: readonly EdgeType[];
  /** Least number of steps; 0 includes the start. */
  readonly from: number;
  /** Largest number of steps; undefined is no limit. */
  readonly to: number | undefined;
  /** Condition on the edges' data. */
  readonly filter: Term | undefined;
}

/** Keeps a node by how many nodes it reaches. */
export interface With {
  readonly op: "==" | "!=" | "<" | "<=" | ">" | ">=";
  readonly number: number;
  readonly nav: Navigation;
  readonly term: Term | undefined;
  readonly within: With | undefined;
}

/** Adds nodes that are reached from a node to that node, under a name. */
export interface Merge {
  readonly name: string;
  /** All nodes reached, not the first one only. */
  readonly list: boolean;
  readonly query: Query;
}

/** One property to sort by. */
export interface SortKey {
  readonly path: Path;
  readonly descending: boolean;
}

/** Which part of the sorted nodes is left. */
export interface Limit {
  readonly offset: number;
  readonly count: number;
}

/** Figures of the time before, asked together with the nodes. */
export interface Usage {
  readonly from: string;
  readonly to: string | undefined;
  readonly metrics: readonly string[];
}

/** Selects nodes out of its input; a navigation leads on to the next part. */
export interface Part {
  readonly usage: Usage | undefined;
  readonly term: Term | undefined;
  readonly merges: readonly Merge[];
  /** Condition on the node with what was merged into it. */
  readonly after: Term | undefined;
  readonly within: With | undefined;
  readonly tag: string | undefined;
  readonly sort: readonly SortKey[];
  readonly limit: Limit | undefined;
  readonly reversed: boolean;
  readonly nav: Navigation | undefined;
}

/** A value by which nodes are grouped: one path, or a text with paths in it. */
export interface Group {
  readonly name: string;
  readonly texts: readonly (string | Path)[];
}

/** Functions of an aggregation. */
export const FUNCTIONS = ["sum", "count", "min", "max", "avg", "stddev", "variance"] as const;
export type FunctionName = typeof FUNCTIONS[number];

/** A figure of each group. */
export interface Figure {
  readonly name: string;
  readonly function: FunctionName;
  readonly of: Path | number;
  readonly steps: readonly {
    readonly operator: "+" | "-" | "*" | "/" | "%";
    readonly operand: number;
  }[];
}

/** Groups and figures in the place of nodes. */
export interface Aggregate {
  readonly groups: readonly Group[];
  readonly figures: readonly Figure[];
}

/** An ancestor that is copied into the sections of a node: `cloud`, `account as acc`. */
export interface CopiedAncestor {
  readonly kind: string;
  readonly name: string;
}

/** A whole query. */
export interface Query {
  readonly aggregate: Aggregate | undefined;
  readonly ancestors: readonly CopiedAncestor[];
  readonly parts: readonly Part[];
}

/** A part that lets everything through. */
export const EMPTY_PART: Part = Object.freeze({
  usage: undefined,
  term: undefined,
  merges: [],
  after: undefined,
  within: undefined,
  tag: undefined,
  sort: [],
  limit: undefined,
  reversed: false,
  nav: undefined,
});

/** The path as text, without quotes: `reported.tags.owner`. */
export function pathText(path: Path): string {
  return path.map(({ name, index }) => index === undefined ? name : `${name}[${index}]`).join(".");
}
