import { CoreRejectedError, CoreUnreachableError } from "../../lib/errors/mod.ts";
import type { CoreConnection, CoreRequest } from "../../lib/core/mod.ts";

/** A connection to a server of this machine, without tokens. */
export function loopbackConnection(port: () => number): CoreConnection {
  const address = () => `127.0.0.1:${port()}`;
  return {
    uri: "http://core.test",
    request: (request) => call(`http://${address()}${request.path}`, request),
    open: (path, signal, prepare) => openSocket(`ws://${address()}${path}`, signal, prepare),
  };
}

async function call(url: string, { method, headers = {}, signal }: CoreRequest) {
  try {
    return await fetch(url, { method, headers, signal });
  } catch (error) {
    throw new CoreUnreachableError("No answer", { cause: error });
  }
}

async function openSocket(
  url: string,
  signal: AbortSignal,
  prepare: ((socket: WebSocket) => void) | undefined,
): Promise<WebSocket> {
  const socket = new WebSocket(url);
  prepare?.(socket);
  const opened = Promise.withResolvers<void>();
  const onAbort = () => {
    socket.close();
    opened.reject(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  socket.addEventListener("open", () => opened.resolve(), { once: true });
  socket.addEventListener("error", (event) => {
    const message = event instanceof ErrorEvent ? event.message : "";
    const status = /status code: (\d+)/.exec(message)?.[1];
    opened.reject(
      status === undefined
        ? new CoreUnreachableError(message)
        : new CoreRejectedError(Number(status), message),
    );
  }, { once: true });
  try {
    await opened.promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  return socket;
}
