import type { CommitResult, Core } from "../../core/mod.ts";
import {
  CkError,
  CoreMessageError,
  CoreRejectedError,
  CoreUnreachableError,
  StoreError,
} from "../../errors/mod.ts";
import type { Logger } from "../../log/mod.ts";
import { type Kind, KindIndex } from "../../model/mod.ts";
import {
  noteUpload,
  openStore,
  readSnapshot,
  recordUpload,
  type UploadEnd,
} from "../../store/mod.ts";
import type { UploadSummary } from "../summary.ts";
import { type PlannedUpload, planUpload, type UploadInput } from "./upload_plan.ts";

/** Longest wait for the store to write down how an upload ended, milliseconds. */
const RECORD_WAIT_MS = 60_000;
/**
 * Answers that are about the graph itself: the same one will be refused again. All other refusals
 * are about the caller, the address or what is before the core, and end when those are mended.
 */
const ABOUT_THE_GRAPH: ReadonlySet<number> = new Set([400, 413]);

/** A run that is to be handed to a core. */
export interface UploadRequest extends Omit<UploadInput, "kinds" | "traits"> {
  readonly store: {
    readonly path: string;
    /** Kinds of every plugin that is known. */
    readonly kinds: readonly Kind[];
  };
  readonly log: Logger;
  readonly now: () => Date;
  /** Aborting it gives up; nothing is recorded then. */
  readonly signal: AbortSignal;
}

/**
 * Hands a finished run over to a core and writes down how that went. The store is read while the
 * graph is sent, as it was when that began: others may collect into it meanwhile. A core that is not
 * there, refuses, or answers with what is no answer is no error here: the graph stays in the store,
 * see `pendingUploads`.
 * @throws StoreError when the store cannot be read
 * @throws the signal's reason
 */
export async function uploadRun(request: UploadRequest, core: Core): Promise<UploadSummary> {
  const { signal } = request;
  let planned: PlannedUpload | undefined;
  try {
    const traits = await core.traits(signal);
    using store = await openStore({
      path: request.store.path,
      kinds: request.store.kinds,
      mode: "read",
      now: request.now,
    });
    using _snapshot = readSnapshot(store);
    planned = planUpload(store, {
      ...request,
      kinds: new KindIndex(request.store.kinds),
      traits,
    });
    const isEmpty = planned.upload.parts.length === 0;
    const result = isEmpty ? NO_RESULT : await core.commit(planned.upload, signal);
    const outcome = isEmpty ? "nothing" : "accepted";
    return await record(request, { ...planned.summary, ...resultOf(result), outcome });
  } catch (error) {
    signal.throwIfAborted();
    const outcome = outcomeOf(error);
    if (outcome === undefined) throw error;
    const reason = reasonOf(error);
    const facts = planned?.summary ?? unplanned(request);
    const summary = { ...facts, ...resultOf(NO_RESULT), outcome, reason };
    return await record(request, summary, isAboutTheGraph(error));
  }
}

const NO_RESULT: CommitResult = { parts: [], bytes: 0, shortened: [] };

function outcomeOf(error: unknown): "unreachable" | "rejected" | undefined {
  if (error instanceof CoreUnreachableError) return "unreachable";
  // An answer that makes no sense comes from something before the core, and so it would at once again.
  const isNo = error instanceof CoreRejectedError || error instanceof CoreMessageError;
  return isNo ? "rejected" : undefined;
}

function isAboutTheGraph(error: unknown): boolean {
  return error instanceof CoreRejectedError && ABOUT_THE_GRAPH.has(error.status);
}

/** What went wrong and what to do about it, as one clause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof CkError && error.hint !== undefined
    ? `${error.message} (${error.hint})`
    : error.message;
}

function resultOf({ parts, bytes, shortened }: CommitResult): Pick<
  UploadSummary,
  "changes" | "bytes" | "shortened"
> {
  const changes = parts.flatMap(({ name, changes }) =>
    changes === undefined ? [] : [[name, changes]]
  );
  return { changes: Object.fromEntries(changes), bytes, shortened };
}

/** What can be said of an upload to a core that was not there. */
function unplanned({ target, run, clouds }: UploadRequest): PlannedUpload["summary"] {
  return {
    core: target.uri,
    graph: target.graph,
    run,
    clouds: clouds.map((cloud) => ({ cloud, level: "none", accounts: 0, regions: 0 })),
    leftOut: [],
    nodes: 0,
    edges: 0,
    droppedEdges: 0,
    deferredEdges: 0,
  };
}

/**
 * Writes down how it ended. That needs the store for a moment; where another run holds it for long,
 * the same graph will be sent once more, which changes nothing.
 * @param refused whether the core would refuse the same graph again
 */
async function record(
  request: UploadRequest,
  summary: UploadSummary,
  refused = false,
): Promise<UploadSummary> {
  const limit = AbortSignal.timeout(RECORD_WAIT_MS);
  try {
    using store = await openStore({
      path: request.store.path,
      kinds: request.store.kinds,
      mode: "write",
      now: request.now,
      wait: { signal: AbortSignal.any([request.signal, limit]) },
    });
    recordUpload(store, request.target, request.run, endsOf(request, summary, refused));
    noteUpload(store, request.run, summary);
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof StoreError === false && !limit.aborted) throw error;
    request.log.warn(
      "collect.upload.unrecorded",
      `The store cannot be told how the upload ended; it will be repeated: ${error}`,
    );
  }
  return summary;
}

function endsOf(
  request: UploadRequest,
  summary: UploadSummary,
  refused: boolean,
): ReadonlyMap<string, UploadEnd> {
  const { outcome, reason = "" } = summary;
  if (outcome === "unreachable" || outcome === "rejected") {
    const end: UploadEnd = { end: "failed", text: reason, refused };
    return new Map(request.clouds.map((cloud) => [cloud, end]));
  }
  return new Map(
    summary.clouds.map(({ cloud, level }): [string, UploadEnd] => [
      cloud,
      level === "none" ? { end: "idle" } : { end: "accepted", level },
    ]),
  );
}
