import type { KindIndex } from "../model/mod.ts";
import type { UploadNode, UploadPart } from "./core.ts";

const NODE_ID = /[A-Za-z0-9_-]{22}/g;
const WORD = /\w+/g;
const PROPERTY = /Property:\s?(?<property>\w+)/;

/**
 * The node that a core complains about, as far as its words tell: by its node id, by its kind and
 * id in the quoted node, or the first of a kind that has the property in question. The records are
 * read once more. Undefined when the words fit none.
 */
export function offendingNode(
  part: UploadPart,
  reason: string,
  kinds: KindIndex,
): UploadNode | undefined {
  const nodeIds = new Set(reason.match(NODE_ID));
  const named = new Set((reason.match(WORD) ?? []).filter((word) => kinds.get(word)));
  const property = PROPERTY.exec(reason)?.groups?.property;
  let likely: UploadNode | undefined;
  for (const record of part.records()) {
    if (record.type === "edge") break;
    const { node } = record;
    if (nodeIds.has(node.nodeId)) return node;
    if (!named.has(node.kind)) continue;
    if (reason.includes(`"id": ${JSON.stringify(node.id)}`)) return node;
    if (property !== undefined && node.body.includes(`"${property}":`)) likely ??= node;
  }
  return likely;
}
