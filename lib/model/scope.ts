/**
 * A scope is the unit of what was looked at: one listing resource in one region of one account.
 * Every collector divides its work in scopes and each ends in exactly one outcome.
 */
export interface ScopeKey {
  readonly cloud: string;
  /** Account id; empty for a listing of the whole cloud. */
  readonly account: string;
  /** Region *name* (`eu-west-1`, `global`); empty for a listing of the whole account. */
  readonly region: string;
  /** Name of the listing resource, `aws_ec2_instance`; every kind it yields shares its scope. */
  readonly resource: string;
}

/** How a scope ended. The first four are conclusive: a node absent from it is gone. */
export const OUTCOMES = [
  "complete",
  "partial",
  "unsupported",
  "gone",
  "not_enabled",
  "denied",
  "throttled_out",
  "failed",
  "cancelled",
  "skipped",
] as const;
export type Outcome = typeof OUTCOMES[number];

const CONCLUSIVE: ReadonlySet<Outcome> = new Set(["complete", "partial", "unsupported", "gone"]);

/** Whether a node that is absent from a scope with this outcome is gone. */
export function isConclusive(outcome: Outcome): boolean {
  return CONCLUSIVE.has(outcome);
}

/** Text form of a scope key; unique, sortable. */
export function scopeText(key: ScopeKey): string {
  return [key.cloud, key.account, key.region, key.resource].map(segment).join("/");
}

/** Ids may hold the character that joins them. */
function segment(text: string): string {
  return /[%/]/.test(text) ? text.replaceAll("%", "%25").replaceAll("/", "%2F") : text;
}

/** What a failed call of a scope was and what would cure it. */
export interface ScopeFault {
  /** API operation, `ec2:DescribeVpcs`. */
  readonly call: string;
  /** Provider's error code, `UnauthorizedOperation`. */
  readonly code: string;
  /** One line for people; never holds a secret. */
  readonly message: string;
  /** Permission that would cure it, `ec2:DescribeVpcs`; absent when no permission would. */
  readonly permission?: string;
  /** Whether an organisation policy (SCP) denied it, so that no IAM policy of the account cures it. */
  readonly policy?: boolean;
  /** How many times it happened. */
  readonly count: number;
}

/** How a scope ended, with the facts behind it. */
export interface ScopeResult {
  readonly outcome: Outcome;
  readonly faults: readonly ScopeFault[];
}
