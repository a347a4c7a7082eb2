import { z } from "zod";
import { CoreMessageError, CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import type { CommitResult, Upload, UploadPart } from "./core.ts";
import type { Dialect } from "./dialect.ts";
import { MergeBody } from "./merge_body.ts";
import { sendModel } from "./model_upload.ts";
import { NodeWriter } from "./node_writer.ts";
import { refusedMerge } from "./refused_merge.ts";
import type { Speech } from "./speech.ts";

/** Longest wait for the answer to a merge, milliseconds: the upload and an hour of the core's work. */
const MERGE_TIMEOUT_MS = 2 * 60 * 60 * 1000;
const TIMEOUT_MS = 60 * 1000;

/**
 * Hands an upload over: the graph's name, the model, then each part as one merge.
 * @throws as `Core.commit` does
 */
export async function commitUpload(upload: Upload, speech: Speech): Promise<CommitResult> {
  const { dialect, paths } = speech;
  await finish(
    await speech.call("the graph", {
      method: "POST",
      path: paths.graph,
      headers: { "Accept": "application/json", ...dialect.emptyBody },
      timeoutMs: TIMEOUT_MS,
    }),
  );
  await sendModel(upload.kinds, speech);
  const writer = new NodeWriter(dialect, upload.kinds, isoSeconds(speech.now()));
  const parts: CommitResult["parts"][number][] = [];
  const shortened: CommitResult["shortened"][number][] = [];
  for (const part of upload.parts) {
    const merged = await merge(part, upload, writer, speech);
    parts.push(merged.result);
    shortened.push(...merged.shortened);
  }
  return { parts, shortened };
}

async function merge(part: UploadPart, upload: Upload, writer: NodeWriter, speech: Speech) {
  const { dialect, paths, log, now } = speech;
  const task = dialect.headers.task !== undefined && upload.task !== undefined;
  const body = new MergeBody(part, { dialect, writer, task, pace: { log, now } });
  try {
    const response = await speech.call(`the merge of ${part.name}`, {
      method: "POST",
      path: paths.merge,
      headers: mergeHeaders(part, upload.task, dialect),
      body: () => body.open(),
      timeoutMs: MERGE_TIMEOUT_MS,
    });
    const changes = await changesOf(response, part);
    const result = { name: part.name, ...(changes === undefined ? {} : { changes }) };
    return { result, shortened: body.shortened };
  } catch (thrown) {
    body.stop();
    throw explained(thrown, body, part, upload);
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
function explained(thrown: unknown, body: MergeBody, part: UploadPart, upload: Upload): unknown {
  if (body.failure !== undefined) return body.failure.thrown;
  if (thrown instanceof CoreRejectedError) {
    return refusedMerge(thrown, { part, kinds: upload.kinds, lines: body.lines });
  }
  if (thrown instanceof CoreUnreachableError) return lost(thrown, body, part);
  return thrown;
}

function lost(thrown: CoreUnreachableError, { lines }: MergeBody, part: UploadPart) {
  const { retryAfterMs, hint, context } = thrown;
  return new CoreUnreachableError(
    `${thrown.message} (${part.name}: ${lines} of ${part.nodes + part.edges} lines were sent)`,
    {
      context,
      cause: thrown,
      ...(hint === undefined ? {} : { hint }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );
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
async function changesOf(response: Response, part: UploadPart) {
  const text = await response.text();
  if (text.trim() === "") return undefined;
  try {
    return changesSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CoreMessageError(`the core answers the merge of ${part.name} with no counters`, {
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
