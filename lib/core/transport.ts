import { Bridge } from "./bridge.ts";
import { dial } from "./dial.ts";
import { type Proxy, proxyFor } from "./proxy.ts";
import { within } from "./time_limit.ts";
import { HandshakeFault, opened } from "./web_socket.ts";

/** Longest wait for a connection of a bridge, milliseconds. */
const DIAL_MS = 30_000;
/** Unused connections are given up before servers do it: aiohttp keeps them for 75 s. */
const IDLE_MS = 30_000;

/** How connections are made. */
export interface TransportOptions {
  /** PEM texts of authorities that are trusted besides the public ones. */
  readonly authorities: readonly string[];
  /** False accepts every certificate. */
  readonly verify: boolean;
  /** Variables of the environment that name proxies and the folder for temporary files. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How one origin is reached. */
interface Way extends AsyncDisposable {
  readonly client: Deno.HttpClient;
  /** What to call instead of `url`, with headers that have to go along. */
  address(url: URL): { readonly url: URL; readonly host?: string };
  /** Why there is no connection, when the platform cannot know. */
  readonly fault: Error | undefined;
}

/**
 * HTTP and websockets by one set of trusted authorities. What it throws are the platform's own
 * errors.
 */
export class Transport implements AsyncDisposable {
  readonly #options: TransportOptions;
  readonly #ways = new Map<string, Way>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** As `fetch` does, without following redirections: they would carry the token elsewhere. */
  async fetch(url: URL, init: RequestInit, headers: Headers): Promise<Response> {
    const way = this.#way(url);
    const address = way.address(url);
    const sent = withHost(headers, address.host);
    const { client } = way;
    try {
      return await fetch(address.url, { ...init, headers: sent, client, redirect: "manual" });
    } catch (error) {
      throw way.fault ?? error;
    }
  }

  /**
   * Opens a websocket.
   * @param prepare called with it before it opens
   * @throws HandshakeFault
   */
  async webSocket(
    url: URL,
    headers: Headers,
    signal: AbortSignal,
    prepare: (socket: WebSocket) => void,
  ): Promise<WebSocket> {
    const way = this.#way(url);
    const address = way.address(url);
    const sent = withHost(headers, address.host);
    try {
      const socket = new WebSocket(address.url, { headers: sent, client: way.client });
      prepare(socket);
      return await opened(socket, signal);
    } catch (error) {
      throw error instanceof HandshakeFault ? way.fault ?? error : error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ways = [...this.#ways.values()];
    this.#ways.clear();
    await Promise.all(ways.map((way) => way[Symbol.asyncDispose]()));
  }

  #way(url: URL): Way {
    const origin = `${url.protocol}//${url.host}`;
    const way = this.#ways.get(origin) ?? this.#open(url);
    this.#ways.set(origin, way);
    return way;
  }

  #open(url: URL): Way {
    const { verify, env, authorities } = this.#options;
    const proxy = proxyFor(url, env);
    const tls = /^(https|wss):$/.test(url.protocol);
    // Deno has no client that checks nothing, and asks a proxy for a plain websocket by GET, which
    // proxies do not pass on.
    const bridged = tls ? !verify : url.protocol === "ws:" && /^https?$/.test(proxy?.scheme ?? "");
    if (!bridged) return direct(authorities, proxy);
    const port = Number(url.port) || (tls ? 443 : 80);
    const target = { hostname: url.hostname, port, tls, proxy };
    return new Bridge(
      (signal) => within({ ms: DIAL_MS }, signal, (limited) => dial(target, limited)),
      env["TMPDIR"] || undefined,
    );
  }
}

function direct(authorities: readonly string[], proxy: Proxy | undefined): Way {
  const client = Deno.createHttpClient({
    caCerts: [...authorities],
    poolIdleTimeout: IDLE_MS,
    ...(proxy === undefined ? {} : { proxy: asDenoProxy(proxy) }),
  });
  return {
    client,
    address: (url) => ({ url }),
    fault: undefined,
    [Symbol.asyncDispose]: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

function asDenoProxy({ scheme, hostname, port, user, password }: Proxy): Deno.Proxy {
  const url = `${scheme}://${hostname}:${port}`;
  const transport = scheme === "socks5h" ? "socks5" : scheme;
  return user === ""
    ? { transport, url }
    : { transport, url, basicAuth: { username: user, password } };
}

function withHost(headers: Headers, host: string | undefined): Headers {
  const sent = new Headers(headers);
  if (host !== undefined) sent.set("host", host);
  return sent;
}
