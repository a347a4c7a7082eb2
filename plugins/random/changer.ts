import {
  type ChangeContext,
  ChangeError,
  type ChangeNode,
  type Changer,
  type NodeInput,
} from "ckworker";
import { isThing, numberOf, placesOf } from "./estate.ts";
import type { RandomOptions } from "./options.ts";
import { resourceNode } from "./resource.ts";

type Tags = Readonly<Record<string, string>>;

/**
 * Pretends: what is deleted or tagged is so until the guest ends, and as before in the next collect.
 * Enough to see a clean-up from its plan to its proof.
 */
export function createChanger({ options }: ChangeContext<RandomOptions>): Changer {
  const deleted = new Set<string>();
  const tags = new Map<string, Tags>();
  return {
    change: (node, change, signal) => {
      signal.throwIfAborted();
      const found = find(options, node);
      if (change.type === "prepare") {
        throw new ChangeError("unsupported", `${node.kind} has no change prepare`);
      }
      if (found === undefined || deleted.has(found.id)) return Promise.resolve({ outcome: "gone" });
      const { id, name, reported } = found;
      const now = tags.get(id) ?? tagsOf(reported["tags"]);
      switch (change.type) {
        case "delete":
          deleted.add(id);
          return Promise.resolve({ outcome: "done" });
        case "read":
          return Promise.resolve({
            outcome: "done",
            read: { name: name ?? id, reported: plain({ ...reported, tags: now }), unknown: [] },
          });
        default: {
          const { [change.key]: _old, ...others } = now;
          const next = change.type === "setTag"
            ? { ...others, [change.key]: change.value }
            : others;
          tags.set(id, next);
          return Promise.resolve({ outcome: "done", tags: next });
        }
      }
    },
  };
}

/** The resource that a node is; undefined when there is none in this cloud. */
function find(options: RandomOptions, node: ChangeNode): NodeInput | undefined {
  const thing = node.kind.replace(/^random_/, "");
  const place = placesOf(options, node.account.id).find(({ region }) =>
    region.id === node.region?.id
  );
  if (!isThing(thing) || place === undefined) return undefined;
  const number = numberOf(options, thing, place, node.id);
  return number === undefined ? undefined : resourceNode(options, thing, place, number);
}

/** Times as texts, in the form of a collect. */
function plain(reported: NodeInput["reported"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(reported).map(([key, value]) => [
      key,
      value instanceof Date ? `${value.toISOString().slice(0, 19)}Z` : value,
    ]),
  );
}

function tagsOf(value: unknown): Tags {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, tag]) => [key, String(tag)]));
}
