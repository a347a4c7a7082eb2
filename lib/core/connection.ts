/** How to call a core over HTTP. */
export interface CoreRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /** Path below the core's address, with its query: `/graph/ck/merge`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function gives the body anew for a repeated call. */
  readonly body?: string | (() => ReadableStream<Uint8Array<ArrayBuffer>>);
  /**
   * Longest wait for the head of the answer, and for each further piece of its body, milliseconds;
   * the core's own limits are longer.
   */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Send no token: to find out who answers. */
  readonly anonymous?: boolean;
}

/**
 * The way to one core: addresses, trust and tokens. Nothing above it knows of certificates, proxies
 * or keys.
 */
export interface CoreConnection {
  /** Address of the core without user, password and trailing slash. */
  readonly uri: string;
  /**
   * Makes one call and resolves for any status. It is made once, but for two cases in which the core
   * did nothing yet: a token that it refuses (401) is renewed, and an authority that it has to be
   * asked for is learnt; the body is made anew then. Redirections are answers.
   * The body of the answer has to be read or cancelled; it fails with CoreUnreachableError, too.
   * @throws CoreUnreachableError when no answer came; what the body's source threw; the reason of
   *   the signal
   * @throws CoreRejectedError, CoreMessageError when the core cannot prove its authority
   */
  request(request: CoreRequest): Promise<Response>;
  /**
   * Opens a websocket with the token of the moment, within 30 seconds, and resolves when it is open.
   * The signal ends the opening, not the open socket.
   * @param prepare called with each socket that is tried as soon as it exists, before it opens:
   *   messages that come with the answer to the handshake reach only listeners that are in place by
   *   then, whoever waits for the promise comes too late
   * @throws CoreUnreachableError when nothing answers
   * @throws CoreRejectedError with the status of the answer when there is one (401, 404, 429)
   */
  open(
    path: string,
    signal: AbortSignal,
    prepare?: (socket: WebSocket) => void,
  ): Promise<WebSocket>;
}
