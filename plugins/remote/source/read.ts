import { createHash } from "node:crypto";
import type { Fetch, Machine } from "ckworker";
import type { Endpoint } from "./endpoint.ts";
import { LineReader, type RawLine } from "./lines.ts";
import { openEndpoint, reasonOf } from "./open.ts";
import { Unreadable } from "./unreadable.ts";

/** Times that an endpoint is tried before it counts as unreadable. */
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 1_000;
/** A server that asks for more is not waited for. */
const LONGEST_WAIT_MS = 60_000;
/** Longest silence of a server by default. */
const SILENCE_MS = 60_000;
/** First byte of a Python pickle since its second protocol; the next one is the protocol. */
const PICKLE = 0x80;

/** What reading an endpoint takes. */
export interface Reading {
  readonly machine: Machine;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/**
 * Reads all lines of an endpoint, one by one. A connection that breaks is opened anew; lines that
 * were taken before are not given again.
 * @returns digest of everything that was read, to tell two readings apart
 * @throws Unreadable, or the signal's reason
 */
export async function readEndpointLines(
  endpoint: Endpoint,
  reading: Reading,
  take: (line: RawLine) => void | Promise<void>,
): Promise<string> {
  let taken = 0;
  const takeNew = (number: number, line: RawLine) => {
    if (number < taken) return;
    taken++;
    return take(line);
  };
  for (let attempt = 1;; attempt++) {
    try {
      return await readOnce(endpoint, reading, takeNew);
    } catch (error) {
      reading.signal.throwIfAborted();
      const wait = waitMs(error, attempt);
      if (wait === undefined) throw error;
      await reading.machine.clock.sleep(wait, reading.signal);
    }
  }
}

/** How long to wait before the next attempt; undefined when there is none. */
function waitMs(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof Unreadable) || !error.passing || attempt >= ATTEMPTS) return undefined;
  const wait = error.waitMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
  return wait <= LONGEST_WAIT_MS ? wait : undefined;
}

async function readOnce(
  endpoint: Endpoint,
  { machine, fetch, signal }: Reading,
  take: (number: number, line: RawLine) => void | Promise<void>,
): Promise<string> {
  using silence = new Silence(machine.requestMs ?? SILENCE_MS);
  const either = AbortSignal.any([signal, silence.signal]);
  const hash = createHash("sha256");
  const reader = new LineReader();
  let number = 0;
  const give = (line: RawLine) => giveTo(() => take(number++, line));
  try {
    const stream = await openEndpoint(endpoint, fetch, either);
    let isFirst = true;
    for await (const chunk of heard(stream, silence)) {
      if (isFirst) refusePickle(chunk);
      isFirst = false;
      hash.update(chunk);
      for (const line of reader.take(chunk)) await give(line);
    }
    for (const line of reader.end()) await give(line);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TakerFault) throw error.cause;
    if (error instanceof Unreadable) throw error;
    const why = silence.signal.aborted ? "it sends nothing any more" : reasonOf(error);
    throw new Unreadable("request", `it broke off: ${why}`, { passing: endpoint.type === "http" });
  }
  return hash.digest("hex");
}

/** An error of whoever takes the lines, which says nothing about the endpoint. */
class TakerFault extends Error {}

async function giveTo(take: () => void | Promise<void>): Promise<void> {
  try {
    await take();
  } catch (cause) {
    throw new TakerFault("", { cause });
  }
}

/** Chunks of a stream; the time that their reader takes is not the silence of the server. */
async function* heard(
  stream: ReadableStream<Uint8Array>,
  silence: Silence,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      silence.begin();
      const { done, value } = await reader.read();
      silence.end();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function refusePickle([first, second = 0xff]: Uint8Array): void {
  if (first !== PICKLE || second > 5) return;
  throw new Unreadable(
    "request",
    "it is a Python pickle, which is never read since pickles can hold code; " +
      "write it with ckworker export",
  );
}

/** Gives up when a server says nothing for too long. */
class Silence implements Disposable {
  readonly #ms: number;
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number) {
    this.#ms = ms;
    this.begin();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.end();
    this.#timer = setTimeout(() => this.#controller.abort(), this.#ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
