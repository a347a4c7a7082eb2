import { CallFault as AnyCallFault, type CloudFault } from "ckworker";

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
export class CallFault extends AnyCallFault {
  readonly place: CallPlace;
  /** HTTP status; 0 without an answer. */
  readonly status: number;

  constructor(
    fault: CloudFault,
    place: CallPlace,
    answer: { readonly status: number; readonly reason: string; readonly message: string },
    cause?: unknown,
  ) {
    const { call, account, namespace = "", permission } = place;
    const { status, reason: code, message } = answer;
    const hint = HINTS[fault];
    super(
      call,
      { fault, code, message },
      permission === undefined ? [] : [permission],
      { plugin: "k8s", account, ...(namespace === "" ? {} : { region: namespace }) },
      {
        cause,
        where: namespace === "" ? account : `${account}, namespace ${namespace}`,
        ...(hint === undefined ? {} : { hint }),
      },
    );
    this.place = place;
    this.status = status;
  }

  /** Reason that the API gave, `Forbidden`, `Expired`; of our own where it gave none. */
  get reason(): string {
    return this.verdict.code;
  }
}

const HINTS: Partial<Readonly<Record<CloudFault, string>>> = {
  expired_credentials: "Renew the credentials of the cluster: its token, certificate or login",
};
