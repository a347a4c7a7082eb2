import type { KindIndex, Level } from "../../model/mod.ts";
import { nodesOfKinds, type Numbering, readNumbering, type Store } from "../../store/mod.ts";
import type { SubGraph } from "./plan.ts";

/** A node of a cloud, an account, a region or a zone. */
export interface Container {
  readonly key: number;
  readonly level: Level;
  readonly cloud: string;
  readonly account: string;
  /** Name of the region that it is or lies in. */
  readonly region: string;
  /** Id of the zone that it is; else empty. */
  readonly zone: string;
  readonly nodeId: string;
}

/** Node that lies in no replaced sub graph. */
export const OUTSIDE = -1;
/** Node that no core can be told: its kind has left the model. */
export const UNKNOWN = -2;

const SEPARATOR = "\0";

/** What is in the store beside plain nodes: numbers and containers. Small for any store. */
export class StoreLayout {
  readonly numbering: Numbering;
  readonly levels: ReadonlyMap<number, Level>;
  readonly unknownKinds: ReadonlySet<number>;
  readonly containers: ReadonlyMap<number, Container>;
  readonly #byPlace = new Map<string, Container>();

  constructor(store: Store, kinds: KindIndex) {
    this.numbering = readNumbering(store);
    const levels = new Map<number, Level>();
    const unknown = new Set<number>();
    for (const [number, name] of this.numbering.kinds) {
      const level = kinds.level(name);
      if (kinds.get(name) === undefined) unknown.add(number);
      else if (level !== undefined) levels.set(number, level);
    }
    this.levels = levels;
    this.unknownKinds = unknown;
    this.containers = this.#readContainers(store);
  }

  /** The node of a cloud, account, region or zone. */
  container(level: Level, cloud: string, account = "", region = "", zone = "") {
    return this.#byPlace.get(containerText({ level, cloud, account, region, zone }));
  }

  /** The node that a sub graph begins with. */
  top({ level, cloud, account, region }: SubGraph): Container | undefined {
    return this.container(level, cloud, account, region);
  }

  #readContainers(store: Store): ReadonlyMap<number, Container> {
    const containers = new Map<number, Container>();
    for (const row of nodesOfKinds(store, [...this.levels.keys()])) {
      const level = this.levels.get(row.kind);
      if (level === undefined) continue;
      const scopeRegion = this.numbering.scopes.get(row.scope)?.region ?? "";
      const container: Container = {
        key: row.key,
        level,
        cloud: row.cloud,
        account: level === "cloud" ? "" : row.account,
        region: level === "region" ? row.name : level === "zone" ? scopeRegion : "",
        zone: level === "zone" ? row.zone : "",
        nodeId: row.nodeId,
      };
      containers.set(row.key, container);
      const text = containerText(container);
      if (!this.#byPlace.has(text)) this.#byPlace.set(text, container);
    }
    return containers;
  }
}

/** Tells for each row of the store which of the replaced sub graphs it lies in: one at most. */
export class Membership {
  readonly subGraphs: readonly SubGraph[];
  readonly layout: StoreLayout;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #known = new Map<number, number>();

  constructor(layout: StoreLayout, subGraphs: readonly SubGraph[]) {
    this.layout = layout;
    this.subGraphs = subGraphs;
    this.#numbers = new Map(
      subGraphs.map(({ cloud, account, region }, number) => [
        [cloud, account, region].join(SEPARATOR),
        number,
      ]),
    );
  }

  /** Number of the sub graph, {@link OUTSIDE} or {@link UNKNOWN}. */
  of(key: number, kind: number, place: number, scope: number): number {
    if (this.layout.unknownKinds.has(kind)) return UNKNOWN;
    const container = this.layout.levels.has(kind) ? this.layout.containers.get(key) : undefined;
    if (container !== undefined) return this.#find(container);
    const position = scope * PLACES + place;
    const known = this.#known.get(position);
    if (known !== undefined) return known;
    const found = this.#find(this.#placeOf(place, scope));
    this.#known.set(position, found);
    return found;
  }

  /** Scopes that can hold nodes of these sub graphs. */
  scopesOf(numbers: readonly number[]): number[] {
    const tops = new Set<string>();
    const above = new Set<string>();
    for (const number of numbers) {
      const { cloud = "", account = "", region = "" } = this.subGraphs[number] ?? {};
      tops.add([cloud, account, region].join(SEPARATOR));
      // A wider listing may have found the replaced node itself, or what lies below it.
      above.add([cloud, "", ""].join(SEPARATOR)).add([cloud, account, ""].join(SEPARATOR));
    }
    return [...this.layout.numbering.scopes].filter(([, { cloud, account, region }]) =>
      above.has([cloud, account, region].join(SEPARATOR)) ||
      textsOf(cloud, account, region).some((text) => tops.has(text))
    ).map(([number]) => number);
  }

  /** The node that a plain node hangs below when it has no other parent there. */
  defaultParent(place: number, scope: number): Container | undefined {
    const { cloud, account, region, zone } = this.#placeOf(place, scope);
    const { layout } = this;
    return layout.container("zone", cloud, account, region, zone) ??
      layout.container("region", cloud, account, region) ??
      layout.container("account", cloud, account) ?? layout.container("cloud", cloud);
  }

  #placeOf(place: number, scope: number) {
    const { cloud = "", account = "", zone = "" } = this.layout.numbering.places.get(place) ?? {};
    const region = this.layout.numbering.scopes.get(scope)?.region ?? "";
    return { cloud, account, region, zone };
  }

  #find(at: { readonly cloud: string; readonly account: string; readonly region: string }): number {
    const texts = textsOf(at.cloud, at.account, at.region);
    const found = texts.map((text) => this.#numbers.get(text));
    return found.find((number) => number !== undefined) ?? OUTSIDE;
  }
}

/** Names of the sub graphs that something may lie in, the widest first. */
function textsOf(cloud: string, account: string, region: string): readonly string[] {
  return [[cloud, "", ""], [cloud, account, ""], [cloud, account, region]]
    .map((parts) => parts.join(SEPARATOR));
}

/** More than there are places; scope × places is a safe whole number. */
const PLACES = 2 ** 24;

function containerText(at: Omit<Container, "key" | "nodeId">): string {
  const { level, cloud, account, region, zone } = at;
  const parts = {
    cloud: [cloud],
    account: [cloud, account],
    region: [cloud, account, region],
    zone: [cloud, account, region, zone],
  };
  return [level, ...parts[level]].join(SEPARATOR);
}
