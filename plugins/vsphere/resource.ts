import type { ChangeType, CleanupRules } from "ckworker";
import type { ObjectContent } from "./client/values.ts";

/** A property of a kind, and where it comes from. */
export interface DeclaredProperty {
  readonly name: string;
  /** Path of the property collector, valid for the type that the resource lists. */
  readonly path: string;
  readonly type: "string" | "int64" | "double" | "boolean" | "datetime" | "string[]";
  readonly description?: string;
  /** A new value is no change. */
  readonly volatile?: true;
}

/** Objects that a path names, and on which side of the edge they are. */
export interface DeclaredEdge {
  readonly path: string;
  readonly direction: "from" | "to";
}

/** Managed objects that are nodes: which, and what is told of them. */
export interface Resource {
  readonly kind: string;
  /** Class in the type name. */
  readonly pythonClass: string;
  readonly bases: readonly string[];
  readonly description: string;
  /** Type that is listed; those derived from it come along. */
  readonly type: string;
  /** Types, of those, whose objects are of this kind; by default the listed one alone. */
  readonly only?: readonly string[];
  readonly properties: readonly DeclaredProperty[];
  readonly edges: readonly DeclaredEdge[];
  /** A host that no vCenter manages does not know the type. */
  readonly needsVcenter?: true;
  /** The kind in whose listing it comes along. */
  readonly listing?: string;
  /** Properties of base kinds, and times of the node, which need more than a path. */
  readonly values?: {
    readonly paths: readonly string[];
    /** Properties that are not known when one of the paths could not be read. */
    readonly names: readonly string[];
    /** Undefined where there is no value, null where it is of no use. */
    readonly read: (object: ObjectContent) => Readonly<Record<string, unknown>>;
  };
  /** Whether such an object must never be deleted. */
  readonly protects?: {
    readonly path: string;
    readonly when: (value: unknown) => boolean;
  };
  readonly changes?: readonly ChangeType[];
  readonly cleanup?: CleanupRules;
}

/** Checks the form of a declaration at compile time. */
export function defineResource(resource: Resource): Resource {
  return resource;
}

/** Properties and edges that every object of the inventory has. */
export const COMMON_PATHS = ["name", "customValue"] as const;
