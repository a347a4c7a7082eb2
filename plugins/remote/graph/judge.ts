import type { ScopeInput } from "ckworker";
import type { LentKind, LentKinds } from "./lent_kinds.ts";
import type { BadLine, NodeRecord } from "./record.ts";

/** Where nodes lie together: one scope. */
export type Place = Required<Pick<ScopeInput, "cloud" | "account">> & Pick<ScopeInput, "region">;

/** What becomes of a node of a file. */
export type Judgement =
  | { readonly type: "taken"; readonly kind: LentKind; readonly place: Place }
  /** It is of a cloud that was not asked for, or the cloud itself, whose node is the host's. */
  | { readonly type: "left" }
  | BadLine & { readonly place: Place };

/** Kind of the nodes that stand for clouds. */
const CLOUD = "cloud";

/**
 * Whether a node may be passed on. The host refuses a whole scope for a node of a foreign kind or
 * place, so one is found out before.
 */
export function judgeNode(node: NodeRecord, lent: LentKinds): Judgement {
  if (node.kind === CLOUD || !lent.has(node.cloud)) return { type: "left" };
  const kind = lent.find(node.cloud, node.kind);
  const place = placeOf(node, kind);
  if (kind === undefined) {
    return bad(place, "UnknownKind", `a node is of a kind that ${node.cloud} does not have here`);
  }
  if (!isAtHome(node, kind, place)) {
    return bad(place, "ForeignPlace", "an account or region lies in another one");
  }
  return { type: "taken", kind, place };
}

/** A region that stands for itself lies in its account; without a name a region has its id as one. */
function placeOf(node: NodeRecord, kind: LentKind | undefined): Place {
  const { cloud, account = "", region, region_name: name } = node;
  const isRegion = kind?.level === "region";
  if (region === undefined || (isRegion && name === undefined)) return { cloud, account };
  return { cloud, account, region: { id: region, name: name ?? region } };
}

function isAtHome(node: NodeRecord, { level }: LentKind, { account, region }: Place): boolean {
  if (level === "cloud") return false;
  if (level === "account") return node.id === account;
  if (level !== "region" || region === undefined) return true;
  return node.id === region.id && node.name === region.name;
}

function bad(place: Place, code: string, message: string): Judgement {
  return { type: "bad", place, code, message };
}
