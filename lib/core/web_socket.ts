/** A websocket was not opened; the message is the platform's. */
export class HandshakeFault extends Error {
  /** HTTP status of the answer, when there was one. */
  readonly status: number | undefined;

  constructor(message: string) {
    super(message);
    const status = /Invalid status code: (\d{3})/.exec(message)?.[1];
    this.status = status === undefined ? undefined : Number(status);
  }
}

/**
 * Waits until `socket` is open.
 * @throws HandshakeFault; what `signal` was aborted with, once the attempt has ended
 */
export async function opened(socket: WebSocket, signal: AbortSignal): Promise<WebSocket> {
  let message = "the connection was closed";
  const ended = Promise.withResolvers<void>();
  const onError = (event: Event) => {
    if (event instanceof ErrorEvent) message = event.message;
  };
  const onAbort = () => socket.close();
  socket.addEventListener("open", () => ended.resolve(), { once: true });
  socket.addEventListener("close", () => ended.resolve(), { once: true });
  socket.addEventListener("error", onError);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  await ended.promise;
  socket.removeEventListener("error", onError);
  signal.removeEventListener("abort", onAbort);
  signal.throwIfAborted();
  if (socket.readyState !== WebSocket.OPEN) throw new HandshakeFault(message);
  return socket;
}

/** Closes `socket` when `signal` is aborted; forgets both once it is closed. */
export function closeOn(signal: AbortSignal, socket: WebSocket): void {
  const close = () => socket.close();
  signal.addEventListener("abort", close);
  socket.addEventListener("close", () => signal.removeEventListener("abort", close), {
    once: true,
  });
}
