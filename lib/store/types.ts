import type { Call, Kind, NodeExtras, Outcome, ScopeFault, ScopeKey } from "../model/mod.ts";
import type { Budget, CallStats } from "../sdk/mod.ts";
import type { Adoption, AdoptionStart } from "./adoption_types.ts";

/** A node on its way into the store; the id is computed by the host. */
export interface StagedNode {
  /** Position in the assembler of this run; the store hands it back beside its key. */
  readonly seq: number;
  /** Core's node id: 22 characters (lib/graph/node_id.ts). */
  readonly nodeId: string;
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  /** Region id; `undefined` as text when there is none, like everywhere in node ids. */
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  readonly extras: NodeExtras;
  /** UTF-8 JSON object of the properties without kind, id and name; not parsed by the host. */
  readonly body: Uint8Array;
}

/** What closing a scope changed in the store. */
export interface ScopeStats {
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** Nodes kept although absent, because the outcome is not conclusive. */
  readonly stale: number;
  /** Lines left out because another line of the same identity, with other content, came first in order. */
  readonly duplicates: number;
}

/** One scope of the ledger. */
export interface ScopeRecord extends ScopeKey {
  /** Region id; empty without region. */
  readonly regionId: string;
  readonly outcome: Outcome;
  readonly faults: readonly ScopeFault[];
  readonly stats: ScopeStats;
  /** ISO times. */
  readonly openedAt: string;
  readonly closedAt: string;
  /** Run and time of the last conclusive outcome; null when there was none. */
  readonly lastGoodRun: string | null;
  readonly lastGoodAt: string | null;
}

/** A node of an earlier run that this run did not send, read back for the graph. */
export interface KeptNode {
  /** Row number in the store. */
  readonly key: number;
  readonly nodeId: string;
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  /** Region name, as in its scope. */
  readonly scopeRegion: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  readonly extras: NodeExtras;
}

/** References that a node of this run keeps from before, because a call for them failed. */
export interface KeptReferences {
  readonly seq: number;
  readonly references: NonNullable<NodeExtras["e"]>;
}

/** A resolved edge between two rows. */
export interface StoredEdge {
  readonly from: number;
  readonly to: number;
  readonly type: "dependency" | "delete";
}

/** How a run was started. */
export interface RunStart {
  readonly id: string;
  readonly startedAt: Date;
  /** Names of the collectors that take part. */
  readonly collectors: readonly string[];
  readonly clouds: readonly string[];
  readonly version: string;
}

/** How a run ended. */
export interface RunEnd {
  readonly finishedAt: Date;
  readonly exitCode: number;
  /** Everything the summary shows, as JSON data. */
  readonly summary: unknown;
  readonly calls: readonly CallStats[];
  readonly budgets: readonly Budget[];
}

/**
 * Writes one run. Lines are staged as they arrive; a scope's lines become visible in one
 * transaction when it closes. A process that is killed leaves every closed scope and nothing else.
 */
export interface RunWriter {
  readonly run: string;
  /** Scopes known from earlier runs, for these clouds. */
  knownScopes(clouds: readonly string[]): readonly ScopeRecord[];
  /**
   * Scopes that the last run of these collectors listed and nobody looked at since, for `--resume`;
   * empty when that run finished.
   */
  resumable(): readonly ScopeRecord[];
  /** Opens a scope and returns its number in this run. */
  open(scope: ScopeKey, regionId: string): number;
  /** Stages a node of an open scope. */
  stage(scope: number, node: StagedNode): void;
  /**
   * Closes a scope. Conclusive: exactly its nodes are replaced by the staged ones. Otherwise the
   * staged ones are updated or added and the rest stays, stale.
   *
   * Lines of one identity in one scope: the smallest body wins. In several scopes of one run: the
   * scope whose text is lowest wins, in whatever order they close.
   * @throws GraphError when a body is no JSON object or holds kind, id or name; the scope stays open
   *   and has to be discarded
   * @throws StoreError when the disk is full or the file cannot be written; nothing is lost
   */
  close(scope: number, outcome: Outcome, faults: readonly ScopeFault[]): ScopeStats;
  /** Throws the staged lines of an open scope away and records its outcome, never a conclusive one. */
  discard(scope: number, outcome: Outcome, faults: readonly ScopeFault[]): ScopeStats;
  /**
   * Records a scope that was not opened: `gone` removes its nodes, `skipped`, `not_enabled` and
   * `cancelled` keep them. A scope that this run recorded already cannot be marked.
   */
  mark(scope: ScopeKey, outcome: Outcome, faults?: readonly ScopeFault[]): ScopeStats;
  /** Records a scope of {@link resumable} as looked at: its outcome and nodes stand. */
  resume(scope: ScopeKey): void;
  /** Begins to take nodes of a core over, once all scopes of the run have ended. */
  adopt(start: AdoptionStart): Adoption;
  /** Row numbers of this run's visible nodes: `keys[seq]`; 0 where a line was discarded. */
  keys(count: number): Uint32Array;
  /** Nodes of the clouds that are in the store but were not sent in this run. */
  kept(clouds: readonly string[]): Iterable<KeptNode>;
  /** References of nodes whose line keeps its edges (`$edges` in {@link NodeExtras.k}). */
  keptReferences(): Iterable<KeptReferences>;
  /** Replaces the edges among the clouds' nodes by these, in one transaction. */
  writeEdges(clouds: readonly string[], edges: Iterable<StoredEdge>): {
    readonly edges: number;
    readonly added: number;
    readonly removed: number;
  };
  /** Ends the run; without it the run counts as interrupted. */
  finish(end: RunEnd): void;
}

/** What opening a store needs to know. */
export interface StoreOptions {
  /** File, or `:memory:`. */
  readonly path: string;
  /** All kinds of all plugins and bases: views and volatile properties come from them. */
  readonly kinds: readonly Kind[];
  readonly calls?: readonly Call[];
  readonly now: () => Date;
}
