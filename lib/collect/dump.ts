import { ConfigError } from "../errors/mod.ts";
import { dumpGraph, dumpModel, type DumpNode, type TextWriter } from "../graph/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import { allEdges, allNodes, type Store, storedKinds } from "../store/mod.ts";

/** Text gathered before it is written. */
const BUFFER_LENGTH = 1024 * 1024;

/** The root of the graph, which the store does not hold. */
const ROOT: DumpNode = {
  nodeId: "TXM91rR24mG18DeK7ljCTQ",
  kind: "graph_root",
  id: "root",
  name: "root",
  body: '{"tags":{}}',
  phantom: true,
  protected: false,
};

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
  const unknown = unknownNodes(store, kinds, clouds);
  await dumpGraph(kinds, nodes(store, clouds, unknown), edges(store, clouds, unknown), graph);
}

/** Nodes whose kind has left the model: a core would refuse the whole graph for one of them. */
function unknownNodes(
  store: Store,
  kinds: KindIndex,
  clouds: readonly string[],
): ReadonlySet<string> {
  const unknown = storedKinds(store).filter((kind) => kinds.get(kind) === undefined);
  if (unknown.length === 0) return new Set();
  return new Set([...allNodes(store, { clouds, kinds: unknown })].map(({ nodeId }) => nodeId));
}

function* nodes(
  store: Store,
  clouds: readonly string[],
  unknown: ReadonlySet<string>,
): Iterable<DumpNode> {
  yield ROOT;
  for (const node of allNodes(store, { clouds })) if (!unknown.has(node.nodeId)) yield node;
}

function* edges(store: Store, clouds: readonly string[], unknown: ReadonlySet<string>) {
  for (const cloud of allNodes(store, { clouds, kinds: ["base_cloud"] })) {
    yield { from: ROOT.nodeId, to: cloud.nodeId, type: "dependency" as const };
  }
  for (const edge of allEdges(store, { clouds })) {
    if (!unknown.has(edge.from) && !unknown.has(edge.to)) yield edge;
  }
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
