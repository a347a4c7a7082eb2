import type { KindIndex, Level } from "../model/mod.ts";
import type { NodeTable } from "./node_table.ts";
import type { Place, Places } from "./places.ts";

/** Where a search for the parent begins: the levels above a node. */
const ABOVE: Readonly<Record<Level | "node", readonly Level[]>> = {
  node: ["zone", "region", "account", "cloud"],
  zone: ["region", "account", "cloud"],
  region: ["account", "cloud"],
  account: ["cloud"],
  cloud: [],
};

/** A node below which others hang. */
export interface Container {
  readonly seq: number;
  readonly level: Level;
}

/** Finds the node below which another hangs when it declares no parent of its own. */
export class DefaultParents {
  readonly #places: Places;
  readonly #root: number;
  readonly #containers: ReadonlyMap<string, number>;
  /** Parent of nodes without a level, by place. */
  readonly #parents = new Map<number, number>();

  /** @param containers those of the graph */
  constructor(
    nodes: NodeTable,
    places: Places,
    containers: Iterable<Container>,
    root: number,
  ) {
    this.#places = places;
    this.#root = root;
    this.#containers = byPlace(nodes, places, containers);
  }

  /** Parent of a node that lies at a place; a node with a level hangs below the next level. */
  find(place: number, level: Level | undefined): number {
    if (level !== undefined) return this.#above(place, level);
    let parent = this.#parents.get(place);
    if (parent === undefined) {
      parent = this.#above(place, "node");
      this.#parents.set(place, parent);
    }
    return parent;
  }

  #above(place: number, level: Level | "node"): number {
    for (const above of ABOVE[level]) {
      const found = this.#containers.get(containerText(this.#places.at(place), above));
      if (found !== undefined) return found;
    }
    return this.#root;
  }
}

/** Of several nodes at one place one of this run is taken, else the one with the lowest id. */
function byPlace(
  nodes: NodeTable,
  places: Places,
  containers: Iterable<Container>,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { seq, level } of containers) {
    const text = containerText(places.at(nodes.places.at(seq)), level);
    const known = found.get(text);
    if (known === undefined || isBetter(nodes, seq, known)) found.set(text, seq);
  }
  return found;
}

function isBetter(nodes: NodeTable, seq: number, known: number): boolean {
  if (nodes.isKept(seq) !== nodes.isKept(known)) return nodes.isKept(known);
  return nodes.compare(seq, known) < 0;
}

function containerText(place: Place, level: Level): string {
  const { cloud, account, regionName, zone } = place;
  if (level === "cloud") return ["cloud", cloud].join("\0");
  if (level === "account") return ["account", cloud, account].join("\0");
  const last = level === "region" ? regionName : zone;
  return [level, cloud, account, last].join("\0");
}

/** Level of each kind, remembered. */
export function levelOf(kinds: KindIndex): (kind: string) => Level | undefined {
  const levels = new Map<string, Level | undefined>();
  return (kind) => {
    if (!levels.has(kind)) levels.set(kind, kinds.level(kind));
    return levels.get(kind);
  };
}
