import {
  type ChangeNode,
  type ChangeResult,
  matchesProperties,
  type NodeInput,
  type NodeReading,
} from "ckworker";
import { type Caller, isCode } from "./caller.ts";
import { fillChange } from "./change_input.ts";
import type { CompiledNode } from "./compile.ts";
import type { Connection } from "../client/connection.ts";
import { Enricher } from "./enricher.ts";
import { KEEP_EDGES } from "./node_mapper.ts";
import { isRaw } from "./mapping.ts";
import type { Operation, Place } from "../resource.ts";
import type { ServiceName } from "../services.ts";
import { ListingTools } from "./tools.ts";
import { isUnread } from "./unread.ts";

/** What one node is read with. */
export interface ReadParts {
  readonly node: CompiledNode;
  /** How the structures of the kind are listed; empty for what hangs on another structure. */
  readonly lists: readonly Operation[];
  readonly service: ServiceName;
  readonly caller: Caller;
  /** To the account and region of the node; its calls end with the signal. */
  readonly connection: Connection;
  readonly place: Place;
  readonly signal: AbortSignal;
}

/**
 * Asks what a node is at this moment: by the `read` of its kind, else in the whole list. Its properties
 * come out as a collect would report them; what costs calls of its own, and what is a secret, is
 * unknown.
 * @returns `gone` when it does not exist any more, although it may still be listed
 * @throws CallFault when a call failed for good: nothing is known then
 */
export async function readNode(asked: ChangeNode, parts: ReadParts): Promise<ChangeResult> {
  const { missing = [], cleanup } = parts.node.declaration;
  try {
    const found = await find(asked, parts);
    if (found === undefined) return { outcome: "gone" };
    const read = toReading(found);
    const seen = { name: read.name ?? asked.name, reported: read.reported };
    const ended = cleanup?.ended?.some((match) => matchesProperties(match, seen)) === true;
    return ended ? { outcome: "gone" } : { outcome: "done", read };
  } catch (error) {
    if (isCode(error, missing)) return { outcome: "gone" };
    throw error;
  }
}

async function find(asked: ChangeNode, parts: ReadParts): Promise<NodeInput | undefined> {
  const { declaration } = parts.node;
  const { service } = parts;
  const operations = declaration.read === undefined ? parts.lists : [declaration.read];
  const subject = { node: asked, tag: undefined, tags: {}, unchanged: false };
  for (const operation of operations) {
    const input = declaration.read === undefined
      ? operation.input ?? {}
      : fillChange(operation.input ?? {}, subject);
    const pages = parts.caller.list(
      parts.connection,
      operation,
      operation.service ?? service,
      input,
    );
    for await (const values of pages) {
      const found = await pick(asked.id, values, parts);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Only the structure that is asked for is enriched. */
async function pick(
  id: string,
  values: readonly unknown[],
  parts: ReadParts,
): Promise<NodeInput | undefined> {
  const { mapper, declaration } = parts.node;
  const isDescribed = declaration.read === undefined && declaration.describe !== undefined;
  const subjects = values.map((value) => ({ raw: isRaw(value) ? value : {}, key: value }))
    .filter((subject) => isDescribed || mapper.map(subject, parts.place)?.id === id);
  if (subjects.length === 0) return undefined;
  const { describe: _, ...listed } = declaration;
  const enricher = new Enricher(isDescribed ? declaration : listed);
  const enriched = await enricher.enrich(subjects, enrichContext(parts));
  return enriched.map(({ subject, unknown }) => mapper.map(subject, parts.place, unknown))
    .find((mapped) => mapped?.id === id);
}

/** A value that cannot be read is unknown; a structure that cannot be described is a fault. */
function enrichContext(parts: ReadParts) {
  const { caller, connection, service, signal, place } = parts;
  const tools = new ListingTools({
    place,
    signal,
    service,
    caller,
    connection,
    elsewhere: () => connection,
    regionOnce: new Map(),
    guestOnce: new Map(),
    wants: () => false,
    fault: () => {},
  });
  return {
    service,
    tools,
    call: (operation: Operation, of: ServiceName, input: object) =>
      caller.call(connection, operation, of, input),
    isCode,
    lost: (error: unknown) => {
      throw error;
    },
    unread: () => signal.throwIfAborted(),
  };
}

function toReading(
  { name, reported, keep = [], phantom, protected: safe }: NodeInput,
): NodeReading {
  const secrets = Object.keys(reported).filter((property) => isUnread(reported[property]));
  const unknown = [...keep.filter((property) => property !== KEEP_EDGES), ...secrets];
  const known = Object.entries(reported).filter(([property]) => !unknown.includes(property));
  return {
    ...(name === undefined || name === null || unknown.includes("name") ? {} : { name }),
    reported: Object.fromEntries(known),
    unknown,
    ...(phantom === true ? { phantom } : {}),
    ...(safe === true ? { protected: safe } : {}),
  };
}
