import type { CoreNode } from "../../core/mod.ts";
import type { NodeIdentifier } from "../../graph/mod.ts";
import type { KindIndex, Level, NodeExtras } from "../../model/mod.ts";
import type { ToldNode } from "../../store/mod.ts";
import { isRecord, toldBody } from "./told_body.ts";

const UNDEFINED = "undefined";
const CONTROL = /\p{Cc}/u;

/** Why a node of a core cannot be taken: its kind is in no model, or its id is none. */
export interface Untold {
  readonly unknownKind: string;
}

/** Reads nodes as a core answers them. */
export class ToldReader {
  readonly #kinds: KindIndex;
  readonly #identify: NodeIdentifier;

  constructor(kinds: KindIndex, identify: NodeIdentifier) {
    this.#kinds = kinds;
    this.#identify = identify;
  }

  /** A node in the words of this model. */
  read(node: CoreNode, cloud: string): ToldNode | Untold {
    const { reported, metadata = {}, desired = {} } = node;
    const kind = String(reported["kind"]);
    const id = idText(reported["id"]);
    if (this.#kinds.get(kind) === undefined || id === undefined) return { unknownKind: kind };
    const name = reported["name"] === undefined ? id : String(reported["name"]);
    const level = this.#kinds.level(kind);
    const place = placeOf(node, level, cloud, id, name);
    const body = toldBody(this.#kinds, kind, reported);
    return {
      coreId: node.id,
      nodeId: this.#identify.id(
        [kind, place.cloud, place.account, place.region, place.zone, id, name],
      ),
      kind,
      resource: this.#kinds.require(kind).listing ?? kind,
      ...place,
      id,
      name,
      twin: level === "region" ? name : "",
      extras: {
        ...(place.zone === UNDEFINED || level === "zone" ? {} : { z: place.zone }),
        ...this.#targets(kind, name, body),
        ...(metadata["phantom"] === true && !this.#kinds.isPhantom(kind) ? { ph: 1 } : {}),
      },
      body: JSON.stringify(body),
      protected: metadata["protected"] === true,
      marked: desired["clean"] === true,
    };
  }

  /** Values under which references of other nodes find this one. */
  #targets(
    kind: string,
    name: string,
    body: Readonly<Record<string, unknown>>,
  ): Pick<NodeExtras, "t"> {
    const properties = [...this.#kinds.lineage(kind)]
      .flatMap((each) => this.#kinds.require(each).targets ?? []);
    const values = properties.flatMap((property) => {
      const value = property === "name" ? name : body[property];
      return typeof value === "string" ? [[property, value]] : [];
    });
    return values.length === 0 ? {} : { t: Object.fromEntries(values) };
  }
}

/** A cloud, account, region or zone is its own place at its level. */
function placeOf(
  { ancestors = {} }: CoreNode,
  level: Level | undefined,
  cloud: string,
  id: string,
  name: string,
) {
  const above = (each: Level) => {
    if (each === level) return { id, name };
    const ancestor = ancestors[each];
    const reported = isRecord(ancestor) ? ancestor["reported"] : undefined;
    if (!isRecord(reported)) return undefined;
    const found = idText(reported["id"]);
    if (found === undefined) return undefined;
    return {
      id: found,
      name: reported["name"] === undefined ? found : String(reported["name"]),
    };
  };
  const region = above("region");
  return {
    cloud: above("cloud")?.id ?? cloud,
    account: above("account")?.id ?? UNDEFINED,
    region: region?.id ?? UNDEFINED,
    regionName: region?.name ?? UNDEFINED,
    zone: above("zone")?.id ?? UNDEFINED,
  };
}

/** Ids of some kinds are numbers at a core. */
function idText(value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  return CONTROL.test(text) ? undefined : text;
}
