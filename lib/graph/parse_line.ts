import { z } from "zod";
import { GraphError } from "../errors/mod.ts";
import {
  type NodeExtras,
  type Outcome,
  OUTCOMES,
  type ScopeFault,
  type ScopeKey,
} from "../model/mod.ts";

/** A guest opens a scope under a number of its own choice. */
export interface OpenLine {
  readonly type: "open";
  readonly scope: number;
  readonly key: ScopeKey;
  /** Empty without region. */
  readonly regionId: string;
}

/** One node of an open scope. */
export interface NodeLine {
  readonly type: "node";
  readonly scope: number;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly extras: NodeExtras;
  /** UTF-8 JSON object of the properties, a view into the line; only its two ends are checked. */
  readonly body: Uint8Array;
}

/** A guest closes a scope. */
export interface CloseLine {
  readonly type: "close";
  readonly scope: number;
  readonly outcome: Outcome;
  readonly faults: readonly ScopeFault[];
}

const TAB = 0x09;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const CONTROL = /\p{Cc}/u;
const MAX_TEXT = 10_000;
const MAX_REFERENCES = 10_000;
const REPLACEMENT = "\ufffd";
const decoder = new TextDecoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a line, see lib/model/line.ts for its forms. What is wrong is named, never quoted: a line
 * may hold secrets.
 * @throws GraphError when the line has none of the forms
 */
export function parseLine(line: Uint8Array): OpenLine | NodeLine | CloseLine {
  const tab = line.indexOf(TAB);
  const header = parseHeader(tab < 0 ? line : line.subarray(0, tab));
  switch (header[0]) {
    case "n":
      return nodeLine(header, tab < 0 ? undefined : line.subarray(tab + 1));
    case "o":
      return openLine(header, tab);
    case "c":
      return closeLine(header, tab);
    default:
      throw malformed("its first element is none of o, n, c");
  }
}

function parseHeader(bytes: Uint8Array): readonly unknown[] {
  let header: unknown;
  try {
    header = JSON.parse(decoded(bytes));
  } catch {
    // The cause would quote the line.
    throw malformed("its header is not JSON in UTF-8");
  }
  if (!Array.isArray(header)) throw malformed("its header is not an array");
  return header;
}

/** The lenient decoder is several times faster; only text that it may have mended is read again. */
function decoded(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes(REPLACEMENT) ? strictDecoder.decode(bytes) : text;
}

function nodeLine(header: readonly unknown[], body: Uint8Array | undefined): NodeLine {
  checkSize(header, 6);
  if (body === undefined || !hasBraces(body)) {
    throw malformed("the properties of a node are not a JSON object after a tab");
  }
  const [, scope, kind, id, name, extras] = header;
  return {
    type: "node",
    scope: scopeNumber(scope),
    kind: plainText(kind, "the kind"),
    id: plainText(id, "the id"),
    name: text(name, "the name"),
    extras: nodeExtras(extras),
    body,
  };
}

function hasBraces(body: Uint8Array): boolean {
  return body.length >= 2 && body[0] === OPENING_BRACE && body.at(-1) === CLOSING_BRACE;
}

function openLine(header: readonly unknown[], tab: number): OpenLine {
  checkSize(header, 7);
  checkEnd(tab);
  const [, scope, cloud, account, region, regionId, resource] = header;
  return {
    type: "open",
    scope: scopeNumber(scope),
    key: {
      cloud: plainText(cloud, "the cloud"),
      account: plainText(account, "the account"),
      region: plainText(region, "the region"),
      resource: plainText(resource, "the resource"),
    },
    regionId: plainText(regionId, "the region id"),
  };
}

const faultSchema = z.strictObject({
  call: z.string().max(500),
  code: z.string().max(500),
  message: z.string().max(MAX_TEXT),
  permission: z.string().max(500).exactOptional(),
  policy: z.boolean().exactOptional(),
  count: z.int().min(0),
});
const closingSchema = z.tuple([
  z.literal("c"),
  z.int().min(0),
  z.enum(OUTCOMES),
  z.array(faultSchema).max(10_000),
]);

function closeLine(header: readonly unknown[], tab: number): CloseLine {
  checkEnd(tab);
  const parsed = closingSchema.safeParse(header);
  if (!parsed.success) throw malformed("scope, outcome or faults of a closing line are not valid");
  const [, scope, outcome, faults] = parsed.data;
  return { type: "close", scope, outcome, faults };
}

const EXTRAS: Readonly<Record<string, (value: unknown) => boolean>> = {
  z: isPlainText,
  e: (value) => Array.isArray(value) && value.length <= MAX_REFERENCES && value.every(isReference),
  t: (value) => isRecord(value) && Object.values(value).every(isText),
  o: (value) => value === 1,
  ph: (value) => value === 1,
  pr: (value) => value === 1,
  k: (value) => Array.isArray(value) && value.every(isText),
};

function nodeExtras(value: unknown): NodeExtras {
  if (!isExtras(value)) throw malformed("the extras of a node are not an object of known fields");
  return value;
}

function isExtras(value: unknown): value is NodeExtras {
  if (!isRecord(value)) return false;
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(EXTRAS, field) || EXTRAS[field]?.(value[field]) !== true) return false;
  }
  return true;
}

function isReference(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 4 || value.length > 5) return false;
  const direction: unknown = value[0];
  const type: unknown = value[4];
  return (direction === "from" || direction === "to") && isPlainText(value[1]) &&
    isPlainText(value[2]) && isText(value[3]) &&
    (type === undefined || type === "dependency" || type === "delete");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

/** Text that can stand in scopes and identities, where a NUL separates. */
function isPlainText(value: unknown): value is string {
  return isText(value) && !CONTROL.test(value);
}

function text(value: unknown, what: string): string {
  if (!isText(value)) throw malformed(`${what} is not text of at most ${MAX_TEXT} characters`);
  return value;
}

function plainText(value: unknown, what: string): string {
  if (!isPlainText(value)) {
    throw malformed(
      `${what} is not text of at most ${MAX_TEXT} characters without control characters`,
    );
  }
  return value;
}

function scopeNumber(value: unknown): number {
  if (!Number.isSafeInteger(value) || typeof value !== "number" || value < 0) {
    throw malformed("the number of the scope is not a whole number");
  }
  return value;
}

function checkSize(header: readonly unknown[], size: number): void {
  if (header.length !== size) throw malformed(`its header does not have ${size} elements`);
}

function checkEnd(tab: number): void {
  if (tab >= 0) throw malformed("something follows its header");
}

function malformed(problem: string): GraphError {
  return new GraphError("mapping", `a line cannot be understood: ${problem}`, {
    hint: "Report this to the author of the plugin.",
  });
}
