import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { readAnswer } from "./http_answer.ts";
import type { Pool } from "./pool.ts";

/**
 * Which certificate of a server is taken in place of the usual check: every one, or the one with this
 * SHA-256 thumbprint (64 hexadecimal digits, small, without colons).
 */
export type OwnCheck = "none" | { readonly thumbprint: string };

/** The server showed another certificate than the expected one. */
export class ThumbprintError extends Error {
  override readonly name = "ThumbprintError";
}

/**
 * A pool whose connections check certificates in an own way, which `fetch` cannot. Each request has
 * a connection of its own, straight to its server, whatever proxy is set; it needs no other right
 * than that server's host and port.
 */
export function openOwnCheckPool(check: OwnCheck): Pool {
  const open = new Set<TLSSocket>();
  return {
    async fetch(address, init) {
      const url = new URL(address);
      if (url.protocol !== "https:") throw new TypeError(`${url.protocol} has no certificates`);
      const signal = init.signal ?? undefined;
      signal?.throwIfAborted();
      const socket = dial(url);
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      const abort = () => socket.destroy(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      socket.once("close", () => signal?.removeEventListener("abort", abort));
      try {
        await once(socket, "secureConnect", signal === undefined ? {} : { signal });
        checkCertificate(socket, check);
        socket.write(encode(url, init));
        return await readAnswer(socket);
      } catch (error) {
        socket.destroy();
        signal?.throwIfAborted();
        throw error;
      }
    },
    [Symbol.dispose]: () => open.forEach((socket) => socket.destroy()),
  };
}

function dial({ hostname, port }: URL): TLSSocket {
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false });
  // An error that comes while nobody listens would end the program.
  return socket.on("error", () => {});
}

function checkCertificate(socket: TLSSocket, check: OwnCheck): void {
  if (check === "none") return;
  // Null for a certificate that the runtime cannot read, whatever the types say.
  const shown: { readonly fingerprint256?: string } | null = socket.getPeerCertificate();
  const found = shown?.fingerprint256?.replaceAll(":", "").toLowerCase();
  if (found === check.thumbprint) return;
  throw new ThumbprintError(
    found === undefined
      ? "the server's certificate cannot be read"
      : `the server's certificate has the SHA-256 thumbprint ${found}, not ${check.thumbprint}`,
  );
}

/** The whole request. What is sent is a text or nothing; the connection is closed after it. */
function encode({ host, pathname, search }: URL, init: RequestInit): Uint8Array {
  const { body = null, method = body === null ? "GET" : "POST" } = init;
  if (body !== null && typeof body !== "string") throw new TypeError("the body is no text");
  const content = new TextEncoder().encode(body ?? "");
  const headers = new Headers(init.headers);
  headers.set("host", host);
  headers.set("connection", "close");
  if (body !== null) headers.set("content-length", String(content.length));
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${pathname}${search} HTTP/1.1`, ...lines, "", ""].join("\r\n");
  const start = new TextEncoder().encode(head);
  const all = new Uint8Array(start.length + content.length);
  all.set(start);
  all.set(content, start.length);
  return all;
}
