import { type Reference, textAt, walkPath } from "ckworker";
import type { DeclaredEdge, Resource } from "../resource.ts";
import { QUALIFIED_NAME, qualifiedName } from "./base.ts";
import type { Meta } from "./meta.ts";

/** Where an object lies. */
export interface Position {
  readonly cluster: string;
  /** Empty for what belongs to the whole cluster. */
  readonly namespace: string;
}

/** Turns what objects say of each other into references. */
export class EdgeMaker {
  readonly #byKind: ReadonlyMap<string, Resource>;
  readonly #byType: ReadonlyMap<string, Resource>;

  constructor(resources: readonly Resource[]) {
    this.#byKind = new Map(resources.map((each) => [each.kind, each]));
    this.#byType = new Map(
      resources.map((each) => [typeText(each.api.group, each.api.kind), each]),
    );
  }

  /** An edge from each owner of a kind that is known, whether or not others are. */
  owners({ ownerReferences }: Meta): readonly Reference[] {
    return (ownerReferences ?? []).flatMap(({ apiVersion, kind, uid }) => {
      const owner = this.#byType.get(typeText(groupOf(apiVersion), kind));
      return owner === undefined ? [] : [byId("from", owner.kind, uid)];
    });
  }

  /** The edges that a kind declares. */
  declared(raw: unknown, edges: readonly DeclaredEdge[], at: Position): readonly Reference[] {
    return edges.flatMap((edge) =>
      walkPath(raw, edge.path).flatMap((value) => this.#edge(value, edge, at))
    );
  }

  #edge(
    value: unknown,
    { direction, kind, anywhere }: DeclaredEdge,
    at: Position,
  ): readonly Reference[] {
    if (typeof value === "string") {
      const target = this.#byKind.get(kind ?? "");
      return target === undefined || value === "" ? [] : [byName(direction, target, value, at)];
    }
    const target = kind === undefined ? this.#typeOf(value) : this.#byKind.get(kind);
    if (target === undefined) return [];
    const uid = textAt(value, "uid");
    if (uid !== undefined) return [byId(direction, target.kind, uid)];
    const name = textAt(value, "name");
    if (name === undefined) return [];
    const namespace = anywhere === true ? textAt(value, "namespace") ?? at.namespace : at.namespace;
    return [byName(direction, target, name, { ...at, namespace })];
  }

  #typeOf(reference: unknown): Resource | undefined {
    const version = textAt(reference, "apiVersion");
    const group = textAt(reference, "apiGroup") ?? (version === undefined ? "" : groupOf(version));
    return this.#byType.get(typeText(group, textAt(reference, "kind") ?? ""));
  }
}

/** Each reference once. */
export function distinct(references: readonly Reference[]): readonly Reference[] {
  const seen = new Set<string>();
  return references.filter(({ direction, kind, by, value }) => {
    const key = [direction, kind, by, value].join("\0");
    return seen.has(key) ? false : seen.add(key);
  });
}

/** An edge to or from the object with this uid. */
export function byId(direction: "from" | "to", kind: string, uid: string): Reference {
  return { direction, kind, by: "id", value: uid };
}

function byName(
  direction: "from" | "to",
  { kind, api }: Resource,
  name: string,
  { cluster, namespace }: Position,
): Reference {
  const value = qualifiedName(cluster, api.namespaced ? namespace : "", name);
  return { direction, kind, by: QUALIFIED_NAME, value };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

function typeText(group: string, kind: string): string {
  return `${group}/${kind}`;
}
