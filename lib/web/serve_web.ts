import { ConfigError } from "../errors/mod.ts";
import type { WebHandler } from "./mount.ts";

/** Where the web pages are served. */
export interface ServeWebOptions {
  /** Address to listen on; `::` is every address of the machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts; without them it is plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly handler: WebHandler;
  /** Ends the serving. */
  readonly signal: AbortSignal;
}

/** A server that listens. Disposing ends it and waits for answers on their way. */
export interface WebServer extends AsyncDisposable {
  /** Address and port as they are, `http://[::]:9956/`. */
  readonly url: string;
  readonly port: number;
  /** Resolves when it has ended. */
  readonly finished: Promise<void>;
}

/** What opens a port; a test may replace it. */
export type OpenPort = (
  options: Deno.ServeTcpOptions | (Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem),
  handler: WebHandler,
) => Deno.HttpServer<Deno.NetAddr>;

/**
 * Starts to serve. A machine without IPv6 cannot listen on `::`; there it is every IPv4 address.
 * @throws ConfigError when the port is in use or not allowed, the address is not one of this
 *   machine, or certificate and key are unusable
 */
export function serveWeb(options: ServeWebOptions, open: OpenPort = Deno.serve): WebServer {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, options.signal]);
  const server = listen(options, signal, open);
  const { hostname, port } = server.addr;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${host}:${port}/`,
    port,
    finished: server.finished,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

function listen(
  options: ServeWebOptions,
  signal: AbortSignal,
  open: OpenPort,
): Deno.HttpServer<Deno.NetAddr> {
  const { port, tls, handler } = options;
  // Whoever started it says where it listens; the library would print it.
  const base = { port, signal, onListen: () => {}, ...tls };
  try {
    return open({ ...base, hostname: options.host }, (request) => handler(request));
  } catch (error) {
    if (options.host !== "::" || !isAddressFault(error)) throw explain(error, options);
  }
  try {
    return open({ ...base, hostname: "0.0.0.0" }, (request) => handler(request));
  } catch (error) {
    throw explain(error, options);
  }
}

/** EADDRNOTAVAIL, EAFNOSUPPORT, or a name that leads nowhere. */
function isAddressFault(error: unknown): boolean {
  return error instanceof Deno.errors.AddrNotAvailable ||
    (error instanceof Error &&
      /os error 97\)|lookup address|No address|resolve/i.test(error.message));
}

function explain(error: unknown, { host, port, tls }: ServeWebOptions): unknown {
  const place = `port ${port} of ${host}`;
  const fault = (message: string, hint: string, subject: string) =>
    new ConfigError(message, { hint, context: { subject }, cause: error });
  if (error instanceof Deno.errors.AddrInUse) {
    return fault(
      `The web pages cannot be served: ${place} is in use`,
      "Choose another port with --web-port, or stop what listens there",
      "--web-port",
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return fault(
      `The web pages cannot be served: the system does not allow ${place}`,
      "Choose a port above 1023 with --web-port",
      "--web-port",
    );
  }
  if (isAddressFault(error)) {
    return fault(
      `The web pages cannot be served: ${host} is no address of this machine`,
      "Give an address of this machine with --web-host, such as 127.0.0.1, or :: for all",
      "--web-host",
    );
  }
  if (tls !== undefined && error instanceof Error) {
    return fault(
      `The web pages cannot be served: certificate and key are not usable: ${error.message}`,
      "Give a PEM certificate with its chain, and the private key that belongs to it",
      "certificate of the web pages",
    );
  }
  return error;
}
