import type { CleanupRules } from "./cleanup_rules.ts";

/**
 * Types of the graph's model as a core understands it.
 * A simple type is a core's own kind (`string`, `int64`, `double`, `boolean`, `datetime`, `date`,
 * `any`, …), `X[]`, `dictionary[K, V]`, or the name of a complex kind.
 */
export type PropertyType = string;

/** Value of a property that the cloud did not give. */
export type PropertyDefault =
  | string
  | number
  | boolean
  | readonly []
  | Readonly<Record<string, never>>;

/**
 * Changes that can be made to a node in its cloud; `prepare` comes before a delete: detach, revoke.
 * `read` changes nothing: it tells what the node is at that moment.
 */
export const CHANGE_TYPES = ["setTag", "removeTag", "prepare", "delete", "read"] as const;
export type ChangeType = typeof CHANGE_TYPES[number];

/** One property of a kind. */
export interface Property {
  readonly name: string;
  readonly type: PropertyType;
  readonly required?: boolean;
  readonly description?: string;
  /** Value that a node reports when the cloud gives none; absent: the property is left out then. */
  readonly default?: PropertyDefault;
  /** Computed by the core from another property and never sent: path of that property. */
  readonly synthetic?: readonly string[];
  /** Stored, but neither a change nor part of a fingerprint. */
  readonly volatile?: boolean;
  /** Value differs by core generation; rewritten at send time. */
  readonly dialect?: boolean;
}

/** A kind: the type of a node, or of a nested value (complex kind without bases). */
export interface Kind {
  /** Globally unique snake_case name. */
  readonly name: string;
  /** Direct base kinds, in order. */
  readonly bases: readonly string[];
  /** Own properties, in order; inherited ones are not repeated. */
  readonly properties: readonly Property[];
  /** `metadata.python_type`: module path and class of the original worker, or our own for new kinds. */
  readonly pythonType?: string;
  /** Every node of this kind is phantom. */
  readonly phantom?: boolean;
  /** Nested value rather than a node. */
  readonly nested?: boolean;
  /** Properties under which references look its nodes up, `id` apart. */
  readonly targets?: readonly string[];
  /** Inherited properties that are volatile for this kind and those that derive from it. */
  readonly volatile?: readonly string[];
  /** What the plugin can change about its nodes; absent: nothing. */
  readonly changes?: readonly ChangeType[];
  /** What a clean-up has to know of its nodes. */
  readonly cleanup?: CleanupRules;
  readonly description?: string;
  /** Resource of the scope that its nodes lie in, where that is not the kind's own name. */
  readonly listing?: string;
}

/** All kinds of one plugin (`model.json`), bases outside of it being base kinds of `lib/model`. */
export interface Model {
  readonly kinds: readonly Kind[];
}

/** One API operation that a plugin may make (`calls.json`). */
export interface Call {
  /** `service:Operation`. */
  readonly call: string;
  /** Permissions it needs, `ec2:DescribeVpcs`. */
  readonly permissions: readonly string[];
  /** `read` collects; `change` deletes or tags. */
  readonly purpose: "read" | "change";
  /** Kinds that need it. */
  readonly kinds: readonly string[];
}
