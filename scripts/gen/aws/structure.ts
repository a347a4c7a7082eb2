import type { Resource } from "../../../plugins/aws/resource.ts";
import { type DeclaredNode, isHook } from "./declared.ts";
import type { Sdk } from "./sdk.ts";
import type { Shape } from "./shape.ts";

/** Members of a kind's structures with what is put beside them. */
export type Members = ReadonlyMap<string, Shape>;

/** What the SDK knows of the structures of a kind; hooks and the engine's own are not known. */
export async function structureOf(node: DeclaredNode, sdk: Sdk): Promise<Members> {
  const { declaration, service } = node;
  const members = new Map<string, Shape>();
  const add = (shape: Shape | undefined) => {
    if (shape?.type !== "structure") return;
    for (const [name, member] of shape.members()) members.set(name, member);
  };
  for (const list of node.lists) {
    if (typeof list === "string") {
      if (node.above !== undefined) add(walk(await structureOf(node.above, sdk), list));
    } else {
      const { output } = await sdk.operation(list.service ?? service, list.operation);
      add(resultOf(output, list.result));
    }
  }
  if (declaration.describe !== undefined) add(await answerOf(declaration.describe));
  for (const [name, given] of Object.entries(declaration.attach ?? {})) {
    if (isHook(given)) continue;
    const shape = await answerOf(given);
    if (shape !== undefined) members.set(name, shape);
  }
  return members;

  async function answerOf(
    operation: NonNullable<Resource["describe"]>,
  ): Promise<Shape | undefined> {
    const { output } = await sdk.operation(operation.service ?? service, operation.operation);
    const answer = resultOf(output, operation.result);
    if ("size" in operation) return resultOf(answer, operation.pick);
    // A list of all pages stays a list.
    return operation.result?.endsWith("[]") === true && answer !== undefined
      ? { type: "list", of: answer, sensitive: answer.sensitive }
      : answer;
  }
}

/** Shape of what a path finds in a structure; a spread list counts as what it holds. */
export function walk(members: Members, path: string): Shape | undefined {
  const [first = "", ...rest] = path.split(".");
  return resultOf(spread(members.get(first.replace("[]", "")), first), rest.join("."));
}

function resultOf(shape: Shape | undefined, path: string | undefined): Shape | undefined {
  if (shape === undefined || path === undefined || path === "") return shape;
  return path.split(".").reduce<Shape | undefined>((at, step) => {
    const name = step.replace("[]", "");
    if (at?.type === "map") return at.of;
    return at?.type === "structure" ? spread(at.members().get(name), step) : undefined;
  }, shape);
}

function spread(shape: Shape | undefined, step: string): Shape | undefined {
  return step.endsWith("[]") && shape?.type === "list" ? shape.of : shape;
}
