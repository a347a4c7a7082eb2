import type { KindIndex } from "../model/mod.ts";
import type { Names } from "./grow.ts";
import type { NodeTable } from "./node_table.ts";
import type { Places } from "./places.ts";
import type { References } from "./references.ts";
import { AMBIGUOUS, TargetIndex, type TargetValues, UNRESOLVED } from "./target_index.ts";

/** What the references of a graph are resolved from. */
export interface Resolvable {
  readonly kinds: KindIndex;
  readonly kindNames: Names;
  readonly nodes: NodeTable;
  readonly places: Places;
  readonly values: TargetValues;
  readonly references: References;
  /** 1 for each node that is part of the graph; by number. */
  readonly alive: Uint8Array;
}

/** The nodes that references found; what found none is counted by `kind.property`. */
export interface Resolution {
  /** Number of the other node by reference, negative where there is none. */
  readonly found: Int32Array;
  readonly unresolved: ReadonlyMap<string, number>;
  readonly ambiguous: ReadonlyMap<string, number>;
  readonly selfReferences: ReadonlyMap<string, number>;
}

/** Why a reference makes no edge: it found the node that declares it. */
const SELF = -3;
/** Its node is not part of the graph. */
const DISCARDED = -4;

/** Looks every reference up, see {@link TargetIndex.find}. */
export function resolveReferences(graph: Resolvable): Resolution {
  const { references } = graph;
  const found = new Int32Array(references.length).fill(DISCARDED);
  if (references.length > 0) resolveAll(graph, found);
  const targets = references.targets();
  const count = (outcome: number) => countByTarget(found, outcome, references, targets);
  return {
    found,
    unresolved: count(UNRESOLVED),
    ambiguous: count(AMBIGUOUS),
    selfReferences: count(SELF),
  };
}

function resolveAll(graph: Resolvable, found: Int32Array): void {
  const { nodes, places, values, references, alive } = graph;
  const index = new TargetIndex(nodes, values, places.all(), alive);
  const kindsOf = references.targets().map((target) => kindNumbers(target, graph));
  for (let reference = 0; reference < found.length; reference++) {
    const node = references.node(reference);
    if (alive[node] !== 1) continue;
    const kinds = kindsOf[references.target(reference)] ?? [];
    const other = index.find(references.key(reference), kinds, nodes.places.at(node));
    found[reference] = other === node ? SELF : other;
  }
}

/** Numbers of the kinds that a reference to `kind.property` may mean: the kind and those derived. */
function kindNumbers(target: string, { kinds, kindNames }: Resolvable): number[] {
  const kind = target.slice(0, target.indexOf("."));
  // A kind that has left the model is known by its kept nodes only.
  const names = kinds.get(kind) === undefined ? [kind] : kinds.derived(kind);
  return names.map((name) => kindNames.find(name)).filter((number) => number !== undefined);
}

function countByTarget(
  found: Int32Array,
  outcome: number,
  references: References,
  targets: readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let reference = 0; reference < found.length; reference++) {
    if (found[reference] !== outcome) continue;
    const target = targets[references.target(reference)] ?? "";
    counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  return new Map([...counts].sort());
}
