import { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { openStoreOf } from "./open_store.ts";
import { print, printJson } from "./print.ts";
import { QUERY_FORMATS } from "./query/format.ts";

const options = z.object({
  format: z.enum(QUERY_FORMATS).optional().describe("Form of the answer")
    .meta({ placeholder: "FORMAT", defaultText: "table" }),
  limit: z.int().min(0).optional().describe("Print so many nodes or groups at most"),
  count: z.boolean().default(false).describe("Print only how many there are"),
  edges: z.boolean().default(false)
    .describe("Print the edges between the nodes too (json, ndjson)"),
  explain: z.boolean().default(false)
    .describe("Print how the query is answered, and how it is said to a core"),
});

/** Options of the command. */
type Own = z.output<typeof options>;

/** `ckworker query TEXT`: asks the store in the query language of the core. */
export const query = defineCommand({
  name: "query",
  summary:
    "asks the store in the query language of the core; - reads the query from standard input",
  usage: "TEXT",
  positionals: 1,
  options,
  run: answer,
});

/** Characters gathered before they are written. */
const CHUNK = 64 * 1024;

async function answer(invocation: Invocation<Own>): Promise<number> {
  const { own, host, settings, signal } = invocation;
  const text = textOf(invocation);
  const { expandMacros, parseQuery } = await import("../query/mod.ts");
  const { prepareQuery } = await import("../store/query/prepare.ts");
  const now = host.io.now();
  const parsed = parseQuery(expandMacros(text, now));
  using store = await openStoreOf(invocation, "read");
  const prepared = prepareQuery(store, parsed, { now });
  const limit = own.limit ?? Number.POSITIVE_INFINITY;
  if (own.explain) {
    const { explain } = await import("./query/explain.ts");
    print(invocation, explain(prepared));
    return 0;
  }
  if (own.count) return printCount(invocation, Math.min(limit, prepared.count()));
  const { answerIn } = await import("./query/answer.ts");
  const format = own.format ?? (settings.output === "json" ? "json" : "table");
  const request = { query: prepared, limit, edges: own.edges, now, output: host.io.stdout };
  let gathered = "";
  for await (const piece of answerIn(format, request)) {
    gathered += piece;
    if (gathered.length < CHUNK) continue;
    signal.throwIfAborted();
    print(invocation, gathered);
    gathered = "";
  }
  print(invocation, gathered);
  return 0;
}

function printCount(invocation: Invocation<Own>, count: number): number {
  if (invocation.settings.output === "json") printJson(invocation, { count });
  else print(invocation, `${count}\n`);
  return 0;
}

function textOf({ positionals, host }: Invocation<Own>): string {
  const [text] = positionals;
  if (text === undefined) {
    throw new ConfigError("there is no query", {
      hint: "Write it in single quotes: ckworker query 'is(volume) and volume_status == available'",
    });
  }
  return text === "-" ? readInput(host.io.readText) : text;
}

/** The query as another program or a file gives it. */
function readInput(readText: (path: string) => string): string {
  try {
    return readText("/dev/stdin");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot read the query from standard input: ${why}`, { cause });
  }
}
