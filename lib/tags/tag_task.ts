import { z } from "zod";
import { CoreMessageError } from "../errors/mod.ts";
import type { NodeChange } from "../sdk/mod.ts";
import { TaskNode, taskNodeSchema } from "./task_node.ts";

const key = z.string().min(1).max(1_000);

const schema = z.object({
  /** No value is an empty one. */
  update: z.record(key, z.string().max(10_000).nullable()).nullish(),
  delete: z.array(key).max(1_000).nullish(),
  node: taskNodeSchema,
});

/** What a core wants changed about the tags of one node. */
export interface TagTask {
  readonly node: TaskNode;
  /** In the order in which they are made: removals first. */
  readonly changes: readonly Extract<NodeChange, { type: "setTag" | "removeTag" }>[];
}

/**
 * Reads the data of a tag task.
 * @throws CoreMessageError when it is none
 */
export function readTagTask(data: unknown): TagTask {
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CoreMessageError(
      `the tag task is not of the right form (${issue?.path.join(".")}: ${issue?.message})`,
    );
  }
  const { update, delete: remove, node } = parsed.data;
  const changes = [
    ...(remove ?? []).map((key) => ({ type: "removeTag", key }) as const),
    ...Object.entries(update ?? {}).map(([key, value]) =>
      ({ type: "setTag", key, value: value ?? "" }) as const
    ),
  ];
  if (changes.length === 0) throw new CoreMessageError("the tag task asks for no change");
  return { node: new TaskNode(node), changes };
}
