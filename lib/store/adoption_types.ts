import type { NodeExtras } from "../model/mod.ts";
import type { CoreTarget } from "./core_target.ts";

/** A node as a core holds it, in the words of this model. */
export interface ToldNode {
  /** Id at the core, by which its edges name it. */
  readonly coreId: string;
  /** Our own node id. */
  readonly nodeId: string;
  readonly kind: string;
  /** Resource of the scope that lists the kind. */
  readonly resource: string;
  readonly cloud: string;
  readonly account: string;
  /** Region id. */
  readonly region: string;
  readonly regionName: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  /** Name for kinds that derive from `region`, else empty. */
  readonly twin: string;
  readonly extras: NodeExtras;
  /** JSON object of the properties without kind, id and name. */
  readonly body: string;
  readonly protected: boolean;
  readonly marked: boolean;
}

/** Another end of an edge that the core tells. */
export interface ToldEnd {
  readonly told: number;
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly region_name: string;
  readonly zone: string;
  readonly id: string;
  readonly name: string;
  /** Scope that it is adopted into; 0 when it is not. */
  readonly scope: number;
}

/** What became of a node. */
export type Fate = "held" | "gone" | "adopted";

/** What an adoption brought. */
export interface AdoptionStats {
  readonly nodes: number;
  /** By account id; empty for nodes of no account. */
  readonly accounts: ReadonlyMap<string, number>;
}

/** What to adopt. */
export interface AdoptionStart {
  readonly target: CoreTarget;
  readonly cloud: string;
}

/**
 * Takes nodes of a core into the store that this run had no chance to see: those that the store does
 * not hold, in scopes that the run did not look at conclusively. They lie there like any other node of
 * an earlier run, stale, with their edges as references, and the scope's next conclusive look decides
 * about them. What came from the core alone, and is not there any more, is dropped here, too. Nothing
 * happens before {@link finish}; dispose to give up.
 *
 * What the core tells waits in temporary tables, so nothing is held in memory.
 */
export interface Adoption extends Disposable {
  /**
   * Takes a node, once for each id. One that is held or gone is remembered for the edges only.
   * @param isKept false for a node that is known to be gone
   */
  node(node: ToldNode, isKept: boolean): Fate;
  /** A node that was told, by its id at the core. */
  end(coreId: string): ToldEnd | undefined;
  /** Tells that a node hangs below the container of its place. */
  below(end: ToldEnd): void;
  /** Gives a node to be adopted an edge as a reference to the other end. */
  refer(end: ToldEnd, reference: readonly string[]): void;
  /** Puts everything that is to be adopted into the store, in one transaction. */
  finish(): AdoptionStats;
}
