import { CloudError, type CloudFault, type Outcome, outcomeOf, type ScopeFault } from "ckworker";

/** What a failed call was about. */
export interface CallPlace {
  /** `list pods`. */
  readonly call: string;
  readonly account: string;
  /** Namespace; empty for the whole cluster. */
  readonly namespace?: string;
  /** Rule that allows the call. */
  readonly permission?: string;
}

/** A call that failed for good. */
export class CallFault extends CloudError {
  readonly place: CallPlace;
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** Reason that the API gave, `Forbidden`, `Expired`; of our own where it gave none. */
  readonly reason: string;
  readonly #text: string;

  constructor(
    fault: CloudFault,
    place: CallPlace,
    answer: { readonly status: number; readonly reason: string; readonly message: string },
    cause?: unknown,
  ) {
    const { call, account, namespace = "" } = place;
    const where = namespace === "" ? account : `${account}, namespace ${namespace}`;
    super(fault, `${call} in ${where} failed: ${answer.reason}: ${answer.message}`, {
      context: { plugin: "k8s", account, call, ...(namespace === "" ? {} : { region: namespace }) },
      ...(HINTS[fault] === undefined ? {} : { hint: HINTS[fault] }),
      cause,
    });
    this.place = place;
    this.status = answer.status;
    this.reason = answer.reason;
    this.#text = answer.message;
  }

  /** What it means for the scope that asked. */
  get outcome(): Outcome {
    return outcomeOf(this.fault);
  }

  /** The same as data for the ledger. */
  get scopeFault(): ScopeFault {
    const { call, permission } = this.place;
    return {
      call,
      code: this.reason,
      message: this.#text,
      count: 1,
      ...(this.fault === "access_denied" && permission !== undefined ? { permission } : {}),
    };
  }
}

const HINTS: Partial<Readonly<Record<CloudFault, string>>> = {
  expired_credentials: "Renew the credentials of the cluster: its token, certificate or login",
};
