import { z } from "zod";
import { CoreMessageError, CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import type { CommitResult, Upload, UploadPart } from "./core.ts";
import type { Dialect } from "./dialect.ts";
import { readStart } from "./read_start.ts";
import { readRefusal } from "./refusal.ts";
import { type Asked, heard } from "./asked.ts";
import { MergeBody } from "./merge_body.ts";
import { sendModel } from "./model_upload.ts";
import { NodeWriter } from "./node_writer.ts";
import { refusedMerge } from "./refused_merge.ts";
import type { Speech } from "./speech.ts";

/** Longest wait for the answer to a merge, milliseconds: the upload and an hour of the core's work. */
const MERGE_TIMEOUT_MS = 2 * 60 * 60 * 1000;
const TIMEOUT_MS = 60 * 1000;
/** Bytes of an answer to a merge that are read: counters are a few hundred. */
const COUNTERS_MAX = 1024 * 1024;

/**
 * Hands an upload over: the graph's name, the model, then each part as one merge.
 * @throws as `Core.commit` does
 */
export async function commitUpload(upload: Upload, speech: Speech): Promise<CommitResult> {
  const { dialect } = speech;
  await makeGraph(speech);
  await sendModel(upload.kinds, speech);
  const writer = new NodeWriter(dialect, upload.kinds, isoSeconds(speech.now()));
  const parts: CommitResult["parts"][number][] = [];
  const shortened: CommitResult["shortened"][number][] = [];
  let bytes = 0;
  for (const part of upload.parts) {
    const merged = await merge(part, upload, writer, speech);
    parts.push(merged.result);
    shortened.push(...merged.shortened);
    bytes += merged.bytes;
  }
  return { parts, bytes, shortened };
}

/** Makes the graph, if there is none. @throws as `Core.prepare` does */
export async function makeGraph({ dialect, paths, signal, call }: Speech): Promise<void> {
  await finish(
    await call("the graph", {
      method: "POST",
      path: paths.graph,
      headers: { "Accept": "application/json", ...dialect.emptyBody },
      timeoutMs: TIMEOUT_MS,
      signal,
    }),
  );
}

async function merge(part: UploadPart, upload: Upload, writer: NodeWriter, speech: Speech) {
  const { dialect, paths, log, now, signal } = speech;
  const task = dialect.headers.task !== undefined && upload.task !== undefined;
  const body = new MergeBody(part, { dialect, writer, task, pace: { log, now } });
  const asked = { what: `the merge of ${part.name}`, signal };
  try {
    const response = await speech.send({
      method: "POST",
      path: paths.merge,
      headers: mergeHeaders(part, upload.task, dialect),
      body: () => body.open(),
      timeoutMs: MERGE_TIMEOUT_MS,
      signal,
    });
    const refusal = response.ok ? undefined : await readRefusal(response);
    body.stop();
    if (refusal !== undefined) throw refusedMerge(refusal, asked.what, part, upload.kinds);
    const changes = await changesOf(response, asked);
    const result = { name: part.name, ...(changes === undefined ? {} : { changes }) };
    return { result, bytes: body.bytes, shortened: body.shortened };
  } catch (thrown) {
    throw explained(thrown, body, part);
  }
}

function mergeHeaders(part: UploadPart, task: string | undefined, { headers }: Dialect) {
  return {
    "Content-Type": "application/x-ndjson",
    [headers.nodes]: String(part.nodes),
    [headers.edges]: String(part.edges),
    ...(headers.task === undefined || task === undefined ? {} : { [headers.task]: task }),
  };
}

/** Our own fault comes first: the connection only sees that the body ended early. */
function explained(thrown: unknown, body: MergeBody, part: UploadPart): unknown {
  if (body.failure !== undefined) return body.failure.thrown;
  if (!(thrown instanceof CoreRejectedError || thrown instanceof CoreUnreachableError)) {
    return thrown;
  }
  const { context, hint } = thrown;
  const sent = `${part.name}: ${body.lines} of ${part.nodes + part.edges} lines were sent`;
  const text = `${thrown.message} (${sent})`;
  const options = { context, cause: thrown, ...(hint === undefined ? {} : { hint }) };
  if (thrown instanceof CoreRejectedError) {
    return new CoreRejectedError(thrown.status, text, options);
  }
  const { retryAfterMs } = thrown;
  return new CoreUnreachableError(text, {
    ...options,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

const changesSchema = z.record(z.string(), z.unknown())
  .transform((answer) =>
    Object.fromEntries(
      Object.entries(answer).flatMap(([name, count]) =>
        typeof count === "number" ? [[name, count] as const] : []
      ),
    )
  );

/**
 * The counters of a merge; undefined when the core only accepts it. Something else than counters
 * comes from something in front of the core, which may never have heard of the merge.
 */
async function changesOf(response: Response, asked: Asked) {
  const text = await heard(asked, readStart(response, COUNTERS_MAX));
  if (text.trim() === "") return undefined;
  try {
    return changesSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CoreMessageError(`the core answers ${asked.what} with no counters`, {
      hint: "Check that the address is that of the core itself",
      cause,
    });
  }
}

/** Reads what is left of an answer that nobody needs, so that the connection is free again. */
async function finish(response: Response): Promise<void> {
  await response.body?.cancel();
}

function isoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}
