import { type Answer, isRecord, readJson, retryAfterMs, unwell, type Verdict } from "ckworker";

/** What a secondary limit asks for when it names no time. */
const SECONDARY_WAIT_MS = 60_000;

/** Says what an answer of GitHub means. */
export function judge(answer: Answer, now: number): Verdict | undefined {
  const { status, headers } = answer;
  if (status >= 500) return unwell(answer, now, headers);
  if (status >= 200 && status < 300) return judgeBody(answer, now);
  const message = messageOf(answer);
  const limit = judgeLimit(answer, message, now);
  if (limit !== undefined) return limit;
  const code = String(status);
  if (status === 401) return { fault: "expired_credentials", code, message };
  // What a token may not see is not found.
  if (status === 403 || status === 404 || status === 451) {
    const permission = missingPermission(headers);
    return {
      fault: "access_denied",
      code,
      message: status === 404 ? "it does not exist, or may not be seen with this token" : message,
      ...(permission === undefined ? {} : { permission }),
    };
  }
  return { fault: "request", code, message };
}

function judgeBody(answer: Answer, now: number): Verdict | undefined {
  if (answer.status === 204) return undefined;
  const value = readJson(answer);
  return typeof value === "object" && value !== null
    ? undefined
    : unwell(answer, now, answer.headers);
}

/** A limit that is used up: the hourly one, or one on bursts, which has no figures. */
function judgeLimit(
  { status, headers }: Answer,
  message: string,
  now: number,
): Verdict | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const throttle = (code: string, afterMs: number): Verdict => ({
    fault: "throttled",
    code,
    message,
    retry: "throttle",
    afterMs,
  });
  const asked = retryAfterMs(headers, now);
  if (asked !== undefined) return throttle("SecondaryRateLimit", asked);
  if (headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(headers.get("x-ratelimit-reset")) * 1_000;
    const wait = Number.isFinite(reset) && reset > 0 ? reset - now : SECONDARY_WAIT_MS;
    // A second more, since the reset is told in whole ones.
    return throttle("RateLimit", Math.max(wait, 0) + 1_000);
  }
  if (status === 429 || /secondary rate limit|abuse detection/i.test(message)) {
    return throttle("SecondaryRateLimit", SECONDARY_WAIT_MS);
  }
  return undefined;
}

function messageOf(answer: Answer): string {
  const value = readJson(answer);
  const message = isRecord(value) && typeof value["message"] === "string" ? value["message"] : "";
  return message === "" ? `GitHub answered ${answer.status}` : message;
}

/** What the token lacks, as far as the answer says: a permission, a scope, or a login. */
function missingPermission(headers: Headers): string | undefined {
  if (headers.get("x-github-sso")?.startsWith("required") === true) {
    return "an authorisation of the token for single sign-on";
  }
  const fineGrained = headers.get("x-accepted-github-permissions");
  if (fineGrained !== null && fineGrained !== "") return fineGrained;
  const granted = new Set(words(headers.get("x-oauth-scopes")));
  const accepted = words(headers.get("x-accepted-oauth-scopes"));
  return accepted.some((scope) => granted.has(scope)) ? undefined : accepted[0];
}

function words(text: string | null): readonly string[] {
  return (text ?? "").split(",").map((word) => word.trim()).filter((word) => word !== "");
}
