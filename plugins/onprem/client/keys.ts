import { Buffer } from "node:buffer";
import { createDecipheriv, createHash, createPrivateKey } from "node:crypto";
// @ts-types="./ssh2.d.ts"
import ssh2, { type ParsedKey } from "ssh2";

const ENCRYPTED =
  /^-----BEGIN ([A-Z]+) PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED\s+DEK-Info: ([\w-]+),([0-9A-Fa-f]+)\s+([A-Za-z0-9+/=\s]+)-----END/;

/** Bytes of the keys of ciphers for old encrypted files. */
const KEY_BYTES: Readonly<Record<string, number>> = {
  "AES-128-CBC": 16,
  "AES-192-CBC": 24,
  "AES-256-CBC": 32,
  "DES-EDE3-CBC": 24,
};

/**
 * Reads a private key: as OpenSSH writes them, or the older PEM forms.
 * @returns what is wrong with it; never holds what stands in the file
 */
export function parsePrivateKey(text: string, passphrase: string | undefined): ParsedKey | string {
  try {
    return usable(ssh2.utils.parseKey(toReadable(text.trim(), passphrase), passphrase));
  } catch (error) {
    return reasonOf(error);
  }
}

/** Forms that the package cannot read become one that it can. */
function toReadable(text: string, passphrase: string | undefined): string {
  const encrypted = ENCRYPTED.exec(text);
  if (encrypted !== null) return decrypt(encrypted, passphrase);
  if (!/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) return `${text}\n`;
  const key = createPrivateKey({
    key: text,
    ...(text.startsWith("-----BEGIN ENCRYPTED") ? { passphrase: passphrase ?? "" } : {}),
  });
  if (key.asymmetricKeyType === "rsa") return String(key.export({ type: "pkcs1", format: "pem" }));
  if (key.asymmetricKeyType === "ec") return toEcPem(key.export({ format: "jwk" }));
  throw new Unusable(`it is an ${key.asymmetricKeyType} key in PKCS#8 form`);
}

/** What surrounds private and public numbers in the older form of a key, by curve. */
const EC_FORMS: Readonly<Record<string, readonly [start: string, middle: string]>> = {
  "P-256": ["30770201010420", "a00a06082a8648ce3d030107a14403420004"],
  "P-384": ["3081a40201010430", "a00706052b81040022a16403620004"],
};

/** The runtime's own export leaves out which curve it is. */
function toEcPem({ crv = "", d = "", x = "", y = "" }: JsonWebKey): string {
  const form = EC_FORMS[crv];
  if (form === undefined) throw new Unusable(`its curve ${crv} is not supported`);
  const [start, middle] = form;
  const number = (text: string) => Buffer.from(text, "base64url").toString("hex");
  const hex = [start, number(d), middle, number(x), number(y)].join("");
  return toPem("EC", Buffer.from(hex, "hex"));
}

function toPem(type: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  const name = `${type} PRIVATE KEY-----\n`;
  return `-----BEGIN ${name}${lines.join("\n")}\n-----END ${name}`;
}

/** The key of the cipher is made of passphrase and salt, as OpenSSL did it. */
function decrypt(
  [, type = "", cipher = "", vector = "", body = ""]: RegExpExecArray,
  passphrase: string | undefined,
): string {
  const length = KEY_BYTES[cipher.toUpperCase()];
  if (length === undefined) throw new Unusable(`its cipher ${cipher} is not supported`);
  if (passphrase === undefined) throw new Unusable(NO_PASSPHRASE);
  const iv = Buffer.from(vector, "hex");
  let key = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (key.length < length) {
    last = Buffer.from(
      createHash("md5").update(last).update(passphrase).update(iv.subarray(0, 8)).digest(),
    );
    key = Buffer.concat([key, last]);
  }
  const decipher = createDecipheriv(cipher.toLowerCase(), key.subarray(0, length), iv);
  const plain = Buffer.concat([decipher.update(Buffer.from(body, "base64")), decipher.final()]);
  return toPem(type, plain);
}

/** A key counts when it can sign: not every type and size does. */
function usable(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | string {
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined) return "it holds no key";
  if (key instanceof Error) return reasonOf(key);
  const hash = key.type === "ssh-rsa" ? "sha512" : undefined;
  const signed = key.sign(Buffer.from("try"), hash);
  return signed instanceof Error ? `it cannot sign as ${key.type}` : key;
}

class Unusable extends Error {}

const NO_PASSPHRASE = "it is encrypted; give its passphrase with --onprem-ssh-key-pass-file";

function reasonOf(error: unknown): string {
  if (error instanceof Unusable) return error.message;
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (/no passphrase|requires a passphrase/i.test(message)) return NO_PASSPHRASE;
  if (/integrity check|bad decrypt|decrypt/i.test(message)) return "its passphrase is another one";
  return "it is no private key in OpenSSH or PEM form that can be used";
}
