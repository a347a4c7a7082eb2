import type { FunctionName, Operator, PathStep, Quantifier, Value } from "../tree.ts";

/** A path as it was written. */
export interface RawPath {
  readonly at: number;
  readonly absolute: boolean;
  readonly elements: readonly PathStep[];
}

export type RawTerm =
  | { readonly type: "all" }
  | { readonly type: "is"; readonly at: number; readonly kinds: readonly string[] }
  | { readonly type: "id"; readonly ids: readonly string[] }
  | {
    readonly type: "predicate";
    readonly path: RawPath;
    readonly filter: Quantifier | null;
    readonly op: Operator;
    readonly value: Value;
  }
  | {
    readonly type: "call";
    readonly at: number;
    readonly name: "in_subnet" | "has_desired_change" | "has_key";
    readonly path: RawPath;
    readonly values: readonly Value[];
  }
  | { readonly type: "context"; readonly path: RawPath; readonly term: RawTerm }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "not"; readonly term: RawTerm }
  | { readonly type: "and" | "or"; readonly left: RawTerm; readonly right: RawTerm };

export type RawEdgeType = "dependency" | "default" | "delete" | "iam";

export interface RawNav {
  readonly at: number;
  readonly direction: "out" | "in" | "both";
  readonly left: readonly RawEdgeType[] | null;
  readonly range: { readonly from: number; readonly to: number | "open" | null } | null;
  readonly filter: RawTerm | null;
  readonly right: readonly RawEdgeType[] | null;
}

export interface RawWith {
  readonly at: number;
  readonly count: {
    readonly op: "==" | "!=" | "<" | "<=" | ">" | ">=";
    readonly number: number;
  };
  readonly nav: RawNav;
  readonly term: RawTerm | null;
  readonly within: RawWith | null;
}

export interface RawMerge {
  readonly at: number;
  readonly name: string;
  readonly list: boolean;
  readonly query: RawQuery;
}

export interface RawSortKey {
  readonly path: RawPath;
  readonly descending: boolean;
}

/** What parts are made of, in the order of the text. */
export type RawItem =
  & { readonly at: number }
  & (
    | {
      readonly type: "usage";
      readonly from: string;
      readonly to: string | null;
      readonly metrics: readonly string[];
    }
    | { readonly type: "term"; readonly term: RawTerm }
    | { readonly type: "merge"; readonly merges: readonly RawMerge[] }
    | { readonly type: "with"; readonly within: RawWith }
    | { readonly type: "tag"; readonly tag: string }
    | { readonly type: "sort"; readonly keys: readonly RawSortKey[] }
    | { readonly type: "limit"; readonly first: number; readonly second: number | null }
    | { readonly type: "reversed" }
    | { readonly type: "nav"; readonly nav: RawNav }
  );

export interface RawGroup {
  readonly at: number;
  readonly texts: readonly (string | RawPath)[];
  readonly as: string | null;
}

export interface RawFunction {
  readonly at: number;
  readonly name: FunctionName;
  readonly of: RawPath | number;
  readonly steps: readonly {
    readonly operator: "+" | "-" | "*" | "/" | "%";
    readonly operand: number;
  }[];
  readonly as: string | null;
}

export interface RawAggregate {
  readonly at: number;
  readonly groups: readonly RawGroup[];
  readonly functions: readonly RawFunction[];
}

export interface RawSetting {
  readonly at: number;
  readonly key: "edge_type" | "merge_with_ancestors";
  readonly value: string;
}

/** A query as it was written. */
export interface RawQuery {
  readonly aggregate: RawAggregate | null;
  readonly preamble: readonly RawSetting[] | null;
  readonly section: string;
  readonly items: readonly RawItem[];
}

/** One thing that could have stood where reading ended. */
export interface Expectation {
  readonly type: "literal" | "class" | "any" | "end" | "other" | "not";
  readonly text?: string;
  readonly description?: string;
}

/** What is thrown for a text that is no query. */
export declare class SyntaxError extends Error {
  readonly expected: readonly Expectation[] | null;
  readonly found: string | null;
  readonly location: { readonly start: { readonly offset: number } };
}

/** @throws SyntaxError */
export declare function parse(text: string): RawQuery;
