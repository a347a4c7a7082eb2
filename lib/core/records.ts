import { z } from "zod";
import { CoreMessageError } from "../errors/mod.ts";
import type { CoreEdge, CoreNode, CoreRecord } from "./core.ts";

const section = z.record(z.string(), z.unknown());
const nodeSchema = z.object({
  type: z.literal("node"),
  id: z.string(),
  revision: z.string().exactOptional(),
  reported: section.default({}),
  desired: section.exactOptional(),
  metadata: section.exactOptional(),
  ancestors: section.exactOptional(),
});
const edgeSchema = z.object({
  type: z.literal("edge"),
  from: z.string(),
  to: z.string(),
  edge_type: z.string().nullish(),
});
const recordSchema = z.discriminatedUnion("type", [nodeSchema, edgeSchema]);
const groupSchema = section;

/** Our edge types by their names at the core. */
export type EdgeTypes = ReadonlyMap<string, CoreEdge["edgeType"]>;

/**
 * The records of a graph query. Cores tell edges between the nodes, some before both ends are told:
 * they are held back until all nodes are out. Edges of a type that we do not know are left out.
 * @throws CoreMessageError for anything but nodes and edges
 */
export async function* nodesThenEdges(
  documents: AsyncIterable<unknown>,
  types: EdgeTypes,
): AsyncGenerator<CoreRecord> {
  const edges: CoreEdge[] = [];
  for await (const document of documents) {
    const record = recordOf(document, types);
    if (record?.type === "edge") edges.push(record);
    else if (record !== undefined) yield record;
  }
  yield* edges;
}

/** Reads a node in the form in which cores answer it. @throws CoreMessageError for anything else */
export function coreNode(document: unknown): CoreNode {
  const node = nodeSchema.safeParse(document);
  if (!node.success) throw unexpected("a query", node.error);
  return node.data;
}

/**
 * The groups of an aggregation.
 * @throws CoreMessageError for anything but objects
 */
export async function* groups(
  documents: AsyncIterable<unknown>,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  for await (const document of documents) {
    const group = groupSchema.safeParse(document);
    if (!group.success) throw unexpected("an aggregation", group.error);
    yield group.data;
  }
}

function recordOf(document: unknown, types: EdgeTypes): CoreNode | CoreEdge | undefined {
  const record = recordSchema.safeParse(document);
  if (!record.success) throw unexpected("a query", record.error);
  if (record.data.type === "node") return record.data;
  const { from, to, edge_type: name } = record.data;
  // Older cores do not say which type an edge has: they follow dependencies only.
  const edgeType = name === undefined || name === null ? "dependency" : types.get(name);
  return edgeType === undefined ? undefined : { type: "edge", from, to, edgeType };
}

function unexpected(what: string, error: z.ZodError): CoreMessageError {
  const issue = error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  return new CoreMessageError(
    `the core answers ${what} with something else${where}: ${issue?.message ?? ""}`,
  );
}
