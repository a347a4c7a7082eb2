import type { Level } from "ckworker";
import type { RawLine } from "../source/lines.ts";
import { Unreadable } from "../source/unreadable.ts";
import { Findings } from "./findings.ts";
import { judgeNode, type Place } from "./judge.ts";
import { KeyTable } from "./key_table.ts";
import type { LentKind, LentKinds } from "./lent_kinds.ts";
import { Numbers } from "./numbers.ts";
import { Parents } from "./parents.ts";
import { Places } from "./places.ts";
import { type BadLine, type GraphRecord, type NodeRecord, readRecord } from "./record.ts";
import { Texts } from "./texts.ts";

/** What stands for nodes of the file that are not passed on; the number of others is behind it. */
const LEFT_OUT = 0;
const BAD = 1;
const FIRST = 2;

/** Names of clouds that are told. */
const MOST_CLOUDS = 20;

/** A node below which others lie. */
export interface Container {
  readonly level: Level;
  readonly id: string;
  readonly name: string;
  readonly place: Place;
}

/**
 * What the first reading of a file finds out, before anything of it is passed on: whether it is
 * whole, where its nodes lie, and its edges. It holds ids and numbers, no properties.
 */
export class Survey {
  readonly places = new Places();
  readonly parents = new Parents();
  readonly findings: Findings;
  /** Accounts, regions and zones by the number of their node. */
  readonly containers = new Map<number, Container>();
  /** Nodes of which some edge could not be read. */
  readonly unsure = new Set<number>();
  /** Nodes that were left out, by the cloud that nobody asked for. */
  readonly leftOut = new Map<string, number>();
  readonly #lent: LentKinds;
  /** Every `node_id` of the file, and which node it is. */
  readonly #nodeIds = new KeyTable();
  readonly #nodes = new Numbers();
  /** Of the nodes that are passed on: their `node_id` among all. */
  readonly #nodeIdOf = new Numbers();
  readonly #ids = new Texts();
  readonly #kindsAndIds = new KeyTable();
  readonly #repeated = new Set<number>();
  readonly #kinds = new Numbers();
  readonly #placeOf = new Numbers();
  #lines = 0;
  #end: Extract<GraphRecord, { type: "end" }> | undefined;

  constructor(lent: LentKinds, call: string) {
    this.#lent = lent;
    this.findings = new Findings(call);
  }

  /** @throws Unreadable when the file can be no graph whatever follows */
  take(line: RawLine): void {
    if (this.#end !== undefined) throw unreadable("something follows its end line");
    const record = readRecord(line);
    if (record.type === "end") this.#end = record;
    else this.#lines++;
    if (record.type === "node") this.#takeNode(record);
    else if (record.type === "edge") this.#takeEdge(record);
    else if (record.type === "bad") this.findings.add(undefined, "lost", record);
  }

  /** @throws Unreadable when the file is not whole */
  finish(): void {
    if (this.#end === undefined) {
      const first = this.findings.first;
      throw unreadable(
        "its end line is missing: it is cut off, or was not written by ckworker export" +
          (first === undefined ? "" : ` (${first.message}, ${first.count} of them)`),
      );
    }
    const told = this.#end.nodes + this.#end.edges;
    if (told !== this.#lines) {
      throw unreadable(`it holds ${this.#lines} lines and tells of ${told}`);
    }
    this.parents.settle(this.#ids.length);
  }

  /** Nothing was left out by a filter of the export, and every line could be read. */
  get isWhole(): boolean {
    return this.#end?.whole === true && this.findings.first === undefined;
  }

  /** Nodes that are passed on. */
  get size(): number {
    return this.#ids.length;
  }

  /** Number of a node that is passed on; undefined for others. */
  number(nodeId: string): number | undefined {
    const node = this.#node(nodeId);
    return node !== undefined && node >= FIRST ? node - FIRST : undefined;
  }

  /** What stands for the `node_id` of a node, the same in every run. */
  mark(number: number): string {
    return this.#nodeIds.mark(this.#nodeIdOf.at(number));
  }

  /** Id of a node in its cloud. */
  id(number: number): string {
    return this.#ids.at(number);
  }

  kind(number: number): string {
    return this.#lent.name(this.#kinds.at(number));
  }

  /** Whether kind and id may not tell which node it is: others have the same. */
  isAmbiguous(kind: string, id: string): boolean {
    if (this.#lent.hasDerived(kind)) return true;
    const known = this.#repeated.size === 0 ? undefined : this.#kindsAndIds.find(keyOf(kind, id));
    return known !== undefined && this.#repeated.has(known);
  }

  /** {@link LEFT_OUT}, {@link BAD}, or the number of a node after {@link FIRST}. */
  #node(nodeId: string): number | undefined {
    const known = this.#nodeIds.find(nodeId);
    return known === undefined ? undefined : this.#nodes.at(known);
  }

  /** Remembers what a `node_id` is; the first of several counts. */
  #remember(nodeId: string, node: number): void {
    if (this.#nodeIds.add(nodeId) === this.#nodes.length) this.#nodes.push(node);
  }

  #takeNode(node: NodeRecord): void {
    const judgement = judgeNode(node, this.#lent);
    if (judgement.type === "left") return this.#leave(node);
    const place = this.places.number(judgement.place);
    if (judgement.type === "bad") {
      this.findings.add(place, "lost", judgement);
      this.#remember(node.node_id, BAD);
    } else if (this.#node(node.node_id) !== undefined) {
      this.findings.add(place, "lost", DUPLICATE);
    } else this.#add(node, judgement.kind, place);
  }

  #add(node: NodeRecord, { number: kind, level }: LentKind, place: number): void {
    const number = this.#ids.length;
    this.#ids.push(node.id);
    this.#remember(node.node_id, number + FIRST);
    this.#nodeIdOf.push(this.#nodeIds.length - 1);
    const before = this.#kindsAndIds.length;
    const key = this.#kindsAndIds.add(keyOf(node.kind, node.id));
    if (key < before) this.#repeated.add(key);
    this.#kinds.push(kind);
    this.#placeOf.push(place);
    const at = this.places.at(place);
    if (level === undefined || at === undefined) return;
    this.containers.set(number, { level, id: node.id, name: node.name, place: at });
    // A region in which there is nothing is looked at, too.
    const { cloud, account } = at;
    if (level === "region") {
      this.places.number({ cloud, account, region: { id: node.id, name: node.name } });
    }
  }

  #leave({ node_id, cloud }: NodeRecord): void {
    this.#remember(node_id, LEFT_OUT);
    if (this.#lent.has(cloud)) return;
    const count = this.leftOut.get(cloud);
    if (count === undefined && this.leftOut.size >= MOST_CLOUDS) return;
    this.leftOut.set(cloud, (count ?? 0) + 1);
  }

  /** An edge whose other end cannot be told costs its node no edge that was known before. */
  #takeEdge({ from, to, edge_type }: Extract<GraphRecord, { type: "edge" }>): void {
    if (this.#node(from) === LEFT_OUT || this.#node(to) === LEFT_OUT) return;
    const parent = this.number(from);
    const child = this.number(to);
    if (parent !== undefined && child !== undefined) {
      return this.parents.add(parent, child, edge_type);
    }
    const known = child ?? parent;
    if (child !== undefined) this.unsure.add(child);
    this.findings.add(
      known === undefined ? undefined : this.#placeOf.at(known),
      "unread",
      DANGLING,
    );
  }
}

const DUPLICATE: Omit<BadLine, "type"> = {
  code: "DuplicateNode",
  message: "a node is given twice",
};
const DANGLING: Omit<BadLine, "type"> = {
  code: "UnknownEnd",
  message: "an edge leads from or to a node that cannot be read or is not there",
};

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

function unreadable(why: string): Unreadable {
  return new Unreadable("request", why);
}
