import type { AwsCall, AwsError } from "./aws_wire.ts";

/** What a rule does to a call. Error texts, codes and statuses are those of the service itself. */
export type FaultEffect =
  /** RequestLimitExceeded, Throttling, ThrottlingException or SlowDown. */
  | { readonly type: "throttle"; readonly retryAfter?: number }
  /** The service's own internal error; `status` 500 or 503 (default). */
  | { readonly type: "unavailable"; readonly status?: 500 | 503 }
  /** The connection closes without an answer. */
  | { readonly type: "reset" }
  /** The true answer, cut in half below its content-length. */
  | { readonly type: "truncate" }
  /** RequestExpired, ExpiredToken or ExpiredTokenException. */
  | { readonly type: "expired" }
  /** Denied by a missing permission (default) or a service control policy. */
  | { readonly type: "denied"; readonly by?: "identity" | "scp" }
  /** The account has not signed up for the service. */
  | { readonly type: "opt_in" }
  /** The region is not enabled for the account: the token is unknown there. */
  | { readonly type: "region_disabled" }
  /** Waits, then goes on with the next rule. */
  | { readonly type: "latency"; readonly ms: number }
  /** Waits until the plan is replaced, then goes on with the next rule. */
  | { readonly type: "hold" }
  /** No answer until the client gives up or the proxy is disposed. */
  | { readonly type: "hang" }
  | { readonly type: "error"; readonly error: AwsError }
  /** A fixed answer, for operations that moto lacks. `body` is of the service's protocol. */
  | { readonly type: "answer"; readonly body: string; readonly status?: number };

/** Effects that are an error answer of the service. */
export type ErrorEffect = Extract<
  FaultEffect,
  {
    readonly type: "throttle" | "unavailable" | "expired" | "denied" | "opt_in" | "region_disabled";
  }
>;

/** IAM action of an operation where the two names differ. */
const ACTIONS: Readonly<Record<string, string>> = {
  "s3:ListBuckets": "s3:ListAllMyBuckets",
  "service-quotas:ListServiceQuotas": "servicequotas:ListServiceQuotas",
};

/** The error by which the service of `call` shows `effect`, as AWS words it. */
export function errorOf(call: AwsCall, account: string, effect: ErrorEffect): AwsError {
  switch (effect.type) {
    case "throttle":
      return throttle(call);
    case "unavailable":
      return unavailable(call, effect.status ?? 503);
    case "expired":
      return expired(call);
    case "denied":
      return denied(call, account, effect.by ?? "identity");
    case "opt_in":
      return optIn(call);
    case "region_disabled":
      return regionDisabled(call);
  }
}

function throttle({ protocol, service }: AwsCall): AwsError {
  if (protocol === "ec2") return error(503, "RequestLimitExceeded", "Request limit exceeded.");
  if (service === "s3") return error(503, "SlowDown", "Please reduce your request rate.");
  if (protocol === "query") return error(400, "Throttling", "Rate exceeded");
  return error(protocol === "rest-json" ? 429 : 400, "ThrottlingException", "Rate exceeded");
}

function unavailable({ protocol, service }: AwsCall, status: 500 | 503): AwsError {
  const text = "The service is unable to process your request at this time.";
  if (status === 500) {
    const xml = protocol === "ec2" || service === "s3";
    return error(500, xml ? "InternalError" : "InternalFailure", "An internal error has occurred.");
  }
  if (protocol === "ec2") return error(503, "Unavailable", text);
  return error(
    503,
    protocol.includes("json") ? "ServiceUnavailableException" : "ServiceUnavailable",
    text,
  );
}

function expired({ protocol, service }: AwsCall): AwsError {
  if (protocol === "ec2") return error(400, "RequestExpired", "Request has expired.");
  if (service === "s3") return error(400, "ExpiredToken", "The provided token has expired.");
  const text = "The security token included in the request is expired";
  if (protocol === "query") return error(403, "ExpiredToken", text);
  return error(protocol === "rest-json" ? 403 : 400, "ExpiredTokenException", text);
}

function denied(call: AwsCall, account: string, by: "identity" | "scp"): AwsError {
  const named = `${
    call.service.replace(/^elbv2$|^elb$/, "elasticloadbalancing")
  }:${call.operation}`;
  const action = ACTIONS[named] ?? named;
  const reason = by === "scp"
    ? "with an explicit deny in a service control policy"
    : `because no identity-based policy allows the ${action} action`;
  const who = `User: arn:aws:sts::${account}:assumed-role/ckworker/session`;
  const text = `${who} is not authorized to perform: ${action} on resource: * ${reason}`;
  switch (call.protocol) {
    case "ec2":
      return error(
        403,
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. ${text}`,
      );
    case "json":
      return error(400, "AccessDeniedException", text);
    case "rest-json":
      return error(403, "AccessDeniedException", text);
    default:
      return error(403, "AccessDenied", text);
  }
}

function optIn({ protocol }: AwsCall): AwsError {
  const text = "The AWS Access Key Id needs a subscription for the service";
  return error(protocol === "ec2" ? 401 : 403, "OptInRequired", text);
}

function regionDisabled({ protocol, service }: AwsCall): AwsError {
  if (protocol === "ec2") {
    return error(
      401,
      "AuthFailure",
      "AWS was not able to validate the provided access credentials",
    );
  }
  if (service === "s3") {
    return error(
      403,
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    );
  }
  const text = "The security token included in the request is invalid.";
  if (protocol === "query") return error(403, "InvalidClientTokenId", text);
  return error(protocol === "rest-json" ? 403 : 400, "UnrecognizedClientException", text);
}

function error(status: number, code: string, message: string): AwsError {
  return { status, code, message };
}
