import { type Answer, type CloudFault, retryAfterMs, type Verdict } from "ckworker";
import { endsAsEnvelope, readBody, readSoapFault } from "./soap.ts";
import type { Fault } from "./values.ts";
import { XmlFault } from "./xml.ts";

/** Says what an answer means. A fault of vSphere is an answer of status 500 with a reason. */
export function judge(answer: Answer, now: number): Verdict | undefined {
  const { status, text } = answer;
  const isEnvelope = endsAsEnvelope(text);
  if (status === 200) return isEnvelope ? undefined : unwell(answer, now, NO_SOAP);
  if (isEnvelope) {
    const fault = faultOf(text);
    if (fault !== undefined) return verdictOf(fault);
  }
  if (status === 401) return refused("expired_credentials", status, "the server wants a login");
  if (status === 403) return refused("access_denied", status, "the server refuses the request");
  if (status === 404 || (status >= 300 && status < 400)) {
    return refused("request", status, "what answered is no vSphere");
  }
  if (status >= 500 || status === 429) {
    return unwell(answer, now, [String(status), `the server answered ${status}`]);
  }
  return refused("request", status, `the server answered ${status}`);
}

/** What a fault of vSphere means. */
export function verdictOf({ type, message, privilege }: Fault): Verdict {
  return {
    fault: FAULTS[type] ?? "request",
    code: type,
    message,
    ...(privilege === undefined ? {} : { permission: privilege }),
    ...(type === "NotAuthenticated" ? { retry: "credentials" } : {}),
  };
}

const FAULTS: Readonly<Record<string, CloudFault>> = {
  NotAuthenticated: "expired_credentials",
  InvalidLogin: "no_credentials",
  PasswordExpired: "expired_credentials",
  NoPermission: "access_denied",
  RestrictedByAdministrator: "access_denied",
  NotSupported: "unsupported",
  MethodNotFound: "unsupported",
};

const NO_SOAP = ["NoSoap", "the answer is no SOAP"] as const;

function faultOf(text: string): Fault | undefined {
  try {
    return readSoapFault(readBody(text));
  } catch (error) {
    if (error instanceof XmlFault) return undefined;
    throw error;
  }
}

function refused(fault: CloudFault, status: number, message: string): Verdict {
  return { fault, code: String(status), message };
}

/** A server that may do better the next time. */
function unwell(
  { headers }: Answer,
  now: number,
  [code, message]: readonly [string, string],
): Verdict {
  const afterMs = retryAfterMs(headers, now);
  return {
    fault: "request",
    code,
    message,
    retry: "transient",
    ...(afterMs === undefined ? {} : { afterMs }),
  };
}
