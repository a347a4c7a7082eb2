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
 * Waits until `socket` is open. A core may send its first message, and close, together with the
 * handshake: whoever wants to hear that listens already.
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
  if (socket.readyState === WebSocket.CONNECTING || socket.readyState === WebSocket.CLOSED) {
    throw new HandshakeFault(message);
  }
  return socket;
}
