import type { ChangeType, PropertyDefault } from "ckworker";

/** An object of the API, or a part of one, as it came from the wire. */
export type Raw = Readonly<Record<string, unknown>>;

/** Where objects of a kind are in the API. */
export interface Api {
  /** API group; empty for the core group. */
  readonly group: string;
  /** Versions that the declared paths hold for, the best first. */
  readonly versions: readonly string[];
  /** Last part of the address, `pods`. */
  readonly plural: string;
  /** Name of the type, `Pod`. */
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A property that is read from the object; its type follows from the published description. */
export interface DeclaredProperty {
  /** Names of members, joined by dots. */
  readonly path: string;
  /** Default: the last member in snake_case, with the kind's last word in front if it is taken. */
  readonly as?: string;
  /** Holds secrets: texts are stored as keyed hashes. */
  readonly sensitive?: boolean;
  /** Changes by itself: stored, but no change. */
  readonly volatile?: boolean;
  readonly default?: PropertyDefault;
}

/** An edge to or from objects that are named somewhere in the object. */
export interface DeclaredEdge {
  /** `from`: the other node is the parent. */
  readonly direction: "from" | "to";
  /** Kind of the other node; absent where the object names it itself. */
  readonly kind?: string;
  /** Where the name is: texts, or references with kind, name and namespace. `[]` goes through a list. */
  readonly path: string;
  /** The other object lies where the reference says, not in this one's namespace. */
  readonly anywhere?: boolean;
}

/** Labels that an object selects others of its namespace by. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** A kind of node and the listing that yields it. */
export interface Resource {
  readonly kind: string;
  readonly bases: readonly string[];
  /** Name for `--k8s-collect`. */
  readonly collector: string;
  readonly description: string;
  readonly api: Api;
  /** Name in the published description of the best version. */
  readonly definition: string;
  readonly properties: readonly (string | DeclaredProperty)[];
  readonly edges?: readonly DeclaredEdge[];
  /** Properties of base kinds, computed. */
  readonly values?: (raw: Raw) => Readonly<Record<string, unknown>>;
  /** Inherited properties that change by themselves. */
  readonly volatile?: readonly string[];
  /** Path of the selector of pods; its nodes are the parents of the pods they select. */
  readonly selects?: string;
  /** Only metadata are asked for, so that the content never leaves the cluster. */
  readonly metadataOnly?: boolean;
  /** Module of the original worker; absent for kinds that it did not have. */
  readonly pythonModule?: string;
  /** Always collected, whatever is chosen. */
  readonly always?: boolean;
}

/** Changes that every object of the API knows. */
export const CHANGES: readonly ChangeType[] = ["setTag", "removeTag", "delete"];

/** Checks a declaration's form at compile time and returns it. */
export function defineResource(resource: Resource): Resource {
  return resource;
}

/** Edges to objects of a kind that are named by a text at the path. */
export function named(
  direction: "from" | "to",
  kind: string,
  ...paths: readonly string[]
): readonly DeclaredEdge[] {
  return paths.map((path) => ({ direction, kind, path }));
}

/** Edges to objects that a reference at the path tells with kind and name, in this namespace. */
export function referred(
  direction: "from" | "to",
  ...paths: readonly string[]
): readonly DeclaredEdge[] {
  return paths.map((path) => ({ direction, path }));
}

/** The same, where the reference tells the namespace, too. */
export function referredAnywhere(
  direction: "from" | "to",
  path: string,
  kind?: string,
): readonly DeclaredEdge[] {
  return [{ direction, path, anywhere: true, ...(kind === undefined ? {} : { kind }) }];
}
