import { type ChangeContext, ChangeError, type Changer } from "ckworker";

/** Kinds whose nodes can be changed; the model names them, too. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  "example_custom_resource",
  "example_instance",
  "example_network",
]);

/** Changes nothing but tells so: a made-up cloud takes every order. */
export function createChanger({ log }: ChangeContext<unknown>): Changer {
  return {
    change: (node, change, signal) => {
      signal.throwIfAborted();
      if (!CHANGEABLE.has(node.kind) || change.type === "prepare" || change.type === "read") {
        throw new ChangeError("unsupported", `${node.kind} has no change ${change.type}`);
      }
      log("info", "example.change", `${change.type} of ${node.id}`);
      if (change.type === "delete") return Promise.resolve({ outcome: "done" });
      const tags = new Map(Object.entries(tagsOf(node.reported["tags"])));
      if (change.type === "setTag") tags.set(change.key, change.value);
      else tags.delete(change.key);
      return Promise.resolve({ outcome: "done", tags: Object.fromEntries(tags) });
    },
  };
}

function tagsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, tag]) => [key, String(tag)]));
}
