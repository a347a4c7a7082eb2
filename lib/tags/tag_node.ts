import type { Core, CoreNode } from "../core/mod.ts";
import { queryWords, type TagChange } from "../sdk/mod.ts";
import type { TagTasks } from "./tag_tasks.ts";

/** What tags of single nodes are changed with. */
export interface NodeTagging {
  readonly core: Pick<Core, "dialect" | "query" | "patch">;
  readonly tasks: Pick<TagTasks, "handle">;
}

/**
 * Changes a tag of a node in its cloud, then tells the core which tags the node has.
 * @param node the whole node, as the core has it at this moment
 * @throws ChangeError, CloudError when the cloud did not change it; nothing is told then
 * @throws CoreUnreachableError, CoreRejectedError when the cloud did and the core was not told: the
 *   next collection tells it
 */
export async function tagNode(
  { core, tasks }: NodeTagging,
  node: CoreNode,
  change: TagChange,
  signal: AbortSignal,
): Promise<void> {
  const wanted = change.type === "setTag"
    ? { update: { [change.key]: change.value } }
    : { delete: [change.key] };
  const document = await tasks.handle(
    { ...wanted, node: await placed(core, node, signal) },
    signal,
  );
  const tags = Object(document["reported"])["tags"];
  await core.patch([{ id: node.id, reported: { tags } }], signal);
}

/** A query tells of ancestors no more than id and name; a cloud may ask how its account is entered. */
async function placed(
  core: NodeTagging["core"],
  node: CoreNode,
  signal: AbortSignal,
): Promise<CoreNode> {
  const { ancestors = {} } = node;
  const account = textAt(ancestors, "account");
  if (account === undefined) return node;
  const { path, text } = queryWords(await core.dialect(signal));
  const query = `is(account) and ${path("reported.id")} == ${text(account)}`;
  for await (const found of core.query(query, signal)) {
    if (found.type !== "node") continue;
    // Two clouds may have accounts of the same id.
    if (textAt(found.ancestors ?? {}, "cloud") !== textAt(ancestors, "cloud")) continue;
    return { ...node, ancestors: { ...ancestors, account: { reported: found.reported } } };
  }
  return node;
}

function textAt(ancestors: Readonly<Record<string, unknown>>, level: string): string | undefined {
  const id: unknown = Object(Object(ancestors[level])["reported"])["id"];
  return typeof id === "string" ? id : undefined;
}
