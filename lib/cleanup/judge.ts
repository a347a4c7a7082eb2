import { capOf, capText } from "./cap.ts";
import { type CleanNode, type GraphReader } from "./graph_reader.ts";
import { type GuardContext, guardKind, guardNode, isEnded, type Refusal } from "./guards.ts";

/** Every marked node on one of two sides. */
export interface Judged {
  /** May be deleted as far as it alone is concerned. */
  readonly deletable: readonly CleanNode[];
  /** Marked, and already gone. */
  readonly ended: readonly CleanNode[];
  readonly refused: readonly (readonly [CleanNode, Refusal])[];
}

/** Asks the guards of each marked node, in their order. */
export function judge(
  { reader, ...context }: GuardContext & { readonly reader: GraphReader },
): Judged {
  const refused: (readonly [CleanNode, Refusal])[] = [];
  const passed: CleanNode[] = [];
  for (const node of markedNodes(reader)) {
    const refusal = guardNode(node, context);
    if (refusal === undefined) passed.push(node);
    else refused.push([node, refusal]);
  }
  const ended = passed.filter((node) => isEnded(node, context.kinds));
  const live = passed.filter((node) => !isEnded(node, context.kinds));
  const deletable: CleanNode[] = [];
  for (const nodes of Map.groupBy(live, accountText).values()) {
    const over = overCap(nodes, reader, context);
    for (const node of nodes) {
      const refusal = over ?? guardKind(node, context);
      if (refusal === undefined) deletable.push(node);
      else refused.push([node, refusal]);
    }
  }
  return { deletable, ended, refused };
}

function markedNodes(reader: GraphReader): readonly CleanNode[] {
  return [...new Set(reader.marked())].flatMap((key) => reader.node(key) ?? []);
}

function accountText({ cloud, account }: CleanNode): string {
  return JSON.stringify([cloud, account]);
}

/** Over the cap nothing of the account is deleted: somebody has marked more than they meant to. */
function overCap(
  nodes: readonly CleanNode[],
  reader: GraphReader,
  context: GuardContext,
): Refusal | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const { cap } = context.limits;
  const count = nodes.filter((node) => guardKind(node, context) === undefined).length;
  const deletable = reader.deletable(first.cloud, first.account);
  const most = capOf(cap, deletable);
  if (most === undefined) {
    const why = `how many nodes account ${first.account} has is not known, so ` +
      `--cleanup-max ${capText(cap)} is not either`;
    return { guard: "cap", why };
  }
  if (count <= most) return undefined;
  const of = deletable === undefined ? "" : ` of ${deletable}`;
  const why = `${count}${of} nodes of account ${first.account} would be deleted, ` +
    `--cleanup-max allows ${most}`;
  return { guard: "cap", why };
}
