import {
  type CollectContext,
  type NodeInput,
  PluginError,
  type Reference,
  type ScopeWriter,
} from "ckworker";
import type { RawLine } from "../source/lines.ts";
import { judgeNode, type Place } from "./judge.ts";
import type { LentKinds } from "./lent_kinds.ts";
import { type NodeRecord, readRecord } from "./record.ts";
import type { Container, Survey } from "./survey.ts";
import { fitsType, typesOf } from "./value_check.ts";

/** Property by which nodes are found whose kind and id are not enough: their ids in the file. */
const NODE_ID = "node_id";
/** A node with more parents is a mistake; a host takes no more. */
const MOST_PARENTS = 10_000;
/** What stands beside the properties of a node. */
const BESIDE: ReadonlySet<string> = new Set(["kind", "id", "name"]);

/** Passes the nodes of a surveyed file on, each into the scope of its place. */
export class Sender {
  readonly #survey: Survey;
  readonly #lent: LentKinds;
  readonly #scopes: readonly ScopeWriter[];
  #sent = 0;

  private constructor(survey: Survey, lent: LentKinds, scopes: readonly ScopeWriter[]) {
    this.#survey = survey;
    this.#lent = lent;
    this.#scopes = scopes;
  }

  /** Opens all scopes of a file. */
  static async start(
    context: Pick<CollectContext<unknown>, "open">,
    survey: Survey,
    lent: LentKinds,
    resource: string,
  ): Promise<Sender> {
    const scopes: ScopeWriter[] = [];
    for (const place of survey.places.all()) {
      scopes.push(await context.open({ ...place, resource }));
    }
    return new Sender(survey, lent, scopes);
  }

  /** Nodes that were passed on. */
  get sent(): number {
    return this.#sent;
  }

  /** Takes the lines of the second reading, which are to be those of the first. */
  async take(line: RawLine): Promise<void> {
    const record = readRecord(line);
    if (record.type !== "node") return;
    const judgement = judgeNode(record, this.#lent);
    if (judgement.type !== "taken") return;
    if (this.#survey.number(record.node_id) !== this.#sent) return;
    const number = this.#sent++;
    const place = this.#survey.places.number(judgement.place);
    try {
      await this.#scopes[place]?.node(this.#toNode(record, number, judgement.place, place));
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      this.#survey.findings.add(place, "lost", {
        code: error.code,
        message: "a node is too large",
      });
    }
  }

  /** Ends the scopes, once both readings were the same. */
  async close(): Promise<void> {
    for (const [place, scope] of this.#scopes.entries()) {
      await scope.close(this.#survey.findings.result(place));
    }
  }

  #toNode(record: NodeRecord, number: number, place: Place, placeNumber: number): NodeInput {
    const { reported, keep } = this.#properties(record, placeNumber);
    const { kind, id, name, zone, metadata } = record;
    const { edges, orphan, unsure } = this.#edges(record, number, place, placeNumber);
    const kept = unsure ? [...keep, "$edges"] : keep;
    return {
      kind,
      id,
      name,
      reported,
      ...(orphan ? { orphan } : {}),
      ...(zone === undefined ? {} : { zone }),
      ...(edges.length === 0 ? {} : { edges }),
      ...(this.#survey.isAmbiguous(kind, id)
        ? { targets: { [NODE_ID]: this.#survey.mark(number) } }
        : {}),
      ...(metadata?.phantom === true ? { phantom: true } : {}),
      ...(metadata?.protected === true ? { protected: true } : {}),
      ...(kept.length === 0 ? {} : { keep: kept }),
    };
  }

  #properties({ kind, reported }: NodeRecord, place: number) {
    const types = typesOf(this.#lent.index, kind);
    const fitting: Record<string, unknown> = {};
    const keep: string[] = [];
    let unknown = false;
    for (const [property, value] of Object.entries(reported)) {
      if (value === null || BESIDE.has(property)) continue;
      const type = types.get(property);
      if (type === undefined) unknown = true;
      else if (fitsType(this.#lent.index, type, value)) fitting[property] = value;
      else keep.push(property);
    }
    const { findings } = this.#survey;
    if (unknown) findings.add(place, "unread", UNKNOWN_PROPERTY);
    if (keep.length > 0) findings.add(place, "unread", MISFIT);
    return { reported: fitting, keep };
  }

  /** The edge from where it lies is made by the host, if there is one; all others are told. */
  #edges(record: NodeRecord, number: number, place: Place, placeNumber: number) {
    const { parents, containers, findings, unsure } = this.#survey;
    const all = parents.of(number);
    if (all.length > MOST_PARENTS) {
      findings.add(placeNumber, "unread", TOO_MANY_PARENTS);
      return { edges: [], orphan: true, unsure: true };
    }
    let isAtHome = false;
    const edges: Reference[] = [];
    for (const { node, type } of all) {
      const isDefault = type === "dependency" && isHome(containers.get(node), record, place);
      if (isDefault) isAtHome = true;
      else edges.push(this.#reference(node, type));
    }
    return { edges, orphan: !isAtHome && edges.length > 0, unsure: unsure.has(number) };
  }

  #reference(parent: number, type: "dependency" | "delete"): Reference {
    const kind = this.#survey.kind(parent);
    const id = this.#survey.id(parent);
    const other = this.#survey.isAmbiguous(kind, id)
      ? { by: NODE_ID, value: this.#survey.mark(parent) }
      : { by: "id", value: id };
    return {
      direction: "from",
      kind,
      ...other,
      ...(type === "delete" ? { type } : {}),
    };
  }
}

/** Whether a node lies directly in this zone, region or account. */
function isHome(container: Container | undefined, { zone }: NodeRecord, place: Place): boolean {
  if (container === undefined) return false;
  const { level, id, name, place: at } = container;
  const { cloud, account, region } = place;
  if (at.cloud !== cloud || at.account !== account) return false;
  if (zone !== undefined) return level === "zone" && id === zone && isSameRegion(at, place);
  if (region !== undefined) return level === "region" && id === region.id && name === region.name;
  return level === "account" && id === account;
}

function isSameRegion(a: Place, b: Place): boolean {
  return a.region?.id === b.region?.id && a.region?.name === b.region?.name;
}

const UNKNOWN_PROPERTY = {
  code: "UnknownProperty",
  message: "a node has a property that its kind does not have here",
};
const MISFIT = { code: "Misfit", message: "a value is of another type than its property" };
const TOO_MANY_PARENTS = {
  code: "TooManyParents",
  message: `edges lead to a node from more than ${MOST_PARENTS} others`,
};
