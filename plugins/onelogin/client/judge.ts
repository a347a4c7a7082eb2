import {
  type Answer,
  isRecord,
  read,
  readJson,
  retryAfterMs,
  unwell,
  type Verdict,
} from "ckworker";

/** What a limit asks for when it names no time. */
const LIMIT_WAIT_MS = 60_000;

/** Says what an answer of OneLogin means. */
export function judge(answer: Answer, now: number): Verdict | undefined {
  const { status, headers } = answer;
  const value = readJson(answer);
  if (status >= 500) return unwell(answer, now, headers);
  const said = isRecord(value) ? read(value, "status.message") ?? value["message"] : undefined;
  const message = typeof said === "string" && said !== "" ? said : `OneLogin answered ${status}`;
  const code = String(status);
  if (status === 429 || (status >= 400 && /rate.?limit/i.test(message))) {
    const afterMs = retryAfterMs(headers, now) ?? resetMs(headers) ?? LIMIT_WAIT_MS;
    return { fault: "throttled", code, message, retry: "throttle", afterMs };
  }
  if (status === 401) return { fault: "expired_credentials", code, message, retry: "credentials" };
  if (status === 403) return { fault: "access_denied", code, message };
  if (status >= 300) return { fault: "request", code, message };
  if (!isRecord(value)) return unwell(answer, now, headers);
  return read(value, "status.error") === true ? { fault: "request", code, message } : undefined;
}

/** Seconds until the hour of the limit is over. */
function resetMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get("x-ratelimit-reset") || "none");
  return Number.isFinite(seconds) ? Math.max(seconds, 0) * 1_000 : undefined;
}
