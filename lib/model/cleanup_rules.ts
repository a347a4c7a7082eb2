/**
 * Values by which a node is told: property path → values of which it must have one. All paths must
 * match; no path matches every node. `[]` after a member spreads its list, of which one element is
 * enough: `associations[].main`. The path `name` is the node's name.
 */
export type PropertyMatch = Readonly<Record<string, readonly (string | number | boolean)[]>>;

/** A node that goes when another one is deleted. */
export interface GoesAlong {
  /** Kinds of the other one. */
  readonly with: readonly string[];
  readonly when: PropertyMatch;
  /** Path of the property that holds the other one's id; without it an edge joins the two. */
  readonly by?: string;
  /** The cloud refuses to delete it alone. */
  readonly only?: boolean;
}

/** A kind whose nodes are deleted before those of the kind that names it, against edges if need be. */
export interface GoesFirst {
  readonly kind: string;
  /** The two have a parent of this kind in common; without it an edge joins them. */
  readonly sharing?: string;
}

/** What a clean-up has to know of a kind beside the changes that it has; those of its bases add up. */
export interface CleanupRules {
  /** Such a node is still listed and does not exist any more. */
  readonly ended?: readonly PropertyMatch[];
  /** Such a node is never deleted. */
  readonly never?: readonly PropertyMatch[];
  readonly along?: readonly GoesAlong[];
  readonly first?: readonly GoesFirst[];
  /**
   * Properties that a clean-up itself changes, by preparing the node or by deleting what uses it. They
   * may become absent, empty or a part of the list that they were, or one of the named values.
   */
  readonly loose?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
}
