import {
  type Answer,
  type CloudFault,
  isRecord,
  type RawRecord,
  readJson,
  retryAfterMs,
  unwell,
  type Verdict,
} from "ckworker";

/** What a limit asks for when it names no time. */
const LIMIT_WAIT_MS = 20_000;

/** What error codes of Slack mean; all others are faults of the request. */
const FAULTS: ReadonlyMap<string, CloudFault> = new Map([
  ...codes("expired_credentials", [
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
  ]),
  ...codes("access_denied", [
    "access_denied",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "org_login_required",
    "restricted_action",
    "team_access_not_granted",
    "two_factor_setup_required",
  ]),
  ...codes("not_enabled", ["paid_teams_only", "plan_upgrade_required"]),
]);

/** Codes of a service that is not well. */
const TRANSIENT: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);

/** Says what an answer of Slack means. */
export function judge(answer: Answer, now: number): Verdict | undefined {
  const { status, headers } = answer;
  const value = readJson(answer);
  const code = isRecord(value) && typeof value["error"] === "string" ? value["error"] : undefined;
  if (status === 429 || code === "ratelimited") {
    return {
      fault: "throttled",
      code: "ratelimited",
      message: "Slack limits the rate",
      retry: "throttle",
      afterMs: retryAfterMs(headers, now) ?? LIMIT_WAIT_MS,
    };
  }
  if (status >= 500 || !isRecord(value)) return unwell(answer, now, headers);
  if (status < 300 && value["ok"] === true) return undefined;
  return judgeCode(code ?? String(status), value);
}

function judgeCode(code: string, value: RawRecord): Verdict {
  const fault = FAULTS.get(code) ?? "request";
  const needed = value["needed"];
  return {
    fault,
    code,
    message: code === "missing_scope"
      ? `the token has ${value["provided"] || "no scopes"}`
      : `Slack answered ${code}`,
    ...(typeof needed === "string" && needed !== "" ? { permission: needed } : {}),
    ...(TRANSIENT.has(code) ? { retry: "transient" } : {}),
  };
}

function codes(
  fault: CloudFault,
  names: readonly string[],
): readonly (readonly [string, CloudFault])[] {
  return names.map((name) => [name, fault]);
}
