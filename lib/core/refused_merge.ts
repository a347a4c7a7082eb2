import { type CkError, CoreRejectedError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import { cut, type Refusal, refusalError } from "./refusal.ts";
import type { UploadPart } from "./core.ts";
import { offendingNode } from "./offending_node.ts";

const LONGEST_NODE = 500;

/** The refusal of a merge as an error, with the node that it is about if the core's words tell. */
export function refusedMerge(
  refusal: Refusal,
  what: string,
  part: UploadPart,
  kinds: KindIndex,
): CkError {
  const error = refusalError(what, refusal);
  if (!(error instanceof CoreRejectedError) || error.status !== 400) return error;
  const node = offendingNode(part, refusal.reason, kinds);
  if (node === undefined) return error;
  const { nodeId, kind, id, body } = node;
  const text = `${error.message}; node ${nodeId}: ${kind} ${id} ${cut(body, LONGEST_NODE)}`;
  return new CoreRejectedError(error.status, text, {
    context: { ...error.context, kind, subject: id },
    hint: "The core refuses the whole graph for this node: leave its kind out until it is mended",
    cause: error,
  });
}
