import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ConfigError } from "../errors/mod.ts";
import { basicLogin } from "./login.ts";
import type { Proxy } from "./proxy.ts";

/** Longest head of a proxy's answer to CONNECT. */
const HEAD_MAX = 16_384;

/** Where and how to connect. */
export interface Target {
  readonly hostname: string;
  readonly port: number;
  /** TLS without any check of the certificate, or no TLS at all. */
  readonly tls: boolean;
  readonly proxy: Proxy | undefined;
}

/** A proxy did not make a tunnel. */
export class TunnelFault extends Error {}

/**
 * Connects in the two ways that `fetch` and `WebSocket` cannot: by TLS that accepts every
 * certificate, and by CONNECT to a server without TLS. A TLS handshake that failed is told by the
 * first read.
 * @throws TunnelFault, or whatever the sockets say
 */
export async function dial(target: Target, signal: AbortSignal): Promise<Socket> {
  const { proxy } = target;
  if (proxy === undefined) return await direct(target, signal);
  if (proxy.scheme !== "http") throw unsupported(proxy);
  const socket = connect(proxy.port, unbracketed(proxy.hostname));
  try {
    const tunnel = await tunnelled(await ready(socket, "connect", signal), target, proxy, signal);
    return target.tls ? await ready(tunnel, "secureConnect", signal) : tunnel;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function direct({ hostname, port, tls }: Target, signal: AbortSignal): Promise<Socket> {
  const host = unbracketed(hostname);
  if (!tls) return await ready(connect(port, host), "connect", signal);
  return await ready(
    connectTls({ host, port, rejectUnauthorized: false }),
    "secureConnect",
    signal,
  );
}

async function ready(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  // An error that comes while nobody listens would end the program.
  socket.on("error", () => {});
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Asks for a tunnel. The server at its end waits for us to speak first. */
function tunnelled(
  socket: Socket,
  target: Target,
  proxy: Proxy,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let head = "";
    const settle = (act: () => void) => {
      socket.off("data", onData).off("close", onClose).off("error", reject).pause();
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onData = (chunk: Uint8Array) => {
      head += new TextDecoder().decode(chunk);
      if (!head.includes("\r\n\r\n") && head.length < HEAD_MAX) return;
      const fault = faultOf(head);
      // At once, before the socket reads on: TLS takes it over only while no read is under way.
      settle(() => fault === undefined ? resolve(wrapped(socket, target)) : reject(fault));
    };
    const onClose = () => settle(() => reject(new TunnelFault("the proxy closed the connection")));
    const onAbort = () => settle(() => reject(signal.reason));
    socket.on("data", onData).on("close", onClose).on("error", reject);
    signal.addEventListener("abort", onAbort);
    socket.write(connectHead(target, proxy));
  });
}

function wrapped(socket: Socket, { hostname, tls }: Target): Socket {
  const host = unbracketed(hostname);
  return tls ? connectTls({ socket, host, rejectUnauthorized: false }) : socket;
}

function connectHead(target: Target, proxy: Proxy): string {
  const place = `${target.hostname}:${target.port}`;
  const lines = [`CONNECT ${place} HTTP/1.1`, `Host: ${place}`];
  if (proxy.user !== "") {
    lines.push(`Proxy-Authorization: ${basicLogin(proxy.user, proxy.password)}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function faultOf(head: string): TunnelFault | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === "200") return undefined;
  return new TunnelFault(`the proxy answers ${status ?? "no HTTP"} to CONNECT`);
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function unsupported(proxy: Proxy): ConfigError {
  return new ConfigError(
    `a proxy of type ${proxy.scheme} cannot be used to connect without a check of certificates, ` +
      `nor for a websocket without TLS`,
    { hint: "use a proxy of type http, or trust the core's certificate with --ca-cert" },
  );
}
