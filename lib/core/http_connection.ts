import type { Logger } from "../log/mod.ts";
import { type AddressOptions, type CoreAddress, parseAddress } from "./address.ts";
import type { CoreConnection, CoreRequest } from "./connection.ts";
import { isLinkFault, isPlainFault, unreachable } from "./faults.ts";
import { guardedResponse } from "./guarded_response.ts";
import { proxyFor } from "./proxy.ts";
import { handshakeRefusal } from "./refusal.ts";
import { SentBody } from "./sent_body.ts";
import { within } from "./time_limit.ts";
import { TokenSource } from "./token.ts";
import type { Transport } from "./transport.ts";
import { Trust, type TrustOptions } from "./trust.ts";
import { HandshakeFault } from "./web_socket.ts";

/** Longest wait for the handshake of a websocket, milliseconds. */
const HANDSHAKE_MS = 30_000;
const SCHEME_MS = 10_000;

/** All that is known about the way to a core. */
export interface ConnectionOptions extends AddressOptions, TrustOptions {
  readonly log: Logger;
}

/**
 * Creates the way to a core; nothing is called yet.
 * @param options an empty `psk` is none
 * @throws ConfigError when an address, a proxy variable or the text of `--ca-cert` cannot be used
 */
export function createConnection(options: ConnectionOptions): HttpConnection {
  return new HttpConnection(options);
}

/** The way to one core by HTTP and websockets. Closing it ends what is under way. */
export class HttpConnection implements CoreConnection, AsyncDisposable {
  readonly #trust: Trust;
  readonly #tokens: TokenSource | undefined;
  readonly #log: Logger;
  #address: CoreAddress;
  #schemeKnown: boolean;

  constructor({ psk = "", ...options }: ConnectionOptions) {
    this.#log = options.log;
    this.#address = parseAddress(options);
    this.#schemeKnown = this.#address.schemeGiven;
    for (const url of [this.#address.http("/"), this.#address.webSocket("/")]) {
      proxyFor(url, options.env);
    }
    this.#tokens = psk === "" ? undefined : new TokenSource(psk, options);
    this.#trust = new Trust(psk === "" ? options : { ...options, psk });
    if (!options.verify) warnUnchecked(options, this.#address);
  }

  get uri(): string {
    return this.#address.uri;
  }

  async request(request: CoreRequest): Promise<Response> {
    return await this.#told(nameOf(request), request.signal, async () => {
      const response = await this.#send(request);
      if (response.status !== 401 || !this.#proves(request)) return response;
      await response.body?.cancel();
      this.#tokens?.renew();
      return await this.#send(request);
    });
  }

  async open(
    path: string,
    signal: AbortSignal,
    prepare: (socket: WebSocket) => void = () => {},
  ): Promise<WebSocket> {
    const call = nameOf({ method: "websocket", path });
    return await this.#told(call, signal, async () => {
      try {
        return await this.#handshake(path, signal, prepare);
      } catch (error) {
        const again = error instanceof HandshakeFault && error.status === 401;
        if (!again || this.#tokens === undefined) throw error;
        this.#tokens.renew();
        return await this.#handshake(path, signal, prepare);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#trust[Symbol.asyncDispose]();
  }

  async #send(request: CoreRequest): Promise<Response> {
    const { timeoutMs, signal } = request;
    const address = await this.#knownAddress(signal);
    const headers = await this.#headers(request.headers, this.#proves(request));
    const url = address.http(request.path);
    const response = await this.#trust.use(
      address.http("/ca/cert"),
      signal,
      (transport) =>
        within(
          { ms: timeoutMs },
          signal,
          (limited) => send(transport, url, request, headers, limited),
        ),
    );
    const attempt = { uri: this.uri, call: nameOf(request) };
    return guardedResponse(response, timeoutMs, signal, (fault) => unreachable(fault, attempt));
  }

  async #handshake(
    path: string,
    signal: AbortSignal,
    prepare: (socket: WebSocket) => void,
  ): Promise<WebSocket> {
    const address = await this.#knownAddress(signal);
    const headers = await this.#headers(undefined, this.#tokens !== undefined);
    const authority = address.http("/ca/cert");
    return await this.#trust.use(
      authority,
      signal,
      (transport) =>
        within(
          { ms: HANDSHAKE_MS },
          signal,
          (limited) => transport.webSocket(address.webSocket(path), headers, limited, prepare),
        ),
    );
  }

  #proves(request: CoreRequest): boolean {
    return this.#tokens !== undefined && request.anonymous !== true;
  }

  async #headers(
    given: Readonly<Record<string, string>> | undefined,
    prove: boolean,
  ): Promise<Headers> {
    const headers = new Headers(given);
    // There is one such header: the key goes before a login of the address.
    const { basic } = this.#address;
    if (prove) headers.set("authorization", `Bearer ${await this.#tokens?.next()}`);
    else if (basic !== undefined) headers.set("authorization", basic);
    return headers;
  }

  /** Finds the scheme out when none was given: TLS, unless the other side does not speak it. */
  async #knownAddress(signal: AbortSignal): Promise<CoreAddress> {
    if (this.#schemeKnown) return this.#address;
    const address = this.#address;
    try {
      const probe = await this.#trust.use(
        address.http("/ca/cert"),
        signal,
        (transport) =>
          within(
            { ms: SCHEME_MS },
            signal,
            (limited) =>
              transport.fetch(address.http("/system/ready"), { signal: limited }, new Headers()),
          ),
      );
      await probe.body?.cancel();
    } catch (error) {
      if (!isPlainFault(error)) throw error;
      this.#address = address.plain();
      this.#log.info("core.scheme", "the core does not speak TLS", { uri: this.uri });
    }
    this.#schemeKnown = true;
    return this.#address;
  }

  /** Says faults in our words. */
  async #told<T>(call: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HandshakeFault && error.status !== undefined) {
        throw handshakeRefusal(error.status, call);
      }
      if (!isLinkFault(error)) throw error;
      throw unreachable(error, { uri: this.uri, call });
    }
  }
}

/** The call without its query, which may be long or secret. */
function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path.replace(/\?.*$/s, "")}`;
}

/** Sends once. An error of the body's source passes for itself, not for a fault of the way. */
async function send(
  transport: Transport,
  url: URL,
  request: CoreRequest,
  headers: Headers,
  signal: AbortSignal,
): Promise<Response> {
  const body = new SentBody(request);
  try {
    const sent = body.init === undefined ? {} : { body: body.init };
    return await transport.fetch(url, { method: request.method, signal, ...sent }, headers);
  } catch (error) {
    body.throwIfFailed();
    throw error;
  }
}

function warnUnchecked({ log }: ConnectionOptions, { uri }: CoreAddress): void {
  if (uri.startsWith("http:")) return;
  log.warn(
    "core.tls.unchecked",
    "the core's certificate is not checked: whoever is on the way to it can read and change " +
      "everything, and act in the name of this worker",
    { uri },
  );
}
