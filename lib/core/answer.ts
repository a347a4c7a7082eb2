import { type CkError, CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";

/** What a core says when it does not do what it was asked for. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** Name of the core's error, `ImportAborted`; empty when the text has none. */
  readonly error: string;
  /** The core's words, whole. */
  readonly reason: string;
  /** What the core asked to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** Text that is read of an answer: it may quote a whole node. */
const LONGEST_REASON = 256 * 1024;
/** Text of it that stands in a message. */
const LONGEST_QUOTE = 2_000;
const FORM = /^Error: (?<error>[^\n]*)\nMessage: (?<message>.*)$/s;
/** Statuses of a core, or of something in front of it, that has no time now. */
const BUSY: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** Reads the answer of a core that refuses; the text of all generations is `Error: …\nMessage: …`. */
export async function readRefusal(response: Response): Promise<Refusal> {
  const text = (await textOf(response)).slice(0, LONGEST_REASON).trim();
  const { error = "", message } = FORM.exec(text)?.groups ?? {};
  return {
    status: response.status,
    error,
    reason: message?.trim() || text,
    retryAfterMs: secondsHeader(response.headers.get("retry-after")),
  };
}

/**
 * Whether the same call may succeed later. Nearly every refusal is a 400, faults of the core among
 * them, so that the words decide: an upload that came too slowly, or another one of the same part.
 */
export function isPassing({ status, error, reason }: Refusal): boolean {
  if (BUSY.has(status)) return true;
  if (status !== 400) return false;
  if (error === "ConflictingChangeInProgress") return true;
  return reason.includes("ConflictingChangeInProgress") ||
    error === "ImportAborted" && /^(\w+:\s*)?Empty\(\)$/.test(reason);
}

/** The refusal as an error: unreachable when it is passing, else rejected. */
export function refusalError(what: string, refusal: Refusal): CkError {
  const { status, error, retryAfterMs } = refusal;
  const reason = cut(refusal.reason, LONGEST_QUOTE);
  const message = `the core refuses ${what}: ${
    [String(status), error, reason].filter((part) => part !== "").join(" ")
  }`;
  if (!isPassing(refusal)) return new CoreRejectedError(status, message, hintFor(status));
  return new CoreUnreachableError(message, {
    ...hintWhilePassing(refusal),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Reads a refusing answer and makes its error. */
export async function refused(what: string, response: Response): Promise<CkError> {
  return refusalError(what, await readRefusal(response));
}

/** The beginning of a text, with a sign when more follows. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/** What cannot be read is no reason; the status is. */
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch {
    return "";
  }
}

function secondsHeader(value: string | null): number | undefined {
  return value !== null && /^\d{1,6}$/.test(value.trim()) ? Number(value) * 1000 : undefined;
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, "Check --psk: it must be that of the core, and the clocks must agree"],
  [403, "Something between here and the core, or the core itself, does not let us in"],
  [404, "Check the address of the core and the name of the graph"],
  [413, "The core takes no body as large as this; raise its limit"],
]);

function hintFor(status: number): { readonly hint?: string } {
  const hint = HINTS.get(status);
  return hint === undefined ? {} : { hint };
}

function hintWhilePassing({ status, error }: Refusal): { readonly hint?: string } {
  if (status !== 400) return {};
  return error === "ImportAborted"
    ? { hint: "The upload came too slowly; it is worth another try when there is less to do" }
    : { hint: "Another upload of the same part is under way; try again when it is done" };
}
