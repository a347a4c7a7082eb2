import { CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import { readStart } from "./read_start.ts";

/** Bytes of an answer that are read to find the reason. */
const READ_MAX = 65_536;
/** Characters of it that are shown. */
const SHOWN_MAX = 1_000;
/** Refusals that pass: the core starts, stops or is busy, or something before it is. */
const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);
const OK: ReadonlySet<number> = new Set([200, 201, 202, 204]);

const HINTS: Readonly<Record<number, string>> = {
  401: "give the core's pre-shared key with --psk, and check that both clocks are right",
  403: "the core allows this for other callers only: check its rights, and any proxy before it",
  404: "check the address of the core, its path, and the name of the graph",
  413: "raise the limit of the core or of a proxy before it",
};

/**
 * The answer itself when the core did what was asked.
 * @param what for people, in the imperative: `send the model`
 * @throws CoreUnreachableError, CoreRejectedError as {@link refusal} says
 */
export async function accepted(response: Response, what: string): Promise<Response> {
  if (OK.has(response.status)) return response;
  throw await refusal(response, what);
}

/**
 * Reads why a core did not do what was asked, and whether asking again can help. The body is read
 * to its end or given up.
 * @param what for people, in the imperative: `send the model`
 */
export async function refusal(
  response: Response,
  what: string,
): Promise<CoreRejectedError | CoreUnreachableError> {
  const { status } = response;
  const reason = parseReason(await firstText(response));
  const message = `the core refuses to ${what}: ${statement(response, reason)}`;
  const context = { call: what };
  if (BUSY.has(status) || passes(reason)) {
    const retryAfterMs = retryAfter(response.headers);
    const hint = passes(reason)
      ? "send it again later; an upload has to keep flowing"
      : "wait until the core is up";
    return new CoreUnreachableError(message, {
      context,
      hint,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  const hint = HINTS[status];
  return new CoreRejectedError(status, message, {
    context,
    ...(hint === undefined ? {} : { hint }),
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
  const hint = status === 404 ? "register the subscriber first" : HINTS[status];
  return new CoreRejectedError(status, message, {
    context,
    ...(hint === undefined ? {} : { hint }),
  });
}

interface Reason {
  /** Name of the error at the core; undefined when the answer is none of its own. */
  readonly type: string | undefined;
  readonly text: string;
}

/** A core writes `Error: <type>` and `Message: <text>`; what stands before it writes what it likes. */
function parseReason(body: string): Reason {
  const [, type, text] = /^Error: (\S+)\s*\nMessage: ([\s\S]*)$/.exec(body.trim()) ?? [];
  return { type, text: text ?? body.trim() };
}

/** The upload stalled, or another one works on the same part of the graph. */
function passes({ type, text }: Reason): boolean {
  if (type === undefined) return false;
  return type === "ConflictingChangeInProgress" || text.includes("ConflictingChangeInProgress") ||
    (type === "ImportAborted" && /\bEmpty\(\)/.test(text));
}

function statement(response: Response, { type, text }: Reason): string {
  const location = response.headers.get("location");
  if (location !== null && response.status >= 300 && response.status < 400) {
    return `it answers ${response.status} and points to ${withoutLogin(location)}`;
  }
  const shown = isMarkup(response) && type === undefined ? "" : shortened(oneLine(text));
  const why = type === undefined ? shown : `${type}: ${shown}`;
  return `it answers ${response.status}${why === "" ? "" : `, ${why}`}`;
}

function isMarkup(response: Response): boolean {
  return response.headers.get("content-type")?.includes("html") ?? false;
}

function withoutLogin(location: string): string {
  return location.replace(/\/\/[^/@]*@/, "//").slice(0, 200);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

function shortened(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}… (cut)` : text;
}

/** Seconds, or a date as seen by the clock of who answers. Milliseconds. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.get("date") ?? "");
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

async function firstText(response: Response): Promise<string> {
  try {
    return await readStart(response, READ_MAX);
  } catch (error) {
    // The status is known and says more than the loss of its reason.
    if (error instanceof CoreUnreachableError) return "";
    throw error;
  }
}
