import {
  type CoreConnection,
  type CoreRequest,
  type DialectName,
  RemoteCore,
  type Upload,
  type UploadEdge,
  type UploadNode,
  type UploadPart,
} from "../../lib/core/mod.ts";
import { CoreUnreachableError } from "../../lib/errors/mod.ts";
import type { Logger, LogRecord } from "../../lib/log/mod.ts";
import { KindIndex } from "../../lib/model/mod.ts";

/** A connection over fetch without trust, tokens or proxies. */
export class FetchConnection implements CoreConnection {
  readonly uri: string;

  constructor(uri: string) {
    this.uri = uri;
  }

  async request({ method, path, headers = {}, body, signal }: CoreRequest): Promise<Response> {
    const url = `${this.uri}${path}`;
    const sent = typeof body === "function" ? body() : body;
    try {
      return await fetch(url, { method, headers, signal, ...(sent && { body: sent }) });
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CoreUnreachableError(`no answer: ${why}`, { cause });
    }
  }

  open(): Promise<WebSocket> {
    throw new Error("no websockets here");
  }
}

/** A request as a server saw it. */
export interface Seen {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (seen: Seen) => Response | Promise<Response>;

/** An answer that never ends. */
export function endlessAnswer(): Response {
  const chunk = new TextEncoder().encode("x".repeat(64 * 1024));
  return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
}

/** A loopback server that remembers every request. */
export class RecordingServer implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(answer: Answer) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const seen: Seen = {
          method: request.method,
          path: pathname + search,
          headers: request.headers,
          body: await request.text(),
        };
        this.seen.push(seen);
        return await answer(seen);
      },
    );
  }

  get uri(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get calls(): readonly string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

/** What a core answers to an upload when all is well. */
export function accepts({ method, path }: Seen): Response {
  if (path.includes("wait_for_result")) return new Response(null, { status: 204 });
  if (path.endsWith("/merge")) return Response.json({ nodes_created: 2, edges_created: 1 });
  return method === "POST" ? Response.json({ id: "root" }) : Response.json([]);
}

/** The refusal of a core. */
export function refusal(error: string, message: string, status = 400): Response {
  return new Response(`Error: ${error}\nMessage: ${message}`, { status });
}

/** Nodes of every sort that dialects treat differently. */
export const KINDS = new KindIndex([
  { name: "x_account", bases: ["account"], properties: [], pythonType: "x.resources.Account" },
  {
    name: "x_part",
    bases: [],
    nested: true,
    properties: [{ name: "part_size", type: "int64", description: "Size" }],
  },
  {
    name: "x_vm",
    bases: ["instance"],
    pythonType: "x.resources.Vm",
    properties: [
      { name: "notes", type: "string" },
      { name: "x_names", type: "string[]" },
      { name: "x_labels", type: "dictionary[string, string]" },
      { name: "x_any", type: "any" },
      { name: "x_parts", type: "x_part[]" },
      { name: "x_lease", type: "duration", dialect: true },
    ],
  },
]);

/** A node with what a test cares about. */
export function node(over: Partial<UploadNode> = {}): UploadNode {
  return {
    nodeId: "FI_j_EAhzxSqC6fSQYi7Vw",
    kind: "x_vm",
    id: "i-1",
    name: "web",
    body: '{"tags":{"a":"b"},"ctime":"2021-12-01T10:00:00Z","instance_cores":2.0}',
    phantom: false,
    protected: false,
    replace: false,
    ...over,
  };
}

/** A part of these records. */
export function part(
  nodes: readonly UploadNode[],
  edges: readonly UploadEdge[] = [],
  name = "x",
): UploadPart {
  return {
    name,
    nodes: nodes.length,
    edges: edges.filter((edge) => edge.deferred !== true).length,
    *records() {
      for (const each of nodes) yield { type: "node", node: each };
      for (const edge of edges) yield { type: "edge", edge };
    },
  };
}

/** An upload of these parts. */
export function upload(...parts: readonly UploadPart[]): Upload {
  return { kinds: KINDS, parts };
}

/** A logger that keeps the names of its events. */
export function keepingLogger(): { readonly log: Logger; readonly events: Partial<LogRecord>[] } {
  const events: Partial<LogRecord>[] = [];
  const at = (level: "debug" | "info" | "warn" | "error") =>
    ((event, message, fields = {}) =>
      void events.push({ level, event, message, fields })) satisfies Logger["debug"];
  const log: Logger = {
    log: (level, event, message, fields = {}) =>
      void events.push({ level, event, message, fields }),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: () => log,
  };
  return { log, events };
}

/** 2026-01-02T03:04:05Z */
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** A remote core behind a plain connection. */
export function remoteCore(
  uri: string,
  dialect: DialectName | ((signal: AbortSignal) => Promise<DialectName>),
  over: { readonly graph?: string; readonly log?: Logger; readonly now?: () => number } = {},
): RemoteCore {
  const { log = keepingLogger().log, now = () => NOW, ...rest } = over;
  return new RemoteCore({ connection: new FetchConnection(uri), dialect, log, now, ...rest });
}

/** A signal that nobody aborts. */
export function unhurried(): AbortSignal {
  return new AbortController().signal;
}
