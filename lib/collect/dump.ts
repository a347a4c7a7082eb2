import type { UploadPart, UploadRecord } from "../core/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { dumpGraph, dumpModel, type TextWriter } from "../graph/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import type { Store } from "../store/mod.ts";
import { StoreLayout } from "./upload/membership.ts";
import type { SubGraph } from "./upload/plan.ts";
import { UploadGraph } from "./upload/records.ts";

/** Text gathered before it is written. */
const BUFFER_LENGTH = 1024 * 1024;

/**
 * Finds out before a run, which may be long, whether its dump can be written.
 * @throws ConfigError when the folder cannot be written
 */
export async function checkDump(folder: string): Promise<void> {
  for (const name of ["model", "graph"]) {
    (await open(`${folder}/${name}.dump.json`, false)).close();
  }
}

/**
 * Writes `model.dump.json` and `graph.dump.json` into a folder, as a core would be told them.
 * @throws ConfigError when the folder cannot be written
 */
export async function dumpRun(
  store: Store,
  kinds: KindIndex,
  clouds: readonly string[],
  folder: string,
): Promise<void> {
  {
    await using model = await openText(`${folder}/model.dump.json`);
    await dumpModel(kinds, model);
  }
  await using graph = await openText(`${folder}/graph.dump.json`);
  const { nodes, edges } = split(wholeClouds(store, kinds, clouds).records());
  await dumpGraph(kinds, nodes, edges, graph);
}

/** All that the store holds of the clouds, as an upload would tell it that replaces them whole. */
function wholeClouds(store: Store, kinds: KindIndex, clouds: readonly string[]): UploadPart {
  const layout = new StoreLayout(store, kinds);
  const subGraphs = [...new Set(clouds)].map((cloud): SubGraph => {
    return { level: "cloud", cloud, account: "", region: "" };
  }).filter((subGraph) => layout.top(subGraph) !== undefined);
  const options = { kinds, defer: false, merges: "one" } as const;
  return new UploadGraph(store, layout, subGraphs, options).everything();
}

/** Nodes and edges of records, to be read one after the other. */
function split(records: Iterable<UploadRecord>) {
  const iterator = records[Symbol.iterator]();
  let next = iterator.next();
  return {
    nodes: (function* () {
      for (; next.done !== true && next.value.type === "node"; next = iterator.next()) {
        yield next.value.node;
      }
    })(),
    edges: (function* () {
      for (; next.done !== true && next.value.type === "edge"; next = iterator.next()) {
        yield next.value.edge;
      }
    })(),
  };
}

async function openText(path: string): Promise<TextWriter & AsyncDisposable> {
  const file = await open(path, true);
  const encoder = new TextEncoder();
  const writer = file.writable.getWriter();
  let parts: string[] = [];
  let length = 0;
  const flush = async () => {
    await writer.write(encoder.encode(parts.join("")));
    parts = [];
    length = 0;
  };
  return {
    write: (text) => {
      parts.push(text);
      length += text.length;
      if (length >= BUFFER_LENGTH) return flush();
    },
    async [Symbol.asyncDispose]() {
      await flush();
      await writer.close();
    },
  };
}

async function open(path: string, truncate: boolean): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, create: true, truncate, mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot write ${path}: ${why}`, {
      context: { subject: "--debug-dump-json" },
      hint: "Run it in a folder that can be written.",
      cause,
    });
  }
}
