import type { Document, LineCounter } from "yaml";
import { z } from "zod";
import { ConfigError } from "../../errors/mod.ts";
import { parseDelta } from "../durations.ts";
import { PARSING } from "../parsing.ts";

/** A span of time in a configuration file, `3h`; becomes milliseconds. */
export const deltaSchema: z.ZodType<number, string> = z.string().transform((text, context) => {
  const delta = parseDelta(text);
  if (delta !== undefined) return delta;
  context.addIssue({ code: "custom", message: `"${text}" is no span of time such as 3h or 10d` });
  return z.NEVER;
});

/**
 * Reads an action plugin's YAML file. Every scalar stays the text that was written: an account id
 * keeps its leading zeros, quoted or not.
 * @param path of the file, which the manifest names
 * @param files texts by path, as the context has them
 * @returns undefined for a file that says nothing
 * @throws ConfigError with path, line and column, or when the file was not read
 */
export async function readConfigText<Schema extends z.ZodType>(
  path: string,
  files: Readonly<Record<string, string>>,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const text = files[path];
  if (text === undefined) {
    throw new ConfigError(`Cannot read ${path}`, {
      context: { subject: path },
      hint: "Give the path of a YAML file that ckworker may read.",
    });
  }
  // Loaded by the few guests that have such a file, not by every collector.
  const { parseYaml } = await import("./yaml_document.ts");
  const { document, lines } = parseYaml(text);
  const [broken] = document.errors;
  if (broken !== undefined) {
    const problem = broken.message.split("\n")[0]?.replace(/ at line \d+, column \d+:$/, "");
    throw fault(path, lines, broken.pos[0], problem ?? "it is no YAML");
  }
  const value: unknown = document.toJS();
  if (isNothing(value)) return undefined;
  const parsed = schema.safeParse(value, PARSING);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = offsetOf(document, issue?.path ?? []);
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw fault(path, lines, at, `${where}${issue?.message ?? ""}`);
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function fault(path: string, lines: LineCounter, offset: number, what: string): ConfigError {
  const { line, col } = lines.linePos(offset);
  return new ConfigError(`${path}:${line}:${col}: ${what}`, { context: { subject: path } });
}

const pairSchema = z.object({ key: z.unknown(), value: z.unknown() });
const placedSchema = z.object({ range: z.tuple([z.number()]).rest(z.number()) });
const listSchema = z.object({ items: z.array(z.unknown()) });
const keySchema = z.object({ value: z.unknown() });

/** Where in the text the deepest part of a path is that the file has. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const found = stepInto(node, step);
    if (found === undefined) break;
    offset = startOf(found.at) ?? offset;
    node = found.node;
  }
  return offset;
}

/** What a step leads to, and what stands for it: the key in a map, the value in a list. */
function stepInto(node: unknown, step: PropertyKey): { at: unknown; node: unknown } | undefined {
  const items = listSchema.safeParse(node, PARSING).data?.items ?? [];
  if (typeof step === "number") {
    const item = items[step];
    return item === undefined ? undefined : { at: item, node: item };
  }
  for (const item of items) {
    const pair = pairSchema.safeParse(item, PARSING).data;
    const key = keySchema.safeParse(pair?.key, PARSING).data;
    if (pair !== undefined && key?.value === step) return { at: pair.key, node: pair.value };
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return placedSchema.safeParse(node, PARSING).data?.range[0];
}
