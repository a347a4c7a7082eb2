import { type NodeInput, textsAt } from "ckworker";
import type { Raw } from "../raw.ts";
import type { Resource } from "../resource.ts";
import { lastSegment, resourcePath } from "./link.ts";
import type { Position } from "./locations.ts";
import type { Made } from "./node_maker.ts";
import type { Missing } from "./scopes.ts";

/** How a listing ended. */
export interface ListingEnd {
  readonly isWhole: boolean;
  /** What made it not whole. */
  readonly lostBy: unknown;
  readonly missing: readonly Missing[];
}

/** An object below which others are listed. */
export interface Parent {
  readonly raw: Raw;
  readonly link: string | undefined;
  readonly position: Position;
}

/** What the listings of one project leave for those that come later. */
export class Gathered {
  readonly #used = new Map<string, Map<string, string>>();
  readonly #ends = new Map<string, ListingEnd>();
  readonly #notes = new Map<string, Set<string>>();
  readonly #parents = new Map<string, Parent[]>();
  /** What lies before an object on the way to the instances of a load balancer, by path. */
  readonly #behind = new Map<string, Set<string>>();
  /** Kinds of which some edges are not known. */
  readonly #missed = new Set<string>();
  readonly #balancing: readonly string[];
  readonly #parentKinds: ReadonlySet<string>;

  /** @param resources all kinds, collected or not */
  constructor(resources: readonly Resource[]) {
    this.#balancing = resources.filter(({ balances }) => balances === true).map(({ kind }) => kind);
    this.#parentKinds = new Set(resources.flatMap(({ under }) => under?.kind ?? []));
  }

  /** Takes a node that was sent. */
  add(resource: Resource, raw: Raw, { node, link }: Made, position: Position): void {
    for (const [kind, path] of Object.entries(resource.uses ?? {})) {
      const links = this.#used.get(kind) ?? new Map<string, string>();
      this.#used.set(kind, links);
      for (const link of textsAt(raw, path)) links.set(resourcePath(link), link);
    }
    if (resource.balances === true) this.#addBalancing(node);
    if (!this.#parentKinds.has(resource.kind)) return;
    const parents = this.#parents.get(resource.kind) ?? [];
    this.#parents.set(resource.kind, parents);
    parents.push({ raw, link, position });
  }

  /** Edges of an object of a kind could not be read. */
  missed(kind: string): void {
    this.#missed.add(kind);
  }

  ended(kind: string, end: ListingEnd): void {
    this.#ends.set(kind, end);
  }

  /** How the listing of a kind ended; undefined for one that was not made. */
  end(kind: string): ListingEnd | undefined {
    return this.#ends.get(kind);
  }

  /** Links of the objects of a kind that others named. */
  used(kind: string): readonly string[] {
    return [...this.#used.get(kind)?.values() ?? []].sort();
  }

  parents(kind: string): readonly Parent[] {
    return this.#parents.get(kind) ?? [];
  }

  note(topic: string, value: string): void {
    const values = this.#notes.get(topic) ?? new Set();
    this.#notes.set(topic, values.add(value));
  }

  noted(topic: string, kind: string): ReadonlySet<string> | undefined {
    return this.#isComplete(kind) ? this.#notes.get(topic) ?? new Set() : undefined;
  }

  /** Names of the instances behind these links, sorted; undefined when a part may be missing. */
  instancesBehind(links: readonly string[]): readonly string[] | undefined {
    const isKnown = (kind: string) => this.#isComplete(kind) && !this.#missed.has(kind);
    if (!this.#balancing.every(isKnown)) return undefined;
    const names = new Set<string>();
    const waiting = links.map((link) => resourcePath(link));
    const seen = new Set(waiting);
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (path.includes("/instances/")) names.add(lastSegment(path));
      for (const next of this.#behind.get(path) ?? []) {
        if (!seen.has(next)) waiting.push(next);
        seen.add(next);
      }
    }
    return [...names].sort();
  }

  #isComplete(kind: string): boolean {
    const end = this.#ends.get(kind);
    return end !== undefined && end.isWhole && end.missing.length === 0;
  }

  /** A url map is the parent of its services, and they lie behind it all the same. */
  #addBalancing({ kind, targets = {}, edges = [] }: NodeInput): void {
    const [path] = Object.values(targets);
    if (path === undefined) return;
    const behind = this.#behind.get(path) ?? new Set();
    this.#behind.set(path, behind);
    for (const { direction, value } of edges) {
      if (direction === "from" || kind === "gcp_url_map") behind.add(value);
    }
  }
}
