import type { Logger } from "../log/mod.ts";
import { heard } from "./asked.ts";
import { CKCORE } from "./ckcore.ts";
import { commitUpload, makeGraph } from "./commit.ts";
import type { CoreConnection, CoreRequest } from "./connection.ts";
import type {
  CommitResult,
  Core,
  CoreRecord,
  DialectName,
  NodePatch,
  Upload,
  UploadTraits,
} from "./core.ts";
import type { Dialect, GraphPaths } from "./dialect.ts";
import { FIXCORE } from "./fixcore.ts";
import type { Speech } from "./speech.ts";
import { ndjson } from "./ndjson.ts";
import { patchBodies } from "./patches.ts";
import { groups, nodesThenEdges } from "./records.ts";
import { refused } from "./refusal.ts";

/** Longest wait for an answer to begin, milliseconds. */
const QUERY_TIMEOUT_MS = 10 * 60 * 1000;
const NDJSON = "application/x-ndjson";

const DIALECT: Readonly<Record<DialectName, Dialect>> = { ckcore: CKCORE, fixcore: FIXCORE };

/** What a remote core is made of. */
export interface RemoteCoreOptions {
  readonly connection: CoreConnection;
  /** The generation, or how to find it out: asked once, and again when a call failed. */
  readonly dialect: DialectName | ((signal: AbortSignal) => Promise<DialectName>);
  /** Name of the graph; that of the core's generation when absent. */
  readonly graph?: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A core behind HTTP. Aggregations and queries are passed on as they are: paths without `/` in
 * front begin at the document at the older generation, at `reported` at the later one.
 */
export class RemoteCore implements Core {
  readonly name: string;
  readonly #options: RemoteCoreOptions;
  #found: DialectName | undefined;

  constructor(options: RemoteCoreOptions) {
    this.#options = options;
    this.name = options.connection.uri;
  }

  async dialect(signal: AbortSignal): Promise<DialectName> {
    const { dialect } = this.#options;
    if (typeof dialect === "string") return dialect;
    return this.#found ??= await dialect(signal);
  }

  async traits(signal: AbortSignal): Promise<UploadTraits> {
    return (await this.#speak(signal)).dialect.traits;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    await makeGraph(await this.#speech(signal));
  }

  async commit(upload: Upload, signal: AbortSignal): Promise<CommitResult> {
    return await commitUpload(upload, await this.#speech(signal));
  }

  async *query(text: string, signal: AbortSignal): AsyncGenerator<CoreRecord> {
    const { dialect, paths } = await this.#speak(signal);
    const documents = await this.#ask("a query", paths.query, text, signal);
    yield* nodesThenEdges(documents, dialect.edgeTypes);
  }

  async *aggregate(
    text: string,
    signal: AbortSignal,
  ): AsyncGenerator<Readonly<Record<string, unknown>>> {
    const { paths } = await this.#speak(signal);
    yield* groups(await this.#ask("an aggregation", paths.aggregate, text, signal));
  }

  async patch(patches: Iterable<NodePatch>, signal: AbortSignal): Promise<void> {
    const { paths } = await this.#speak(signal);
    const what = "changes of nodes";
    for (const body of patchBodies(patches)) {
      const response = await this.#call(what, {
        method: "PATCH",
        path: paths.nodes,
        headers: { "Content-Type": NDJSON, "Accept": NDJSON },
        body,
        timeoutMs: QUERY_TIMEOUT_MS,
        signal,
      });
      // The answer repeats the nodes; it is heard out, for it is told while they are written.
      await heard(
        { what, signal },
        response.body?.pipeTo(new WritableStream()) ?? Promise.resolve(),
      );
    }
  }

  async #speech(signal: AbortSignal): Promise<Speech> {
    const { log, now } = this.#options;
    return {
      ...await this.#speak(signal),
      log,
      now,
      signal,
      send: (request) => this.#send(request),
      call: (what, request) => this.#call(what, request),
    };
  }

  async #speak(signal: AbortSignal): Promise<{ dialect: Dialect; paths: GraphPaths }> {
    const dialect = DIALECT[await this.dialect(signal)];
    return { dialect, paths: dialect.paths(this.#options.graph ?? dialect.graph) };
  }

  async #ask(
    what: string,
    path: string,
    text: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<unknown>> {
    const headers = { "Accept": NDJSON };
    const timeoutMs = QUERY_TIMEOUT_MS;
    const response = await this.#call(what, {
      method: "POST",
      path,
      headers,
      body: text,
      timeoutMs,
      signal,
    });
    return ndjson(response, { what, signal });
  }

  /** Makes a call and lets only good answers through. */
  async #call(what: string, request: CoreRequest): Promise<Response> {
    const response = await this.#send(request);
    if (response.ok) return response;
    throw await refused(what, response);
  }

  /** Whenever something fails, another generation may have taken the core's place. */
  async #send(request: CoreRequest): Promise<Response> {
    let answered = false;
    try {
      const response = await this.#options.connection.request(request);
      answered = response.ok;
      return response;
    } finally {
      if (!answered) this.#found = undefined;
    }
  }
}
