import { CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import { readStart } from "./read_start.ts";

/** What a core, or something before it, says when it does not do what it was asked for. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** Name of the core's error, `ImportAborted`; empty when the answer is none of its own. */
  readonly error: string;
  /** Its words, up to 256 KiB: they may quote a whole node. Empty for a page made for browsers. */
  readonly reason: string;
  /** What it asked to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Where a redirection points to, without its login. */
  readonly location: string | undefined;
}

/** Bytes of an answer that are read to find the reason. */
const READ_MAX = 256 * 1024;
/** Characters of the reason that stand in a message. */
const SHOWN_MAX = 2_000;
const FORM = /^Error: (?<error>[^\n]*)\nMessage: (?<message>.*)$/s;
/** Refusals that pass: the core starts, stops or is busy, or something before it is. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

const HINTS: Readonly<Record<number, string>> = {
  401: "give the core's pre-shared key with --psk, and check that both clocks agree",
  403: "the core allows this for other callers only: check its rights, and any proxy before it",
  404: "check the address of the core, its path, and the name of the graph",
  413: "raise the limit of the core or of a proxy before it",
};

/**
 * Reads the answer of a core that refuses; the text of all generations is `Error: …\nMessage: …`. Its
 * rest is given up, and what cannot be read is no reason; the status is.
 */
export async function readRefusal(response: Response): Promise<Refusal> {
  const { status, headers } = response;
  const text = (await firstText(response)).trim();
  const { error = "", message } = FORM.exec(text)?.groups ?? {};
  const isPage = message === undefined && (headers.get("content-type")?.includes("html") ?? false);
  return {
    status,
    error: error.trim(),
    reason: isPage ? "" : message?.trim() || text,
    retryAfterMs: retryAfter(headers),
    location: status >= 300 && status < 400 ? withoutLogin(headers.get("location")) : undefined,
  };
}

/** Reads a refusing answer and makes its error. @param what see {@link refusalError} */
export async function refused(
  what: string,
  response: Response,
): Promise<CoreRejectedError | CoreUnreachableError> {
  return refusalError(what, await readRefusal(response));
}

/**
 * The refusal as an error: unreachable when asking again can help, else rejected.
 * @param what was asked for, for people: `the model`
 */
export function refusalError(
  what: string,
  refusal: Refusal,
): CoreRejectedError | CoreUnreachableError {
  const { status, retryAfterMs } = refusal;
  const message = `the core refuses ${what}: ${statement(refusal)}`;
  const context = { call: what };
  if (!isPassing(refusal)) {
    return new CoreRejectedError(status, message, { context, ...hintFor(status) });
  }
  return new CoreUnreachableError(message, {
    context,
    hint: passingHint(refusal),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What is known of a refused handshake of a websocket: its status alone. */
export function handshakeRefusal(
  status: number,
  call: string,
): CoreRejectedError | CoreUnreachableError {
  const message = `the core refuses ${call}: it answers ${status}`;
  const context = { call };
  // 429 says that the last connection of this subscriber is still known: a matter of policy above.
  if (BUSY.has(status) && status !== 429) return new CoreUnreachableError(message, { context });
  const hint = status === 404 ? { hint: "register the subscriber first" } : hintFor(status);
  return new CoreRejectedError(status, message, { context, ...hint });
}

/** The beginning of a text, with a sign when more follows. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/**
 * Whether the same call may succeed later. Nearly every refusal is a 400, faults of the core among
 * them, so that the words decide: an upload that came too slowly, or another one of the same part.
 */
function isPassing(refusal: Refusal): boolean {
  return BUSY.has(refusal.status) || isContested(refusal) || isStalled(refusal);
}

function isContested({ status, error, reason }: Refusal): boolean {
  return status === 400 && error !== "" &&
    `${error} ${reason}`.includes("ConflictingChangeInProgress");
}

/** The whole reason says so: a quoted node may hold the same word. */
function isStalled({ status, error, reason }: Refusal): boolean {
  return status === 400 && error === "ImportAborted" &&
    /^(ImportAborted(:\s*|\())?Empty\(\)\)?$/.test(reason);
}

function passingHint(refusal: Refusal): string {
  if (isStalled(refusal)) return "the upload came too slowly; it is worth another try";
  return isContested(refusal)
    ? "another upload of the same part is under way; try again when it is done"
    : "wait until the core is up";
}

function hintFor(status: number): { readonly hint?: string } {
  const hint = HINTS[status];
  return hint === undefined ? {} : { hint };
}

function statement({ status, error, reason, location }: Refusal): string {
  if (location !== undefined) return `it answers ${status} and points to ${location}`;
  const shown = cut(reason.replaceAll(/\s*\n\s*/g, " "), SHOWN_MAX);
  const why = [error, shown].filter((part) => part !== "").join(": ");
  return `it answers ${status}${why === "" ? "" : `, ${why}`}`;
}

function withoutLogin(location: string | null): string | undefined {
  return location?.replace(/\/\/[^/@]*@/, "//").slice(0, 200);
}

/** Seconds, or a date as seen by the clock of who answers. Milliseconds. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

async function firstText(response: Response): Promise<string> {
  try {
    return await readStart(response, READ_MAX);
  } catch {
    // The status is known and says more than the loss of its reason.
    return "";
  }
}
