import type { CloudFault } from "../../errors/mod.ts";

/** An HTTP answer whose body is whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a call failed with, whatever its protocol. */
export interface FailedCall {
  readonly fault: CloudFault;
  /** The provider's code, `missing_scope`, or the HTTP status. */
  readonly code: string;
  /** One line for people; holds no secret. */
  readonly message: string;
  /** Permission that would cure it, where the answer names one. */
  readonly permission?: string;
  /** A policy of the organisation denied it, so no permission would. */
  readonly policy?: boolean;
}

/** What a bad answer means. */
export interface Verdict extends FailedCall {
  /**
   * Why the same call may succeed later: it came too fast, the service is not well, or the token
   * has expired. Absent: it will not.
   */
  readonly retry?: "throttle" | "transient" | "credentials";
  /** What the service asked to wait, milliseconds. */
  readonly afterMs?: number;
}

/** Says what an answer means; undefined for a good one. `now` is in milliseconds since the epoch. */
export type Judge = (answer: Answer, now: number) => Verdict | undefined;

/** The body as JSON, or undefined when it is none. */
export function readJson({ text }: Pick<Answer, "text">): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What `Retry-After` asks for, in milliseconds: a number of seconds or a date. Undefined when the
 * header is missing or is neither.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after");
  if (text === null || text.trim() === "") return undefined;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - now : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}

/** The verdict on an answer of status 500 and above, and on one that is no JSON. */
export function unwell({ status }: Pick<Answer, "status">, now: number, headers: Headers): Verdict {
  const afterMs = retryAfterMs(headers, now);
  const isServerFault = status >= 500;
  return {
    fault: "request",
    code: isServerFault ? String(status) : "NoJson",
    message: isServerFault ? `the service answered ${status}` : "the answer is no JSON",
    retry: "transient",
    ...(afterMs === undefined ? {} : { afterMs }),
  };
}
