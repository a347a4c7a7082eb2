import { CkError, CoreUnreachableError } from "../errors/mod.ts";
import { DialFault } from "./bridge.ts";
import { TimeLimitFault } from "./time_limit.ts";
import { HandshakeFault } from "./web_socket.ts";

/** What a fault of the platform means, and what to do about it. */
interface Meaning {
  readonly sign: RegExp;
  readonly reason: string;
  readonly hint: string;
}

const ADDRESS = "check that the core runs and that its address is right";
const TRUST =
  "trust the authority that signed it with --ca-cert FILE, or give the core's --psk so that the " +
  "core can prove its own authority";
const CERTIFICATE = /invalid peer certificate/;

/** The first that fits counts. */
const MEANINGS: readonly Meaning[] = [
  {
    sign: /certificate not valid for name/,
    reason: "its certificate is for other names",
    hint: "use a name of the certificate in the address of the core",
  },
  {
    sign: /certificate expired|Expired|NotValidYet|not valid yet/,
    reason: "its certificate is expired or not yet valid",
    hint: "renew the core's certificate, or set the clock of this machine",
  },
  {
    sign: /CaUsedAsEndEntity/,
    reason: "its certificate is that of an authority, not of a server",
    hint: "give the core a certificate that an authority signed, and trust that with --ca-cert",
  },
  { sign: CERTIFICATE, reason: "its certificate is signed by an unknown authority", hint: TRUST },
  {
    sign: /InvalidContentType|wrong version number/,
    reason: "it does not speak TLS",
    hint: "use http:// in the address of the core",
  },
  {
    sign: /invalid HTTP (version|header)/,
    reason: "it does not speak HTTP",
    hint: "use https:// in the address if the core speaks TLS, else check the port",
  },
  {
    sign: /fatal alert|peer is incompatible|handshake/i,
    reason: "no TLS connection could be agreed on",
    hint: ADDRESS,
  },
  {
    sign: /proxy authentication required|answers 407 to CONNECT/,
    reason: "the proxy asks for user and password",
    hint: "put them into the proxy variable, or exempt the core with NO_PROXY",
  },
  {
    sign: /tunnel|to CONNECT|the proxy closed/,
    reason: "the proxy makes no connection to it",
    hint: "exempt the core with NO_PROXY, or let the proxy connect to it",
  },
  { sign: /refused/i, reason: "connection refused", hint: ADDRESS },
  { sign: /dns error|ENOTFOUND|EAI_AGAIN/, reason: "its name is not known", hint: ADDRESS },
  {
    sign: /reset|broken pipe|EPIPE|closed before|eof|connection error|was closed|os error 10[34]/i,
    reason: "the connection was cut",
    hint: "use https:// in the address if the core speaks TLS only, else look at the core's log",
  },
  {
    sign: /timed out|ETIMEDOUT|no answer within/i,
    reason: "no answer in time",
    hint: ADDRESS,
  },
  { sign: /unreachable|EHOSTUNREACH|ENETUNREACH/i, reason: "no way to it", hint: ADDRESS },
  { sign: /tcp connect error/, reason: "no connection", hint: ADDRESS },
];

/**
 * The certificate of the other side is not trusted, and would be if its authority were known; other
 * faults of certificates are not cured by that.
 */
export function isAuthorityFault(fault: unknown): boolean {
  const text = textOf(fault);
  return CERTIFICATE.test(text) &&
    !/CaUsedAsEndEntity|not valid for name|expired|NotValidYet|not valid yet/i.test(text);
}

/** The other side does not speak TLS. */
export function isPlainFault(fault: unknown): boolean {
  return /InvalidContentType|wrong version number/.test(textOf(fault));
}

/** Something between this program and the core went wrong; everything else is a bug of ours. */
export function isLinkFault(fault: unknown): boolean {
  if (fault instanceof TimeLimitFault || fault instanceof DialFault) return true;
  if (fault instanceof HandshakeFault) return true;
  return fault instanceof TypeError && /^error sending request/.test(fault.message);
}

/** What was being done when a fault came. */
export interface Attempt {
  /** Address of the core, without secrets. */
  readonly uri: string;
  /** `POST /graph/ck/merge`. */
  readonly call: string;
}

/** Turns a fault of the platform into our words; what is ours already stays. */
export function unreachable(fault: unknown, { uri, call }: Attempt): CkError {
  if (fault instanceof CkError) return fault;
  const text = textOf(fault);
  const meaning = MEANINGS.find(({ sign }) => sign.test(text));
  const reason = /^no answer within/.test(text) ? text : meaning?.reason ?? shortened(text);
  return new CoreUnreachableError(`no answer of the core at ${uri} to ${call}: ${reason}`, {
    context: { subject: uri, call },
    hint: meaning?.hint ?? ADDRESS,
    cause: fault,
  });
}

function textOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

/** The end of the platform's sentence says why; its start repeats the address. */
function shortened(text: string): string {
  const end = text.slice(text.lastIndexOf("): ") + 1).replace(/^: /, "").trim();
  return end.length > 200 ? `${end.slice(0, 200)}…` : end;
}
