import type { CoreEdge, CoreNode, CoreRecord } from "../core/mod.ts";
import { identityText, type KindIndex, type Level } from "../model/mod.ts";
import type { CleanNode, GraphReader, NodeEdge, Reported } from "./graph_reader.ts";

const UNDEFINED = "undefined";

/** What is known beside the core's answer. */
export interface Beside {
  /** The node as it was collected here; undefined when it never was. */
  stored(node: CleanNode): CleanNode | undefined;
  deletable(cloud: string, account: string): number | undefined;
}

/** An account, as far as a changer needs it. */
export interface CoreAccount {
  readonly name: string;
  readonly reported: Reported;
}

/** The graph that a core answered. Nothing of the answer is believed that it does not say. */
export class CoreGraph implements GraphReader {
  readonly #kinds: KindIndex;
  readonly #beside: Beside;
  readonly #records: readonly CoreNode[];
  readonly #edges = new Map<number, NodeEdge[]>();
  readonly #nodes: readonly CleanNode[];
  /** Nodes that something of which the answer says nothing may stand on. */
  readonly #unsure = new Set<number>();
  /** Nodes that the core has twice, under two ids: only the first counts. */
  readonly #twice = new Set<number>();

  constructor(records: readonly CoreRecord[], kinds: KindIndex, beside: Beside) {
    this.#kinds = kinds;
    this.#beside = beside;
    const nodes = new Map(
      records.flatMap((record) => record.type === "node" ? [[record.id, record] as const] : []),
    );
    this.#records = [...nodes.values()];
    const keys = new Map(this.#records.map(({ id }, key) => [id, key]));
    for (const record of records) if (record.type === "edge") this.#join(record, keys);
    this.#nodes = this.#records.map((record, key) => this.#read(record, key));
    const seen = new Set<string>();
    for (const node of this.#nodes) {
      const text = identityText(node);
      if (seen.has(text)) this.#twice.add(node.key);
      seen.add(text);
    }
  }

  /** How many nodes the core has under a second id. */
  get twice(): number {
    return this.#twice.size;
  }

  marked(): readonly number[] {
    return this.#nodes.filter(({ marked, key }) => marked && !this.#twice.has(key))
      .map(({ key }) => key);
  }

  protected(): readonly number[] {
    return this.#nodes.filter((node) => node.protected).map(({ key }) => key);
  }

  node(key: number): CleanNode | undefined {
    return this.#nodes[key];
  }

  edges(key: number): readonly NodeEdge[] {
    return this.#edges.get(key) ?? [];
  }

  deletable(cloud: string, account: string): number | undefined {
    return this.#beside.deletable(cloud, account);
  }

  /** Whether only the core knows the node. */
  isForeign(node: CleanNode): boolean {
    return this.#beside.stored(node) === undefined;
  }

  /** The node of an account, when the answer holds it. */
  account({ cloud, account }: CleanNode): CoreAccount | undefined {
    const found = this.#nodes.find((node) =>
      node.cloud === cloud && node.id === account && this.#kinds.level(node.kind) === "account"
    );
    return found === undefined ? undefined : { name: found.name, reported: found.reported };
  }

  #join({ from, to, edgeType }: CoreEdge, keys: ReadonlyMap<string, number>): void {
    if (edgeType === "iam") return;
    const [upper, lower] = [keys.get(from), keys.get(to)];
    if (upper !== undefined && lower !== undefined) {
      this.#add(upper, { other: lower, direction: "down", type: edgeType });
      this.#add(lower, { other: upper, direction: "up", type: edgeType });
    } else if (upper !== undefined) this.#unsure.add(upper);
  }

  #add(key: number, edge: NodeEdge): void {
    const edges = this.#edges.get(key);
    if (edges === undefined) this.#edges.set(key, [edge]);
    else edges.push(edge);
  }

  #read(record: CoreNode, key: number): CleanNode {
    const told = this.#told(record, key);
    const stored = this.#beside.stored(told);
    const node = stored === undefined ? told : {
      ...told,
      reported: stored.reported,
      name: stored.name,
      look: stored.look,
      phantom: told.phantom || stored.phantom,
      protected: told.protected || stored.protected,
    };
    if (!this.#unsure.has(key)) return node;
    return { ...node, look: { outcome: "failed", at: "", stale: true } };
  }

  #told(record: CoreNode, key: number): CleanNode {
    const { reported, metadata = {}, desired = {} } = record;
    const kind = textOf(reported["kind"]) ?? "";
    const id = textOf(reported["id"]) ?? "";
    const name = textOf(reported["name"]) ?? id;
    const region = this.#place(record, key, "region");
    const level = this.#kinds.get(kind) === undefined ? undefined : this.#kinds.level(kind);
    return {
      key,
      nodeId: record.id,
      kind,
      cloud: this.#place(record, key, "cloud").id,
      account: this.#place(record, key, "account").id,
      region: region.id,
      zone: this.#place(record, key, "zone").id,
      id,
      twin: level === "region" ? name : "",
      name,
      regionName: region.name,
      reported: this.#properties(kind, reported),
      phantom: metadata["phantom"] === true || this.#isPhantom(kind),
      protected: metadata["protected"] === true,
      marked: desired["clean"] === true && metadata["cleaned"] !== true && id !== "",
      reason: "so at the core",
      rule: "",
      look: undefined,
    };
  }

  #isPhantom(kind: string): boolean {
    return this.#kinds.get(kind) !== undefined && this.#kinds.isPhantom(kind);
  }

  /** What a collect would have reported: neither header nor computed properties nor nothing. */
  #properties(kind: string, reported: Reported): Reported {
    const computed = this.#kinds.get(kind) === undefined
      ? []
      : this.#kinds.properties(kind).filter(({ synthetic }) => synthetic !== undefined);
    const left = new Set(["kind", "id", "name", ...computed.map(({ name }) => name)]);
    return Object.fromEntries(
      Object.entries(reported).filter(([name, value]) => !left.has(name) && value !== null),
    );
  }

  /** An ancestor as the core tells it, else the nearest one above. */
  #place(
    record: CoreNode,
    key: number,
    level: Level,
  ): { readonly id: string; readonly name: string } {
    const own = this.#placeOf(record, level);
    if (own !== undefined) return own;
    const told = member(member(record.ancestors, level), "reported");
    const id = textOf(member(told, "id"));
    if (id !== undefined) return { id, name: textOf(member(told, "name")) ?? id };
    const seen = new Set([key]);
    for (const next of seen) {
      const found = this.#records[next];
      const place = found === undefined || next === key ? undefined : this.#placeOf(found, level);
      if (place !== undefined) return place;
      for (const { other, direction } of this.edges(next)) if (direction === "up") seen.add(other);
    }
    return { id: UNDEFINED, name: "" };
  }

  #placeOf({ reported }: CoreNode, level: Level) {
    const kind = textOf(reported["kind"]) ?? "";
    if (this.#kinds.get(kind) === undefined || this.#kinds.level(kind) !== level) return undefined;
    const id = textOf(reported["id"]);
    return id === undefined ? undefined : { id, name: textOf(reported["name"]) ?? id };
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : undefined;
}
