import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ConfigError } from "../errors/mod.ts";
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
 * certificate, and by CONNECT to a server without TLS.
 * @throws TunnelFault, or whatever the sockets say
 */
export async function dial(target: Target, signal: AbortSignal): Promise<Socket> {
  const { proxy } = target;
  if (proxy === undefined) return await direct(target, signal);
  if (proxy.scheme !== "http") throw unsupported(proxy);
  const socket = await connected(connect(proxy.port, unbracketed(proxy.hostname)), signal);
  try {
    await askTunnel(socket, target, proxy, signal);
    return target.tls ? await secured(socket, target, signal) : socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function direct({ hostname, port, tls }: Target, signal: AbortSignal): Promise<Socket> {
  const host = unbracketed(hostname);
  if (!tls) return await connected(connect(port, host), signal);
  const socket = connectTls({ host, port, rejectUnauthorized: false });
  return await ready(socket, "secureConnect", signal);
}

async function secured(socket: Socket, target: Target, signal: AbortSignal): Promise<Socket> {
  const servername = unbracketed(target.hostname);
  const secure = connectTls({ socket, servername, rejectUnauthorized: false });
  return await ready(secure, "secureConnect", signal);
}

async function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  return await ready(socket, "connect", signal);
}

async function ready(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function askTunnel(
  socket: Socket,
  target: Target,
  proxy: Proxy,
  signal: AbortSignal,
): Promise<void> {
  const place = `${target.hostname}:${target.port}`;
  const head = [`CONNECT ${place} HTTP/1.1`, `Host: ${place}`];
  if (proxy.user !== "") {
    const login = new TextEncoder().encode(`${proxy.user}:${proxy.password}`).toBase64();
    head.push(`Proxy-Authorization: Basic ${login}`);
  }
  const answer = readHead(socket, signal);
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  const [first = ""] = (await answer).split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (status === "200") return;
  throw new TunnelFault(`the proxy answers ${status ?? "no HTTP"} to CONNECT`);
}

/** What the proxy says; the server behind it waits for us to speak first. */
async function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    if (head.length > HEAD_MAX) throw new TunnelFault("the proxy answers no HTTP to CONNECT");
    head += await nextChunk(socket, signal);
  }
  return head;
}

function nextChunk(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off("data", onData).off("close", onClose).off("error", onError);
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const onData = (chunk: Uint8Array) => settle(() => resolve(new TextDecoder().decode(chunk)));
    const onClose = () => settle(() => reject(new TunnelFault("the proxy closed the connection")));
    const onError = (error: Error) => settle(() => reject(error));
    const onAbort = () => settle(() => reject(signal.reason));
    socket.on("data", onData).on("close", onClose).on("error", onError);
    signal.addEventListener("abort", onAbort);
  });
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
