/**
 * The lines that a guest sends: one JSON array, and for a node a tab and the JSON object of its
 * properties. JSON escapes tabs and line breaks, so neither occurs inside a part.
 *
 * - `["o", scope, cloud, account, region, regionId, resource]` opens a scope under a number that the
 *   guest chooses; `region` is the region's name, `regionId` its id, both empty without region.
 * - `["n", scope, kind, id, name, extras]\t{…}` is one node.
 * - `["c", scope, outcome, faults]` closes it.
 *
 * Lines of several scopes may interleave; a node line refers to a scope that is open.
 *
 * The properties hold neither `kind` nor `id` nor `name`: they come from the header, so that a body
 * cannot contradict the identity that the host computes. Dates are `YYYY-MM-DDTHH:MM:SSZ`.
 *
 * Without a declared parent a node hangs below its zone, else its region, else its account; a node
 * whose kind derives from `region` hangs below the account, one from `account` below the cloud. The
 * cloud node itself is the host's.
 */

/** An edge that a node declares, its other end given as (kind, property, value). */
export interface Reference {
  /** `from`: the other node is the parent of this one. `to`: it is the child. */
  readonly direction: "from" | "to";
  readonly kind: string;
  /** Property of the other node that is looked up; `id`, `name`, or one that its kind declares. */
  readonly by: string;
  readonly value: string;
  /** Default `dependency`. */
  readonly type?: "dependency" | "delete";
}

/** What a node line carries beside kind, id, name and properties; absent fields are not written. */
export interface NodeExtras {
  /** Zone id. */
  readonly z?: string;
  /** References: `[direction, kind, by, value, type?]`. */
  readonly e?: readonly (readonly string[])[];
  /** Values under which other nodes find this one, by property; `id` is always known. */
  readonly t?: Readonly<Record<string, string>>;
  /** 1: no edge from the region (or account) node unless no other parent is found. */
  readonly o?: 1;
  /** 1: phantom, not a real resource of the cloud. */
  readonly ph?: 1;
  /** 1: protected from clean-up. */
  readonly pr?: 1;
  /**
   * Properties whose call failed: the store keeps their last good value. `$edges` stands for the
   * references of the line, `name` for its name.
   */
  readonly k?: readonly string[];
}

/** Largest line that a host accepts, in bytes. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
