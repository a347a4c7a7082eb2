import type { FailedCall } from "ckworker";
import { isOptInRegion } from "../discovery/partitions.ts";

/** What a failed call means and whether to make it again. */
export interface Verdict extends FailedCall {
  /**
   * Making the call again may help: later, soon, with fresh credentials, or with the right time,
   * which the SDK takes from such an answer, and fresh credentials after that.
   */
  readonly retry?: "throttle" | "transient" | "credentials" | "expired";
  /** The whole region is out of reach, not just this call. */
  readonly region?: boolean;
  /** The endpoint's name does not resolve. */
  readonly unresolved?: boolean;
}

const THROTTLES = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
]);

const EXPIRED = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "TokenRefreshRequired",
]);

const SKEWED = new Set([
  "InvalidSignatureException",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
]);

const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationError",
  "AuthorizationErrorException",
  "ForbiddenException",
  "NotAuthorized",
  "NotAuthorizedException",
  "UnauthorizedAccess",
  "UnauthorizedException",
  "UnauthorizedOperation",
]);

const NOT_ENABLED = new Set([
  "AWSOrganizationsNotInUseException",
  "NotSignedUp",
  "OptInRequired",
  "SubscriptionRequiredException",
]);

/** Credentials that the region does not know: those of a region that is not opted in. */
const UNKNOWN_CREDENTIALS = new Set([
  "AuthFailure",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidToken",
  "UnrecognizedClientException",
]);

const UNSUPPORTED = new Set([
  "InvalidAction",
  "UnknownOperation",
  "UnknownOperationException",
]);

const TRANSIENT = new Set([
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "InternalServiceError",
  "InternalServiceException",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "TimeoutError",
  "TransientError",
  "Unavailable",
]);

/** Facts of an error in the forms that SDK clients, their parsers and `fetch` throw. */
interface Thrown {
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** Says what an error of a call in a region means. */
export function classify(error: unknown, region: string): Verdict {
  const thrown = read(error);
  const { code, message, status } = thrown;
  if (THROTTLES.has(code) || status === 429) {
    return { fault: "throttled", code, message, retry: "throttle" };
  }
  // Whoever answered, a proxy or half of a service: nothing else that it says counts.
  if (code === UNREADABLE) return { fault: "request", code, message, retry: "transient" };
  if (EXPIRED.has(code)) {
    return { fault: "expired_credentials", code, message, retry: "credentials" };
  }
  if (code === "CredentialsProviderError" || code === "TokenProviderError") {
    const expired = /expired|refresh/i.test(message);
    return { fault: expired ? "expired_credentials" : "no_credentials", code, message };
  }
  // EC2 says so when the clock is wrong, and when the token of a role has expired.
  if (code === "RequestExpired") {
    return { fault: "expired_credentials", code, message, retry: "expired" };
  }
  if (SKEWED.has(code)) return { fault: "request", code, message, retry: "transient" };
  if (NOT_ENABLED.has(code)) {
    return { fault: "not_enabled", code, message, region: code === "OptInRequired" };
  }
  if (UNKNOWN_CREDENTIALS.has(code)) return unknownCredentials(code, message, region);
  if (UNSUPPORTED.has(code) || isUnsupported(thrown)) {
    return { fault: "unsupported", code, message };
  }
  if (DENIED.has(code) || status === 403) return denied(code, message);
  // Who answers is not who we asked for; that does not change.
  if (code === "CertificateError") return { fault: "request", code, message };
  if (isUnresolved(thrown)) {
    return { fault: "request", code, message, retry: "transient", unresolved: true };
  }
  if (isTransient(thrown)) return { fault: "request", code, message, retry: "transient" };
  return { fault: "request", code, message };
}

function read(error: unknown): Thrown {
  if (!(error instanceof Error)) {
    return { code: "Error", message: String(error), status: undefined };
  }
  const metadata: unknown = Reflect.get(error, "$metadata");
  const status: unknown = typeof metadata === "object" && metadata !== null
    ? Reflect.get(metadata, "httpStatusCode")
    : undefined;
  const known = typeof status === "number" ? status : undefined;
  if (isUnreadable(error)) {
    const message = `the answer could not be understood${known ? ` (HTTP ${known})` : ""}`;
    return { code: UNREADABLE, message, status: known };
  }
  const message = oneLine(withoutSecrets(error.message));
  return { code: codeOf(error, message), message, status: known };
}

const UNREADABLE = "UnreadableAnswer";

/** Faults of the SDK's parsers, and errors that it found no code in. */
function isUnreadable({ name, message }: Error): boolean {
  return name === "ForeignAnswer" || name === "SyntaxError" || name === "Unknown" ||
    /deserialization error/i.test(message) || /^Unknown(Error)?$/.test(message);
}

/** A refused signature comes with the text that should have been signed, session token included. */
function withoutSecrets(message: string): string {
  return message
    .replace(
      /(security-token|signature|credential|authorization)(["']?\s*[:=]\s*)[^\s'"&,;]+/gi,
      "$1$2[secret]",
    )
    .replace(/AWS4-HMAC-SHA256 Credential=\S+/g, "AWS4-HMAC-SHA256 [secret]");
}

function codeOf(error: Error, message: string): string {
  if (CERTIFICATE.test(message)) return "CertificateError";
  if (error.name !== "Error" && error.name !== "TypeError") return error.name;
  const code: unknown = Reflect.get(error, "code") ?? Reflect.get(error, "Code");
  if (typeof code === "string") return code;
  return NETWORK.test(message) ? "NetworkError" : error.name;
}

const CERTIFICATE = /invalid peer certificate|certificate verify|self.signed certificate/i;
const NETWORK =
  /error sending request|connection (closed|reset)|error reading a body|ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|temporary failure|timed out|unexpected e(of|nd)/i;

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 500);
}

function unknownCredentials(code: string, message: string, region: string): Verdict {
  return isOptInRegion(region)
    ? { fault: "not_enabled", code, message, region: true }
    : { fault: "no_credentials", code, message, retry: "credentials" };
}

function denied(code: string, message: string): Verdict {
  const action = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)/.exec(message)?.[1];
  const policy = /(service|resource) control polic/i.test(message);
  return {
    fault: "access_denied",
    code,
    message,
    ...(action === undefined ? {} : { permission: action }),
    ...(policy ? { policy } : {}),
  };
}

function isUnsupported({ code, message }: Thrown): boolean {
  if (code !== "UnsupportedOperation" && code !== "UnsupportedOperationException") return false;
  return /not (available|supported) in (this|the) (requested )?region/i.test(message);
}

/** Only without an answer: a service may say the same of what it was asked for. */
function isUnresolved({ message, status }: Thrown): boolean {
  return status === undefined &&
    /name or service not known|no such host|nodename nor servname|\bENOTFOUND\b|no address associated/i
      .test(message);
}

function isTransient({ code, message, status }: Thrown): boolean {
  if (TRANSIENT.has(code) || (status !== undefined && status >= 500 && status !== 501)) return true;
  return NETWORK.test(message);
}
