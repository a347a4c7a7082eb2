import type { CoreEdge, CoreRecord } from "../../core/mod.ts";
import { StoreError } from "../../errors/mod.ts";
import type { KindIndex, Level } from "../../model/mod.ts";
import type { Adoption, RunWriter, ToldEnd } from "../../store/mod.ts";
import type { AdoptionSummary } from "../summary.ts";
import type { CollectCore } from "./collect_core.ts";
import type { ToldReader } from "./told_node.ts";

/** What is taken over from a core. */
export interface AdoptionRequest {
  readonly core: CollectCore;
  readonly cloud: string;
  readonly writer: RunWriter;
  readonly reader: ToldReader;
  readonly kinds: KindIndex;
  /** Accounts that exist, where all of them are known: others are gone. */
  readonly accounts: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
}

const UNDEFINED = "undefined";

/**
 * Takes over what a core holds of a cloud and this run had no chance to see. A core that
 * cannot be read changes nothing: the summary says why.
 * @throws StoreError when the store cannot be written
 */
export async function adoptCloud(request: AdoptionRequest): Promise<AdoptionSummary> {
  const { core, cloud, writer, signal } = request;
  using adoption = writer.adopt({ target: core.target, cloud });
  const unknown = new Map<string, number>();
  try {
    for await (const record of core.known(cloud, signal)) {
      signal.throwIfAborted();
      if (record.type === "edge") takeEdge(adoption, request, record);
      else takeNode(adoption, request, record, unknown);
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { cloud, nodes: 0, unknownKinds: {}, error: message };
  }
  const { nodes, accounts } = adoption.finish();
  return {
    cloud,
    nodes,
    accounts: Object.fromEntries(accounts),
    unknownKinds: Object.fromEntries([...unknown].sort()),
  };
}

function takeNode(
  adoption: Adoption,
  { reader, kinds, cloud, accounts }: AdoptionRequest,
  record: Extract<CoreRecord, { type: "node" }>,
  unknown: Map<string, number>,
): void {
  const told = reader.read(record, cloud);
  if ("unknownKind" in told) {
    const { unknownKind } = told;
    unknown.set(unknownKind, (unknown.get(unknownKind) ?? 0) + 1);
    return;
  }
  // Edges lead into other clouds; those are adopted when they are collected.
  const isOurs = told.cloud === cloud && kinds.level(told.kind) !== "cloud";
  const isListed = accounts === undefined || told.account === UNDEFINED ||
    accounts.has(told.account);
  adoption.node(told, isOurs && isListed);
}

/** An edge becomes a reference of the end that is adopted, of the child where both are. */
function takeEdge(adoption: Adoption, { kinds }: AdoptionRequest, edge: CoreEdge): void {
  if (edge.edgeType === "iam") return;
  const from = adoption.end(edge.from);
  const to = adoption.end(edge.to);
  if (from === undefined || to === undefined) return;
  const type = edge.edgeType === "delete" ? ["delete"] : [];
  if (to.scope !== 0) {
    const level = kinds.level(from.kind);
    const isPlace = edge.edgeType === "dependency" && level !== undefined &&
      isPlaceOf(from, level, to);
    if (isPlace) adoption.below(to);
    else adoption.refer(to, ["from", from.kind, "id", from.id, ...type]);
  } else if (from.scope !== 0) {
    adoption.refer(from, ["to", to.kind, "id", to.id, ...type]);
  }
}

/** Whether a container is the cloud, account, region or zone of a node. */
function isPlaceOf(container: ToldEnd, level: Level, node: ToldEnd): boolean {
  if (container.cloud !== node.cloud) return false;
  if (level === "cloud") return true;
  if (container.account !== node.account) return false;
  if (level === "account") return true;
  return level === "region"
    ? container.region_name === node.region_name
    : container.zone === node.zone;
}
