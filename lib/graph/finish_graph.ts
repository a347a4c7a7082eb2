import { breakCycles, type Cycle } from "./break_cycles.ts";
import { type Container, DefaultParents, levelOf } from "./default_parents.ts";
import { type CycleReport, Graph } from "./graph.ts";
import { DEFAULT_PARENT, Links } from "./links.ts";
import { type Resolution, type Resolvable, resolveReferences } from "./resolve_references.ts";
import { topology } from "./topology.ts";

/** Cycles beyond these are counted, not described. */
const DESCRIBED_CYCLES = 100;

/** Everything that an assembler has gathered. */
export interface Gathered extends Resolvable {
  readonly containers: readonly Container[];
  /** Nodes of kind `graph_root`. */
  readonly roots: readonly number[];
}

/**
 * Makes a graph of what was gathered.
 * @throws Error when there is no root
 */
export function finishGraph(gathered: Gathered): Graph {
  const resolution = resolveReferences(gathered);
  const parentOf = parentFinder(gathered);
  const dependencies = dependencyLinks(gathered, resolution, parentOf);
  const deletes = deleteLinks(gathered, resolution);
  const { cycles: broken, depths } = untangle(gathered, dependencies, parentOf);
  const cycles = [...broken, ...breakAll(gathered, deletes).cycles];
  return new Graph({
    nodes: gathered.nodes,
    alive: gathered.alive,
    dependencies,
    deletes,
    depths,
    report: {
      unresolved: resolution.unresolved,
      ambiguous: resolution.ambiguous,
      selfReferences: resolution.selfReferences,
      cycles: cycles.slice(0, DESCRIBED_CYCLES).map((cycle) => describe(cycle, gathered)),
      cycleCount: cycles.length,
    },
  });
}

/** Default parent by node; none for the root. */
type ParentOf = (seq: number) => number | undefined;

function parentFinder(gathered: Gathered): ParentOf {
  const { nodes, places, kinds, kindNames, alive } = gathered;
  const root = rootOf(gathered);
  const containers = gathered.containers.filter(({ seq }) => alive[seq] === 1);
  const parents = new DefaultParents(nodes, places, containers, root);
  const level = levelOf(kinds);
  return (seq) =>
    seq === root
      ? undefined
      : parents.find(nodes.places.at(seq), level(kindNames.name(nodes.kind(seq))));
}

function rootOf({ roots, alive, nodes }: Gathered): number {
  const [root] = roots.filter((seq) => alive[seq] === 1)
    .sort((a, b) => Number(nodes.isKept(a)) - Number(nodes.isKept(b)) || nodes.compare(a, b));
  if (root === undefined) throw new Error("the graph has no node of kind graph_root");
  return root;
}

/** Default parents first, then what is declared; orphans have a default parent only if all fails. */
function dependencyLinks(
  gathered: Gathered,
  resolution: Resolution,
  parentOf: ParentOf,
): Links {
  const { alive, nodes } = gathered;
  const hasParent = new Uint8Array(alive.length);
  let declared = 0;
  forEachDeclared(gathered, resolution, false, (_from, to) => {
    hasParent[to] = 1;
    declared++;
  });
  const links = Links.withCapacity(alive.length + declared);
  forEachAlive(alive, (seq) => {
    const parent = nodes.isOrphan(seq) && hasParent[seq] === 1 ? undefined : parentOf(seq);
    if (parent !== undefined) links.push(parent, seq, DEFAULT_PARENT);
  });
  forEachDeclared(gathered, resolution, false, (...link) => links.push(...link));
  return links;
}

function deleteLinks(gathered: Gathered, resolution: Resolution): Links {
  let declared = 0;
  forEachDeclared(gathered, resolution, true, () => declared++);
  const links = Links.withCapacity(declared);
  forEachDeclared(gathered, resolution, true, (...link) => links.push(...link));
  return links;
}

function forEachDeclared(
  { references }: Gathered,
  { found }: Resolution,
  deletes: boolean,
  visit: (from: number, to: number, reference: number) => void,
): void {
  for (let reference = 0; reference < found.length; reference++) {
    const other = found[reference] ?? -1;
    if (other < 0 || references.isDelete(reference) !== deletes) continue;
    const node = references.node(reference);
    if (references.isIncoming(reference)) visit(other, node, reference);
    else visit(node, other, reference);
  }
}

/** Breaks cycles; an orphan that loses its last parent thereby gets its default one, and so on. */
function untangle(gathered: Gathered, links: Links, parentOf: ParentOf): Untangled {
  const cycles: Cycle[] = [];
  for (;;) {
    const broken = breakAll(gathered, links);
    cycles.push(...broken.cycles);
    if (broken.cycles.length === 0) return { cycles, depths: broken.depths };
    adopt(gathered, links, parentOf);
  }
}

/** Gives nodes without incoming links their default parents. */
function adopt({ alive }: Gathered, links: Links, parentOf: ParentOf): void {
  const hasParent = incoming(alive.length, links);
  forEachAlive(alive, (seq) => {
    const parent = hasParent[seq] === 1 ? undefined : parentOf(seq);
    if (parent !== undefined) links.push(parent, seq, DEFAULT_PARENT);
  });
}

/** The cycles that were broken, and the depths if there was none. */
interface Untangled {
  readonly cycles: readonly Cycle[];
  readonly depths: Uint32Array;
}

function breakAll({ alive, nodes, references }: Gathered, links: Links): Untangled {
  const { tangled, depths } = topology(alive.length, links);
  if (tangled.length === 0) return { cycles: [], depths };
  const cycles = breakCycles(alive.length, tangled, links, {
    nodes: (left, right) => nodes.compare(left, right),
    references: (left, right) =>
      nodes.compare(references.node(left), references.node(right)) || left - right,
  });
  return { cycles, depths };
}

function describe(cycle: Cycle, { references }: Gathered): CycleReport {
  const { path, length, reference } = cycle;
  return {
    path,
    length,
    target: references.targets()[references.target(reference)] ?? "",
    type: references.isDelete(reference) ? "delete" : "dependency",
  };
}

/** 1 for each node to which a link leads. */
function incoming(nodes: number, links: Links): Uint8Array {
  const marks = new Uint8Array(nodes);
  for (let link = 0; link < links.length; link++) {
    if (links.left[link] === 0) marks[links.to[link] ?? 0] = 1;
  }
  return marks;
}

function forEachAlive(alive: Uint8Array, visit: (seq: number) => void): void {
  for (let seq = 0; seq < alive.length; seq++) if (alive[seq] === 1) visit(seq);
}
