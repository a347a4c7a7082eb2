import { type ConnectionOptions, createConnection } from "../../../lib/core/mod.ts";
import type { LogLevel } from "../../../lib/log/mod.ts";
import type { CoreConnection, CoreRequest, HttpConnection } from "../../../lib/core/mod.ts";

/** A request as it came. */
export interface Asked {
  readonly url: string;
  readonly headers: Headers;
}

/** A core that answers what the test says. */
export interface TestCore extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` or `https://…`. */
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
}

/** Starts an HTTP server on a free loopback port. */
export function startCore(
  answer: (request: Request) => Response | Promise<Response>,
  tls?: { readonly key: string; readonly cert: string },
): TestCore {
  const asked: Asked[] = [];
  const onListen = () => {};
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen, ...(tls ?? {}) },
    (request) => {
      asked.push({ url: request.url, headers: new Headers(request.headers) });
      return answer(request);
    },
  );
  const { port } = server.addr;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Upgrades to a websocket that the test speaks to. */
export function upgraded(request: Request, onOpen: (socket: WebSocket) => void): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.addEventListener("open", () => onOpen(socket));
  return response;
}

/** What was logged, `level event`. */
export interface Heard {
  readonly lines: readonly string[];
  readonly log: ConnectionOptions["log"];
}

export function listen(): Heard {
  const lines: string[] = [];
  const add = (level: LogLevel, event: string, message: string) => {
    lines.push(`${level} ${event} ${message}`);
  };
  const log: ConnectionOptions["log"] = {
    log: add,
    debug: (event, message) => add("debug", event, message),
    info: (event, message) => add("info", event, message),
    warn: (event, message) => add("warn", event, message),
    error: (event, message) => add("error", event, message),
    with: () => log,
  };
  return { lines, log };
}

/** A connection with the defaults of the tests. */
export function connect(
  uri: string,
  options: Partial<ConnectionOptions> = {},
): HttpConnection {
  const now = () => new Date();
  return createConnection({ uri, verify: true, env: {}, now, log: listen().log, ...options });
}

export const never = new AbortController().signal;

/** A call with the defaults of the tests. */
export function call(path: string, options: Partial<CoreRequest> = {}): CoreRequest {
  return { method: "GET", path, timeoutMs: 10_000, signal: never, ...options };
}

/** Opens a websocket, listening before it opens; `first` is its first message. */
export async function openHeard(
  connection: CoreConnection,
  path: string,
): Promise<{ readonly socket: WebSocket; readonly first: Promise<string> }> {
  const first = Promise.withResolvers<string>();
  // Not every test waits for a message.
  first.promise.catch(() => {});
  const socket = await connection.open(path, never, (socket) => {
    socket.addEventListener("message", ({ data }) => first.resolve(String(data)), { once: true });
    socket.addEventListener("close", () => first.reject(new Error("closed")), { once: true });
  });
  return { socket, first: first.promise };
}

/** Closes a websocket and waits until it is. */
export function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) return resolve();
    socket.addEventListener("close", () => resolve(), { once: true });
    socket.close();
  });
}

/** A certificate that signed itself, for a name that nobody uses. */
export async function selfSigned(
  extensions: readonly string[] = [],
): Promise<{ readonly key: string; readonly cert: string }> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-tls-" });
  const [key, cert] = [`${folder}/key`, `${folder}/cert`];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x"];
  const more = extensions.flatMap((text) => ["-addext", text]);
  const { success } = await new Deno.Command("openssl", {
    args: [...args, ...more, "-keyout", key, "-out", cert],
    stderr: "null",
  }).output();
  if (!success) throw new Error("openssl failed");
  const made = { key: await Deno.readTextFile(key), cert: await Deno.readTextFile(cert) };
  await Deno.remove(folder, { recursive: true });
  return made;
}
