import { X509Certificate } from "node:crypto";
import { CoreMessageError, CoreRejectedError } from "../errors/mod.ts";
import { readStart } from "./read_start.ts";
import { refused } from "./refusal.ts";
import { type TokenFault, verifyToken } from "./token.ts";

/** An authority that a core says is its own. */
export interface Authority {
  readonly pem: string;
  /** SHA-256 of the certificate, pairs in upper case with colons. */
  readonly fingerprint: string;
  /** When its certificate ends, milliseconds since 1970. */
  readonly endsAt: number;
}

const WHAT = "a look at its authority";
const PEM = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;
/** A certificate has one or two kilobytes. */
const ANSWER_MAX = 65_536;

const FAULTS: Readonly<Record<TokenFault, readonly [message: string, hint: string]>> = {
  malformed: [
    "the core's proof of its authority is no token",
    "check what stands between this machine and the core",
  ],
  signature: [
    "the core's proof of its authority is not made with this --psk",
    "give the same --psk as the core has; if it is the same, somebody else answers",
  ],
  expired: [
    "the core's proof of its authority is expired",
    "set the clocks of this machine and of the core",
  ],
};

/**
 * Reads the answer to `GET /ca/cert`, which came over a connection that proves nothing. With a
 * pre-shared key the answer has to prove itself: a token made with the key names the certificate's
 * fingerprint. Without one it is taken as it is.
 * @throws CoreRejectedError when the core has no such answer, or proves nothing or the wrong thing
 * @throws CoreMessageError when the answer holds no certificate, or another than the proven one
 */
export async function readAuthority(
  response: Response,
  psk: string | undefined,
  now: Date,
): Promise<Authority> {
  if (response.status !== 200) throw await refused(WHAT, response);
  const authority = await parseAuthority(await readStart(response, ANSWER_MAX));
  if (psk !== undefined) await checkProof(response, authority, psk, now);
  return authority;
}

async function checkProof(
  response: Response,
  authority: Authority,
  psk: string,
  now: Date,
): Promise<void> {
  const token = /^Bearer (\S+)$/i.exec(response.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) {
    throw rejected(response, "the core does not prove its authority: it has no pre-shared key", {
      hint: "start the core with the same --psk, or leave --psk out, or give --ca-cert",
    });
  }
  const verified = await verifyToken(psk, token, now);
  if ("fault" in verified) {
    const [message, hint] = FAULTS[verified.fault];
    throw rejected(response, message, { hint });
  }
  if (verified.claims.sha256_fingerprint !== authority.fingerprint) {
    throw new CoreMessageError("the core's authority is not the one that it proves", {
      hint: "somebody on the way may have exchanged it: do not go on before that is clear",
    });
  }
}

function rejected(
  response: Response,
  message: string,
  { hint }: { readonly hint: string },
): CoreRejectedError {
  return new CoreRejectedError(response.status, message, { context: { call: WHAT }, hint });
}

async function parseAuthority(text: string): Promise<Authority> {
  const found = text.match(PEM) ?? [];
  const [pem] = found;
  if (pem === undefined || found.length > 1) throw noCertificate();
  try {
    const der = Uint8Array.fromBase64(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ""));
    const endsAt = Date.parse(new X509Certificate(pem).validTo);
    if (Number.isNaN(endsAt)) throw noCertificate();
    return { pem: `${pem}\n`, fingerprint: await fingerprintOf(der), endsAt };
  } catch (cause) {
    throw noCertificate(cause);
  }
}

async function fingerprintOf(der: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", der));
  return digest.toHex().toUpperCase().replaceAll(/(..)(?=.)/g, "$1:");
}

function noCertificate(cause?: unknown): CoreMessageError {
  return new CoreMessageError("the core's authority is no certificate", {
    hint: "check that the address is that of a core, or trust its certificate with --ca-cert",
    ...(cause === undefined ? {} : { cause }),
  });
}
