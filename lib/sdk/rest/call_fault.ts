import { CloudError, type CloudFault, type ErrorContext } from "../../errors/mod.ts";
import type { Outcome, ScopeFault } from "../../model/mod.ts";
import type { FailedCall, Verdict } from "./verdict.ts";

const OUTCOMES: Readonly<Record<CloudFault, Outcome>> = {
  access_denied: "denied",
  throttled: "throttled_out",
  expired_credentials: "failed",
  no_credentials: "failed",
  not_enabled: "not_enabled",
  unsupported: "unsupported",
  request: "failed",
};

/** What there is to say of a failed call beside its verdict. */
export interface CallFaultOptions {
  readonly cause?: unknown;
  readonly hint?: string;
  /** Default: account and region of the context. */
  readonly where?: string;
}

/** A call that failed for good. */
export class CallFault<V extends FailedCall = Verdict> extends CloudError {
  /** `service:Operation`. */
  readonly call: string;
  readonly verdict: V;
  readonly #permissions: readonly string[];

  /** @param permissions what the call needs, as declared */
  constructor(
    call: string,
    verdict: V,
    permissions: readonly string[],
    context: ErrorContext,
    { where = placeOf(context), ...more }: CallFaultOptions = {},
  ) {
    const place = where === "" ? "" : ` in ${where}`;
    super(verdict.fault, `${call}${place} failed: ${verdict.code}: ${verdict.message}`, {
      ...more,
      context: { ...context, call },
    });
    this.call = call;
    this.verdict = verdict;
    this.#permissions = permissions;
  }

  /** What it means for the scope that asked. */
  get outcome(): Outcome {
    return OUTCOMES[this.verdict.fault];
  }

  /** The same as data for the ledger. */
  get scopeFault(): ScopeFault {
    const { fault, code, message, policy } = this.verdict;
    const permission = fault === "access_denied"
      ? this.verdict.permission ?? this.#permissions[0]
      : undefined;
    return {
      call: this.call,
      code,
      message,
      count: 1,
      ...(permission === undefined ? {} : { permission }),
      ...(policy === true ? { policy } : {}),
    };
  }
}

function placeOf({ account, region }: ErrorContext): string {
  return [account, region].filter((each) => each !== undefined && each !== "").join(" ");
}
