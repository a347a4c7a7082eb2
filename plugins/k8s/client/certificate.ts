import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { CloudError } from "ckworker";

/** A client certificate with its key, PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\s*([A-Za-z0-9+/=\s]+?)\s*-----END \1-----/g;
/** Curves that the TLS library signs with and the check below can read. */
const CURVES: ReadonlySet<string> = new Set(["p256", "p384", "prime256v1", "secp384r1"]);
const RSA_BITS = { least: 2048, most: 8192 } as const;

/**
 * Checks a client certificate before the TLS library sees it: one that the library rejects ends the
 * whole process, and no error can be caught.
 * @returns what is safe to hand over
 * @throws CloudError for one that is malformed, of version 1, expired, or not of this key
 */
export function checkPair({ certificate, key }: Pair, now: number): Pair {
  const chain = blocks(certificate, (label) => label === "CERTIFICATE");
  const keys = blocks(key, (label) => label.endsWith("PRIVATE KEY"));
  const [first] = chain;
  const [privatePem] = keys;
  if (first === undefined) throw refused("it holds no certificate");
  if (privatePem === undefined) throw refused("its key file holds no private key");
  const leaf = chain.map((pem) => parsed(pem))[0];
  if (leaf === undefined) throw refused("it cannot be read");
  refuseExpired(leaf, now);
  const privateKey = readKey(privatePem);
  refuseKind(privateKey);
  if (!isPair(leaf, privateKey)) throw refused("it does not belong to its key");
  return { certificate: chain.join("\n"), key: privatePem };
}

/**
 * Checks the certificates of an authority, of which the TLS library tells nothing useful.
 * @throws CloudError when there is none, or one that cannot be read
 */
export function checkAuthority(text: string): string {
  const found = blocks(text, (label) => label === "CERTIFICATE");
  for (const pem of found) {
    try {
      new X509Certificate(pem);
    } catch (cause) {
      throw new CloudError("request", "a certificate of the cluster's authority cannot be read", {
        cause,
      });
    }
  }
  if (found.length > 0) return found.join("\n");
  throw new CloudError("request", "the cluster's authority holds no certificate", {
    hint: "certificate-authority must be a file with a certificate, and …-data its text in base64",
  });
}

/** The blocks of a PEM text, each as it stands. */
function blocks(text: string, wanted: (label: string) => boolean): readonly string[] {
  return [...text.matchAll(BLOCK)].flatMap(([block, label = ""]) =>
    wanted(label) ? [`${block}\n`] : []
  );
}

function parsed(pem: string): X509Certificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (cause) {
    throw refused("it cannot be read", cause);
  }
  if (!hasVersion(pem)) throw refused("it is of version 1, of which TLS takes none");
  return certificate;
}

/** Whether the part that is signed begins with a version: one of version 1 leaves it out. */
function hasVersion(pem: string): boolean {
  const base64 = pem.replaceAll(/-----[^-]+-----|\s/g, "");
  const der = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const outer = contentStart(der, 0);
  return der[contentStart(der, outer)] === 0xa0;
}

/** Where the content of a DER element begins. */
function contentStart(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length > 0x80 ? length - 0x80 : 0);
}

function refuseExpired({ validFrom, validTo }: X509Certificate, now: number): void {
  if (Date.parse(validTo) < now) {
    throw new CloudError("expired_credentials", `the client certificate expired at ${validTo}`, {
      hint: "Have a new one issued",
    });
  }
  if (Date.parse(validFrom) > now) throw refused(`it is not valid before ${validFrom}`);
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw refused(
      "its key cannot be read: it is encrypted, damaged, or of a kind that is not supported",
    );
  }
}

function refuseKind({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): void {
  const bits = details?.modulusLength ?? 0;
  if (type === "rsa" && bits >= RSA_BITS.least && bits <= RSA_BITS.most) return;
  if (type === "ec" && CURVES.has(details?.namedCurve ?? "")) return;
  throw refused("its key is none of RSA from 2048 to 8192 bits, P-256 or P-384");
}

function isPair({ publicKey }: X509Certificate, key: KeyObject): boolean {
  const spki = { type: "spki", format: "der" } as const;
  try {
    return Buffer.compare(publicKey.export(spki), createPublicKey(key).export(spki)) === 0;
  } catch {
    return false;
  }
}

function refused(why: string, cause?: unknown): CloudError {
  return new CloudError("no_credentials", `the client certificate is not usable: ${why}`, {
    hint: "Check client-certificate and client-key of the kubeconfig",
    ...(cause === undefined ? {} : { cause }),
  });
}
