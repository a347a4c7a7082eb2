import type { Fetch } from "ckworker";
import type { Endpoint } from "./endpoint.ts";
import { Unreadable } from "./unreadable.ts";

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const GZIP = [0x1f, 0x8b] as const;

/**
 * Opens an endpoint for reading; what is packed with gzip is unpacked, however it is told.
 * @param fetch of the machine
 * @param signal ends the reading, too
 * @throws Unreadable
 */
export async function openEndpoint(
  endpoint: Endpoint,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Bytes> {
  const bytes = endpoint.type === "file"
    ? await openFile(endpoint.path)
    : await openAddress(endpoint, fetch, signal);
  return await unpacked(bytes);
}

async function openFile(path: string): Promise<Bytes> {
  try {
    return (await Deno.open(path)).readable;
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : reasonOf(error);
    throw new Unreadable("request", why);
  }
}

/** Redirects are followed on the same origin alone: no other was granted, nor may get the token. */
async function openAddress(
  { address, authorization, open }: Extract<Endpoint, { type: "http" }>,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Bytes> {
  if (open && authorization !== undefined) {
    throw new Unreadable("request", "credentials are not sent over http; use https");
  }
  const headers: Record<string, string> = { accept: "application/x-ndjson, */*" };
  if (authorization !== undefined) headers["authorization"] = authorization;
  let url = address;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await fetch(url, { headers, redirect: "manual", signal }).catch((error) => {
      signal.throwIfAborted();
      throw new Unreadable("request", reasonOf(error), { passing: true });
    });
    if (!REDIRECTS.has(answer.status)) return await bodyOf(answer);
    await answer.body?.cancel();
    url = nextUrl(url, answer.headers.get("location") ?? "");
  }
  throw new Unreadable("request", `more than ${MAX_REDIRECTS} redirects`);
}

function nextUrl(from: string, location: string): string {
  if (!URL.canParse(location, from)) {
    throw new Unreadable("request", "it redirects to what is no address");
  }
  const next = new URL(location, from);
  if (next.origin !== new URL(from).origin) {
    const { host } = next;
    throw new Unreadable(
      "request",
      `it redirects to ${host}, which is not the host that was given`,
    );
  }
  return next.href;
}

async function bodyOf(answer: Response): Promise<Bytes> {
  const { status, body } = answer;
  if (status === 200 && body !== null) return body;
  await body?.cancel();
  if (status === 401 || status === 403) {
    throw new Unreadable("access_denied", `it answers ${status}: the token may not read it`);
  }
  const seconds = Number(answer.headers.get("retry-after") ?? NaN);
  throw new Unreadable(status === 429 ? "throttled" : "request", `it answers ${status}`, {
    passing: status === 429 || status >= 500,
    ...(seconds >= 0 ? { waitMs: seconds * 1_000 } : {}),
  });
}

async function unpacked(bytes: Bytes): Promise<Bytes> {
  const reader = bytes.getReader();
  let begin = new Uint8Array();
  while (begin.length < GZIP.length) {
    const { done, value } = await reader.read();
    if (done) break;
    begin = joined(begin, value);
  }
  const isGzip = GZIP.every((byte, index) => begin[index] === byte);
  const whole = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => begin.length > 0 ? controller.enqueue(begin) : undefined,
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return isGzip ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** What an error of the runtime says, without the address that it quotes. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/ for url \(\S*\)/g, "").replaceAll(/\b(?:https?|file):\/\/\S+/g, "…")
    .replaceAll(/\s+/g, " ");
}
