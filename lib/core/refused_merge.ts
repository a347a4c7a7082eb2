import { CoreRejectedError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import { cut } from "./answer.ts";
import type { UploadPart } from "./core.ts";
import { offendingNode } from "./offending_node.ts";

const LONGEST_NODE = 500;

/** What is known about a merge that a core refused. */
export interface RefusedMerge {
  readonly part: UploadPart;
  readonly kinds: KindIndex;
  /** Lines that were sent when the core said so. */
  readonly lines: number;
}

/** The refusal with the node that the core complains about, if it can be told. */
export function refusedMerge(
  refusal: CoreRejectedError,
  { part, kinds, lines }: RefusedMerge,
): CoreRejectedError {
  const { status, message, hint, context } = refusal;
  const node = status === 400 ? offendingNode(part, message, kinds) : undefined;
  const sent = `${lines} of ${part.nodes + part.edges} lines were sent`;
  if (node === undefined) {
    return new CoreRejectedError(status, `${message} (${sent})`, {
      context,
      cause: refusal,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const { kind, id, nodeId, body } = node;
  return new CoreRejectedError(
    status,
    `${message} (${sent}; node ${nodeId}: ${kind} ${id} ${cut(body, LONGEST_NODE)})`,
    {
      context: { ...context, kind, subject: id },
      hint: "The core refuses the whole graph for this node: leave its kind out until it is mended",
      cause: refusal,
    },
  );
}
