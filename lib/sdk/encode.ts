import { PluginError } from "../errors/mod.ts";
import { MAX_LINE_BYTES, type Reference, type ScopeResult } from "../model/mod.ts";
import type { NodeInput } from "./collector.ts";

/** Where a scope lies, complete. */
export interface OpenScope {
  readonly number: number;
  readonly cloud: string;
  readonly account: string;
  readonly region: { readonly id: string; readonly name: string };
  readonly resource: string;
}

/** Deeper values are a mistake, most likely a cycle. */
const MAX_DEPTH = 64;

/** Properties that come from the line's header. */
const RESERVED: ReadonlySet<string> = new Set(["kind", "id", "name"]);

/** The line that opens a scope, with its line break. */
export function encodeOpen(scope: OpenScope): string {
  const { number, cloud, account, region, resource } = scope;
  return `${JSON.stringify(["o", number, cloud, account, region.name, region.id, resource])}\n`;
}

/** The line that closes a scope. */
export function encodeClose(scope: number, result: ScopeResult): string {
  return `${JSON.stringify(["c", scope, result.outcome, result.faults])}\n`;
}

/**
 * The line of one node.
 * @throws PluginError when the node has no kind or id, holds a property that is reserved or no JSON
 * value, or is larger than the host accepts
 */
export function encodeNode(scope: number, node: NodeInput): string {
  if (node.kind === "" || node.id === "") throw fault(node, "has no kind or no id");
  for (const key of RESERVED) {
    if (Object.hasOwn(node.reported, key)) {
      throw fault(
        node,
        `reports the reserved property "${key}"`,
        `Give "${key}" beside "reported".`,
      );
    }
  }
  const header = ["n", scope, node.kind, node.id, node.name ?? node.id, extras(node)];
  const body = encodeReported(node);
  const line = `${JSON.stringify(header)}\t${body}\n`;
  if (isTooLong(line)) throw fault(node, `is larger than ${MAX_LINE_BYTES} bytes`);
  return line;
}

/**
 * The JSON text of a node's properties, as in its line.
 * @throws PluginError when they hold what is no JSON value
 */
export function encodeReported(node: NodeInput): string {
  return encodeValue(node.reported, node, "reported", 0) ?? "{}";
}

/** Text form of a date in lines: `YYYY-MM-DDTHH:MM:SSZ`; undefined for one that has none. */
export function encodeDate(date: Date): string | undefined {
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? `${date.toISOString().slice(0, 19)}Z` : undefined;
}

/** JSON text of a value; undefined when there is nothing to say (null, NaN, an invalid date). */
function encodeValue(
  value: unknown,
  node: NodeInput,
  path: string,
  depth: number,
): string | undefined {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Number.isFinite(value) ? String(value) : undefined;
    case "boolean":
      return value ? "true" : "false";
    case "undefined":
      return undefined;
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return undefined;
      return encodeObject(value, node, path, depth);
    default:
      throw fault(node, `holds a ${typeof value} in "${path}", which is no JSON value`);
  }
}

function encodeObject(
  value: object,
  node: NodeInput,
  path: string,
  depth: number,
): string | undefined {
  if (depth > MAX_DEPTH) throw fault(node, `is nested too deeply at "${path}"`);
  if (value instanceof Date) {
    const text = encodeDate(value);
    return text === undefined ? undefined : `"${text}"`;
  }
  if (Array.isArray(value)) return encodeArray(value, node, path, depth);
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) {
    throw fault(node, `holds a ${value.constructor.name} in "${path}", which is no JSON value`);
  }
  let json = "";
  for (const [key, part] of Object.entries(value)) {
    const text = encodeValue(part, node, key, depth + 1);
    if (text !== undefined) json += `${json === "" ? "" : ","}${JSON.stringify(key)}:${text}`;
  }
  return `{${json}}`;
}

function encodeArray(
  values: readonly unknown[],
  node: NodeInput,
  path: string,
  depth: number,
): string {
  const parts: string[] = [];
  for (const value of values) {
    const text = encodeValue(value, node, path, depth + 1);
    if (text !== undefined) parts.push(text);
  }
  return `[${parts.join(",")}]`;
}

/** What a node line carries beside identity and properties: `NodeExtras`, absent fields left out. */
function extras(node: NodeInput): Record<string, unknown> {
  return {
    ...(node.zone === undefined || node.zone === "" ? {} : { z: node.zone }),
    ...(hasAny(node.edges) ? { e: node.edges.map((edge) => reference(node, edge)) } : {}),
    ...(node.targets === undefined ? {} : { t: node.targets }),
    ...(node.orphan === true ? { o: 1 } : {}),
    ...(node.phantom === true ? { ph: 1 } : {}),
    ...(node.protected === true ? { pr: 1 } : {}),
    ...(hasAny(node.keep) ? { k: node.keep } : {}),
  };
}

function hasAny<T>(values: readonly T[] | undefined): values is readonly T[] {
  return values !== undefined && values.length > 0;
}

function reference(node: NodeInput, edge: Reference): readonly string[] {
  if (edge.kind === "" || edge.by === "" || edge.value === "") {
    throw fault(node, `declares an edge without kind, property or value`);
  }
  const parts = [edge.direction, edge.kind, edge.by, edge.value];
  return edge.type === undefined ? parts : [...parts, edge.type];
}

/** UTF-8 needs at most three bytes for each UTF-16 unit, so short text need not be measured. */
function isTooLong(line: string): boolean {
  if (line.length * 3 <= MAX_LINE_BYTES) return false;
  return new TextEncoder().encode(line).byteLength > MAX_LINE_BYTES;
}

function fault(node: NodeInput, what: string, hint?: string): PluginError {
  return new PluginError(`Node "${node.id}" of kind "${node.kind}" ${what}`, {
    context: { kind: node.kind },
    ...(hint === undefined ? {} : { hint }),
  });
}
