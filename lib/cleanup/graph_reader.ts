import type { NodeIdentity, Outcome } from "../model/mod.ts";

/** Properties of a node without kind, id and name. */
export type Reported = Readonly<Record<string, unknown>>;

/** How the scope of a node was last looked at. */
export interface Look {
  readonly outcome: Outcome;
  /** ISO time. */
  readonly at: string;
  /** The node was not part of it. */
  readonly stale: boolean;
}

/** A node as a clean-up knows it. */
export interface CleanNode extends NodeIdentity {
  /** Number of the node in its reader. */
  readonly key: number;
  /** Id of the node at its core, or in the store. */
  readonly nodeId: string;
  readonly name: string;
  /** Region name; empty without region. */
  readonly regionName: string;
  readonly reported: Reported;
  readonly phantom: boolean;
  readonly protected: boolean;
  readonly marked: boolean;
  /** Why it is marked. */
  readonly reason: string;
  /** Rule that marked it; empty for people and cores. */
  readonly rule: string;
  /** Undefined when the store has no scope for it. */
  readonly look: Look | undefined;
}

/** One edge, seen from a node; `down`: the other end is the child. */
export interface NodeEdge {
  readonly other: number;
  readonly direction: "up" | "down";
  readonly type: "dependency" | "delete";
}

/** The graph that a plan is made from: the store's, or what a core answered. */
export interface GraphReader {
  /** Nodes that are marked for clean-up, in a stable order. */
  marked(): readonly number[];
  /** Nodes that nobody may delete. */
  protected(): readonly number[];
  /** The same node for the same number; undefined when there is none. */
  node(key: number): CleanNode | undefined;
  edges(key: number): readonly NodeEdge[];
  /** How many nodes of an account could be deleted at all; undefined when that is not known. */
  deletable(cloud: string, account: string): number | undefined;
}

/** Names a node for people. */
export function nodeText({ kind, id, name }: Pick<CleanNode, "kind" | "id" | "name">): string {
  return name === id || name === "" ? `${kind} ${id}` : `${kind} ${id} (${name})`;
}
