import { type Answer, isRecord, readJson, retryAfterMs, unwell, type Verdict } from "ckworker";
import { z } from "zod";

const schema = z.object({
  error: z.object({
    message: z.string().catch(""),
    status: z.string().optional().catch(undefined),
    errors: z.array(z.object({ reason: z.string().optional() })).catch([]),
    details: z.array(z.object({
      reason: z.string().optional(),
      metadata: z.record(z.string(), z.unknown()).optional(),
    })).catch([]),
  }),
});

/** Codes of verdicts that others look at. */
export const NOT_FOUND = "notFound";
export const CONFLICT = "conditionNotMet";
export const UNIMPLEMENTED = "unimplemented";

const THROTTLES = /^(user)?rateLimitExceeded$|^(concurrent|servingL)imitExceeded$|^quotaExceeded$/i;
const DISABLED = /^(SERVICE_DISABLED|accessNotConfigured|BILLING_DISABLED|billingNotEnabled)$/;
const DISABLED_MESSAGE =
  /has not been used in project|it is disabled|billing (to be enabled|account .* disabled)/i;
const PERMISSION =
  /[Rr]equired '([a-zA-Z]+(?:\.[a-zA-Z]+)+)'|[Pp]ermission '?([a-zA-Z]+(?:\.[a-zA-Z]+)+)'?|does not have ([a-zA-Z]+(?:\.[a-zA-Z]+)+) access/;

/** Says what an answer of a Google API means. */
export function judge(answer: Answer, now: number): Verdict | undefined {
  const { status, headers } = answer;
  const value = readJson(answer);
  if (status < 300) {
    return isRecord(value) || answer.text === "" ? undefined : unwell(answer, now, headers);
  }
  const said = readError(value, status);
  const { reasons, message, permission } = said;
  const [reason] = reasons;
  const code = reason ?? String(status);
  const is = (pattern: RegExp) => reasons.find((each) => pattern.test(each));
  const afterMs = retryAfterMs(headers, now);
  const later = afterMs === undefined ? {} : { afterMs };
  if (status === 401) return { fault: "expired_credentials", code, message, retry: "credentials" };
  const throttle = is(THROTTLES) ?? is(/^(RESOURCE_EXHAUSTED|RATE_LIMIT_EXCEEDED)$/);
  if (status === 429 || (status === 403 && throttle !== undefined)) {
    return { fault: "throttled", code: throttle ?? code, message, retry: "throttle", ...later };
  }
  if (status === 403 || status === 400) {
    const disabled = is(DISABLED);
    if (disabled !== undefined || (status === 403 && DISABLED_MESSAGE.test(message))) {
      return { fault: "not_enabled", code: disabled ?? code, message };
    }
  }
  if (status === 403) {
    return {
      fault: "access_denied",
      code,
      message,
      ...(permission === undefined ? {} : { permission }),
    };
  }
  if (status === 408) return { fault: "request", code, message, retry: "transient", ...later };
  if (status === 404) return { fault: "request", code: NOT_FOUND, message };
  const isAborted = status === 409 && reasons.includes("ABORTED");
  if (status === 412 || isAborted) return { fault: "request", code: CONFLICT, message };
  // A host of a region that does not have all of its service.
  if (status === 501) return { fault: "not_enabled", code: UNIMPLEMENTED, message };
  if (status >= 500) return { ...unwell(answer, now, headers), message };
  return { fault: "request", code, message };
}

interface Said {
  /** Most telling first: those of details, of the older form, and the status. */
  readonly reasons: readonly string[];
  readonly message: string;
  readonly permission?: string;
}

function readError(value: unknown, status: number): Said {
  const parsed = schema.safeParse(value);
  const otherwise = `Google answered ${status}`;
  if (!parsed.success) return { reasons: [], message: oauthMessage(value) ?? otherwise };
  const { message, status: name, errors, details } = parsed.data.error;
  const line = message.replaceAll(/\s+/g, " ").trim();
  const reasons = [...details, ...errors].flatMap(({ reason }) => reason ?? []);
  const told = details.map(({ metadata }) => metadata?.["permission"])
    .find((each) => typeof each === "string");
  const permission = told ?? PERMISSION.exec(line)?.slice(1).find((each) => each !== undefined);
  return {
    reasons: [...reasons, ...(name === undefined ? [] : [name])],
    message: line === "" ? otherwise : line,
    ...(typeof permission === "string" ? { permission } : {}),
  };
}

/** Endpoints for tokens answer in their own form: `{"error": "invalid_grant", …}`. */
function oauthMessage(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const { error, error_description: description } = value;
  if (typeof error !== "string") return undefined;
  return typeof description === "string" ? `${error}: ${description}` : error;
}
