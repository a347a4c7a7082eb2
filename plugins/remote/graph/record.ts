import { z } from "zod";

const MAX_TEXT = 10_000;

/** Text of scopes, identities and references, where control characters have no place. */
const plain = z.string().min(1).max(MAX_TEXT).refine((text) => !/\p{Cc}/u.test(text));
const place = plain.nullish().transform((text) => text ?? undefined);

const nodeSchema = z.object({
  type: z.literal("node"),
  node_id: plain.max(200),
  kind: plain,
  id: plain,
  name: z.string().max(MAX_TEXT),
  cloud: plain,
  account: place,
  region: place,
  region_name: place,
  zone: place,
  reported: z.record(z.string(), z.unknown()),
  metadata: z.looseObject({
    phantom: z.boolean().optional(),
    protected: z.boolean().optional(),
  }).optional(),
});

const edgeSchema = z.object({
  type: z.literal("edge"),
  from: plain.max(200),
  to: plain.max(200),
  edge_type: z.enum(["dependency", "delete"]).default("dependency"),
});

const endSchema = z.object({
  type: z.literal("end"),
  nodes: z.int().min(0),
  edges: z.int().min(0),
  whole: z.boolean().default(false),
});

const recordSchema = z.discriminatedUnion("type", [nodeSchema, edgeSchema, endSchema]);

/** One line of an export, checked for its form. */
export type GraphRecord = z.output<typeof recordSchema>;
/** A node of an export. */
export type NodeRecord = z.output<typeof nodeSchema>;

/** What is wrong with a line; texts of the file are no part of it, since they may be secrets. */
export interface BadLine {
  readonly type: "bad";
  readonly code: string;
  readonly message: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
/** Digits of which a number of JavaScript may lose some. */
const MANY_DIGITS = /\d{16}/;

/** Reads one line; `undefined` is one that was too long to be held. */
export function readRecord(line: Uint8Array | undefined): GraphRecord | BadLine {
  if (line === undefined) return bad("TooLong", "a line is longer than 8 MiB");
  let text: string;
  try {
    text = decoder.decode(line);
  } catch {
    return bad("NotUtf8", "a line is not UTF-8");
  }
  let value: unknown;
  try {
    value = MANY_DIGITS.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    return bad("NotJson", "a line is not JSON");
  }
  const { success, data, error } = recordSchema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue?.path[0] === undefined ? "" : ` in ${String(issue.path[0])}`;
  return bad("NotARecord", `a line is no node, edge or end of a graph${where}`);
}

/** Whole numbers keep all their digits. */
function exactly(
  _key: string,
  value: unknown,
  { source }: { readonly source?: string } = {},
): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return source !== undefined && /^-?\d{1,40}$/.test(source) ? BigInt(source) : value;
}

function bad(code: string, message: string): BadLine {
  return { type: "bad", code, message };
}
