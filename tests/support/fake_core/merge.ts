import type { CoreState } from "./core_state.ts";
import { keepDeferred } from "./deferred.ts";
import { DIALECT_FACTS } from "./dialect.ts";
import { readLines } from "./merge_stream.ts";
import { UploadReader, type UploadVerdict } from "./merge_rules.ts";
import { importAborted, Refusal, refuse } from "./refusal.ts";

const MAX_VIOLATIONS = 50;

/** A merge as it is asked for. */
export interface MergeRequest {
  readonly graph: string;
  readonly headers: Headers;
  readonly parameters: URLSearchParams;
  readonly body: ReadableStream<Uint8Array>;
  readonly signal: AbortSignal;
}

/**
 * Reads an upload, and stores it only when it has come in whole and nothing is wrong with it.
 * @throws Refusal as the core answers it
 */
export async function answerMerge(state: CoreState, request: MergeRequest): Promise<Response> {
  const graph = state.graph(request.graph);
  if (request.headers.get("content-type")?.split(";")[0]?.trim() !== "application/x-ndjson") {
    throw refuse("HTTPUnsupportedMediaType", "Unsupported Media Type");
  }
  const isWaitedFor = state.dialect === "ckcore" ||
    request.parameters.get("wait_for_result")?.toLowerCase() !== "false";
  const verdict = await readUpload(state, request, isWaitedFor);
  request.signal.throwIfAborted();
  for (const each of verdict.violations.slice(0, MAX_VIOLATIONS)) {
    state.observations.violation(`merge: ${each}`);
  }
  const [refusal] = verdict.refusals;
  if (refusal !== undefined) {
    if (isWaitedFor) throw importAborted("AttributeError", refusal);
    state.observations.importErrors.push(refusal);
    state.observations.changed();
    return new Response(null, { status: 204 });
  }
  const counts = graph.merge(verdict.upload, state.model(request.graph), state.clock.now());
  const task = request.headers.get("fix-worker-task-id");
  if (task !== null) keepDeferred(graph, task, verdict.upload.deferred);
  state.onChange();
  state.observations.changed();
  return isWaitedFor ? Response.json(counts) : new Response(null, { status: 204 });
}

/** The first bad line ends the reading when somebody waits for the result. */
async function readUpload(
  state: CoreState,
  request: MergeRequest,
  isWaitedFor: boolean,
): Promise<UploadVerdict> {
  const { dialect, clock } = state;
  const facts = DIALECT_FACTS[dialect];
  const reader = new UploadReader(state.model(request.graph), dialect);
  const limits = { line: facts.lineLimit, stall: facts.stallLimit };
  for await (const line of readLines(request.body, limits, clock, request.signal)) {
    const refusal = reader.add(line);
    if (refusal !== undefined && isWaitedFor) throw importAborted("AttributeError", refusal);
  }
  const count = (name: string) => {
    const text = request.headers.get(name);
    return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const told = {
    nodes: count(facts.countHeaders.nodes),
    edges: count(facts.countHeaders.edges),
  };
  return reader.finish(told);
}

/** All lines of a body that is small enough to hold. */
export async function allLines(
  state: CoreState,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (body === null) return [];
  const limits = { line: DIALECT_FACTS[state.dialect].lineLimit };
  const lines: string[] = [];
  for await (const line of readLines(body, limits, state.clock, signal)) lines.push(line);
  return lines;
}

/**
 * Reads a JSON body within the limit of the generation.
 * @throws Refusal 400, or 413 of the newer core
 */
export async function readJson(
  state: CoreState,
  body: ReadableStream<Uint8Array> | null,
): Promise<unknown> {
  const limit = DIALECT_FACTS[state.dialect].jsonLimit;
  let text = "";
  let size = 0;
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > limit) {
      throw state.dialect === "ckcore"
        ? refuse("HTTPRequestEntityTooLarge", `Maximum request body size ${limit} exceeded`)
        : new Refusal(413, undefined, `Maximum request body size ${limit} exceeded`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse("JSONDecodeError", "Expecting value");
  }
}
