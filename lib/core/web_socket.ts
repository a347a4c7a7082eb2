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
 * Waits until `socket` is open. What comes before its new owner can listen is kept for it: a core
 * may send its first message, and close, together with the handshake.
 * @throws HandshakeFault; what `signal` was aborted with, once the attempt has ended
 */
export async function opened(socket: WebSocket, signal: AbortSignal): Promise<WebSocket> {
  let message = "the connection was closed";
  const ended = Promise.withResolvers<void>();
  const onError = (event: Event) => {
    if (event instanceof ErrorEvent) message = event.message;
  };
  const onAbort = () => socket.close();
  socket.addEventListener("open", () => {
    keepEarly(socket);
    ended.resolve();
  }, { once: true });
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

/** Holds back what comes until the promises of this turn are settled, then gives it out again. */
function keepEarly(socket: WebSocket): void {
  const early: Event[] = [];
  const hold = (event: Event) => {
    event.stopImmediatePropagation();
    early.push(event);
  };
  const types = ["message", "error", "close"] as const;
  for (const type of types) socket.addEventListener(type, hold);
  setTimeout(() => {
    for (const type of types) socket.removeEventListener(type, hold);
    for (const event of early) socket.dispatchEvent(anew(event));
  });
}

/** An event cannot be dispatched twice. */
function anew(event: Event): Event {
  if (event instanceof MessageEvent) return new MessageEvent("message", { data: event.data });
  if (event instanceof CloseEvent) {
    const { code, reason, wasClean } = event;
    return new CloseEvent("close", { code, reason, wasClean });
  }
  return event instanceof ErrorEvent
    ? new ErrorEvent("error", { message: event.message, error: event.error })
    : new Event(event.type);
}

/** Closes `socket` when `signal` is aborted; forgets both once it is closed. */
export function closeOn(signal: AbortSignal, socket: WebSocket): void {
  const close = () => socket.close();
  signal.addEventListener("abort", close);
  if (signal.aborted) close();
  socket.addEventListener("close", () => signal.removeEventListener("abort", close), {
    once: true,
  });
}
