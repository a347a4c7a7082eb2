import { CloudError, type CloudFault, type ErrorContext } from "../../errors/mod.ts";
import type { Outcome, ScopeFault } from "../../model/mod.ts";
import type { Verdict } from "./verdict.ts";

const OUTCOMES: Readonly<Record<CloudFault, Outcome>> = {
  access_denied: "denied",
  throttled: "throttled_out",
  expired_credentials: "failed",
  no_credentials: "failed",
  not_enabled: "not_enabled",
  unsupported: "unsupported",
  request: "failed",
};

/** What a fault means for the scope that asked. */
export function outcomeOf(fault: CloudFault): Outcome {
  return OUTCOMES[fault];
}

/** A call that failed for good. */
export class CallFault extends CloudError {
  /** `service:Operation`. */
  readonly call: string;
  readonly verdict: Verdict;
  readonly #permissions: readonly string[];

  /** @param permissions what the call needs, as declared */
  constructor(
    call: string,
    verdict: Verdict,
    permissions: readonly string[],
    context: ErrorContext,
    cause?: unknown,
  ) {
    super(verdict.fault, `${call} failed: ${verdict.code}: ${verdict.message}`, {
      context: { ...context, call },
      cause,
    });
    this.call = call;
    this.verdict = verdict;
    this.#permissions = permissions;
  }

  /** What it means for the scope that asked. */
  get outcome(): Outcome {
    return outcomeOf(this.verdict.fault);
  }

  /** The same as data for the ledger. */
  get scopeFault(): ScopeFault {
    const { fault, code, message } = this.verdict;
    const permission = fault === "access_denied"
      ? this.verdict.permission ?? this.#permissions[0]
      : undefined;
    return {
      call: this.call,
      code,
      message,
      count: 1,
      ...(permission === undefined ? {} : { permission }),
    };
  }
}
