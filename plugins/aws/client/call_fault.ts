import { CallFault as AnyCallFault, type ErrorContext } from "ckworker";
import type { Verdict } from "./classify.ts";

/** A call that failed for good. */
export class CallFault extends AnyCallFault<Verdict> {
  /** @param permissions IAM actions that the call needs */
  constructor(
    call: string,
    verdict: Verdict,
    permissions: readonly string[],
    context: ErrorContext,
    cause?: unknown,
  ) {
    super(call, verdict, permissions, { plugin: "aws", ...context }, { cause });
  }
}
