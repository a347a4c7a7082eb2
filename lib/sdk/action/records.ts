import { z } from "zod";
import { PARSING } from "../parsing.ts";

/** Generations of cores, whose query languages differ a little: 2.0.0a10 and 4.2. */
export const GENERATIONS = ["ckcore", "fixcore"] as const;
export type Generation = typeof GENERATIONS[number];

/** A node of the graph as an action plugin sees it. */
export interface ActionNode {
  readonly type: "node";
  /** In the graph; the cloud's id is {@link resource}. */
  readonly id: string;
  readonly kind: string;
  /** Id in the cloud. */
  readonly resource: string;
  readonly name: string;
  readonly reported: Readonly<Record<string, unknown>>;
  /** Tags; empty for a node that has none. */
  readonly tags: Readonly<Record<string, string>>;
  /** Ids of the ancestors; undefined for one that it has not. */
  readonly cloud: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Marked to be cleaned up. */
  readonly isMarked: boolean;
  readonly isProtected: boolean;
  readonly isPhantom: boolean;
  /** Cleaned up already. */
  readonly isCleaned: boolean;
  /** Kept from an earlier run: nobody could look whether it is still so. */
  readonly isStale: boolean;
  /** When it expires, `YYYY-MM-DDTHH:MM:SSZ`, as the core computed it. */
  readonly expires: string | undefined;
}

/** An edge of the graph, between ids of nodes. */
export interface ActionEdge {
  readonly type: "edge";
  readonly from: string;
  readonly to: string;
  readonly edgeType: "dependency" | "delete" | "iam";
}

export type ActionRecord = ActionNode | ActionEdge;

const section = z.record(z.string(), z.unknown());
const nodeSchema = z.object({
  type: z.literal("node"),
  id: z.string(),
  reported: section,
  desired: section.nullish(),
  metadata: section.nullish(),
  ancestors: section.nullish(),
});
const edgeSchema = z.object({
  type: z.literal("edge"),
  from: z.string(),
  to: z.string(),
  edgeType: z.enum(["dependency", "delete", "iam"]),
});
const recordSchema = z.discriminatedUnion("type", [nodeSchema, edgeSchema]);

/**
 * Reads what a core answers to a query.
 * @throws ZodError for what is neither a node nor an edge
 */
export function readRecord(value: unknown): ActionRecord {
  const record = recordSchema.parse(value, PARSING);
  return record.type === "edge" ? record : factsOf(record);
}

/** Reads a node that a core answers. @throws ZodError */
export function readNode(value: unknown): ActionNode {
  return factsOf(nodeSchema.parse(value, PARSING));
}

/** Why nobody may mark a node to be cleaned up; undefined when it may be. */
export function obstacle(
  node: Pick<ActionNode, "isProtected" | "isPhantom" | "isCleaned" | "isStale">,
): string | undefined {
  if (node.isPhantom) return "it is a phantom";
  if (node.isProtected) return "it is protected";
  if (node.isCleaned) return "it is cleaned up already";
  if (node.isStale) return "nobody could look lately whether it is still so";
  return undefined;
}

function factsOf(
  { id, reported, desired, metadata, ancestors }: z.infer<typeof nodeSchema>,
): ActionNode {
  const ancestor = (level: string) =>
    textOf(sectionOf(sectionOf(ancestors?.[level])["reported"])["id"]);
  const resource = textOf(reported["id"]) ?? "";
  return {
    type: "node",
    id,
    kind: textOf(reported["kind"]) ?? "",
    resource,
    name: textOf(reported["name"]) ?? resource,
    reported,
    tags: tagsOf(reported["tags"]),
    cloud: ancestor("cloud"),
    account: ancestor("account"),
    region: ancestor("region"),
    isMarked: desired?.["clean"] === true,
    isProtected: metadata?.["protected"] === true,
    isPhantom: metadata?.["phantom"] === true,
    isCleaned: metadata?.["cleaned"] === true,
    isStale: metadata?.["stale"] === true,
    expires: textOf(metadata?.["expires"]),
  };
}

function sectionOf(value: unknown): Readonly<Record<string, unknown>> {
  return section.safeParse(value, PARSING).data ?? {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function tagsOf(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(sectionOf(value)).flatMap(([key, tag]) =>
    typeof tag === "string" ? [[key, tag] as const] : []
  );
  return Object.fromEntries(texts);
}
