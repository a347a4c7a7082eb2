import { type DescribedMapper, type NodeInput } from "ckworker";
import type { Resource } from "../resource.ts";
import { pathOf } from "./calls.ts";
import { QUALIFIED_NAME, qualifiedName } from "./base.ts";
import { distinct, type EdgeMaker, type Position } from "./edges.ts";
import type { Meta } from "./meta.ts";

/** A node and the properties of it that could not be read. */
export interface Made {
  readonly node: NodeInput;
  readonly wrong: readonly string[];
}

/** Makes nodes of the objects of one kind. */
export type Make = (raw: Readonly<Record<string, unknown>>, meta: Meta, at: Position) => Made;

/** Compiles what a resource declares for the version that is served. */
export function compileNode(
  resource: Resource,
  version: string,
  mapper: DescribedMapper,
  edges: EdgeMaker,
): Make {
  const { kind, api, values, edges: declared = [] } = resource;
  const map = mapper.compile(kind);
  return (raw, meta, at) => {
    const { name, uid } = meta;
    const { reported, wrong } = map(raw);
    const time = typeof meta.creationTimestamp === "string"
      ? new Date(meta.creationTimestamp)
      : null;
    return {
      wrong,
      node: {
        kind,
        id: uid,
        name,
        targets: { [QUALIFIED_NAME]: qualifiedName(at.cluster, at.namespace, name) },
        edges: distinct([...edges.owners(meta), ...edges.declared(raw, declared, at)]),
        ...(wrong.length === 0 ? {} : { keep: wrong }),
        reported: {
          tags: meta.labels ?? {},
          ctime: time,
          // Servers tell it no more; it is the path that leads to the object.
          self_link: meta.selfLink ?? pathOf(api, version, at.namespace, name),
          ...values?.(raw),
          ...reported,
        },
      },
    };
  };
}
