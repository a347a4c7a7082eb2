import { CloudError, type ErrorContext, type Outcome, outcomeOf, type ScopeFault } from "ckworker";
import type { Verdict } from "./classify.ts";

/** A call that failed for good. */
export class CallFault extends CloudError {
  /** `service:Operation`. */
  readonly call: string;
  readonly verdict: Verdict;
  readonly #permissions: readonly string[];

  /** @param permissions IAM actions that the call needs */
  constructor(
    call: string,
    verdict: Verdict,
    permissions: readonly string[],
    context: ErrorContext,
    cause?: unknown,
  ) {
    super(
      verdict.fault,
      `${call} in ${place(context)} failed: ${verdict.code}: ${verdict.message}`,
      {
        context: { plugin: "aws", call, ...context },
        cause,
      },
    );
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
    const { code, message, policy } = this.verdict;
    const permission = this.verdict.fault === "access_denied"
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

function place({ account, region }: ErrorContext): string {
  return [account, region].filter((each) => each !== undefined && each !== "").join(" ") || "AWS";
}
