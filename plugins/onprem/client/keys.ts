import { Buffer } from "node:buffer";
import { createDecipheriv, createHash, createPrivateKey, type JsonWebKey } from "node:crypto";
// @ts-types="./ssh2.d.ts"
import { type ParsedKey, utils } from "ssh2";

const ENCRYPTED =
  /^-----BEGIN ([A-Z]+) PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED\s+DEK-Info: ([\w-]+),([0-9A-Fa-f]+)\s+([A-Za-z0-9+/=\s]+)-----END/;

/** Ciphers of old encrypted files: bytes of their keys. All have vectors and blocks of 16 bytes. */
const KEY_BYTES: Readonly<Record<string, number>> = {
  "AES-128-CBC": 16,
  "AES-192-CBC": 24,
  "AES-256-CBC": 32,
};
const BLOCK_BYTES = 16;

/**
 * Reads a private key: as OpenSSH writes them, or the older PEM forms.
 * @returns what is wrong with it; never holds what stands in the file
 */
export function parsePrivateKey(text: string, passphrase: string | undefined): ParsedKey | string {
  try {
    return usable(utils.parseKey(toReadable(text.trim(), passphrase), passphrase));
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
  throw new Unusable(`${key.asymmetricKeyType} in PKCS#8 form is not supported`);
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

/**
 * The package hands the private number on as it stands in OpenSSH's form, a byte longer or shorter
 * than its curve where it happens to begin with bits or zeros. The runtime takes no such number.
 */
function toFullLength(key: ParsedKey): ParsedKey | ParsedKey[] | Error {
  if (!key.type.startsWith("ecdsa-")) return key;
  const lines = key.getPrivatePEM().split("\n").filter((line) => !line.startsWith("-----"));
  const der = Buffer.from(lines.join(""), "base64");
  // Sequence, version 1, then the number: all three with their lengths before them.
  const at = der.indexOf(Buffer.from("02010104", "hex")) + 4;
  const number = der.subarray(at + 1, at + 1 + (der[at] ?? 0));
  const publicKey = key.getPublicSSH();
  const size = key.type.endsWith("384") ? 48 : 32;
  const text = (bytes: Buffer) => bytes.toString("base64url");
  return utils.parseKey(toEcPem({
    crv: `P-${size * 8}`,
    d: text(Buffer.concat([Buffer.alloc(size), number]).subarray(-size)),
    x: text(publicKey.subarray(-2 * size, -size)),
    y: text(publicKey.subarray(-size)),
  }));
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
  const encrypted = Buffer.from(body, "base64");
  // The runtime's answer to other lengths is the end of the whole process.
  if (iv.length !== BLOCK_BYTES || encrypted.length % BLOCK_BYTES !== 0) throw new Unusable(NO_KEY);
  let key = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (key.length < length) {
    last = Buffer.from(
      createHash("md5").update(last).update(passphrase).update(iv.subarray(0, 8)).digest(),
    );
    key = Buffer.concat([key, last]);
  }
  const decipher = createDecipheriv(cipher.toLowerCase(), key.subarray(0, length), iv);
  const plain = Buffer.concat([decipher.update(encrypted), decipher.final()]);
  return toPem(type, plain);
}

/** A key counts when it can sign: not every type and size does. */
function usable(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | string {
  const key = only(parsed);
  if (key.type.endsWith("-nistp521")) return `its type ${key.type} is not supported`;
  const full = only(toFullLength(key));
  const hash = full.type === "ssh-rsa" ? "sha512" : undefined;
  const signed = full.sign(Buffer.from("try"), hash);
  return signed instanceof Error ? `it cannot sign as ${full.type}` : full;
}

function only(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey {
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined) throw new Unusable("it holds no key");
  if (key instanceof Error) throw key;
  return key;
}

class Unusable extends Error {}

const NO_KEY = "it is no private key in OpenSSH or PEM form that can be used";
const NO_PASSPHRASE = "it is encrypted; give its passphrase with --onprem-ssh-key-pass-file";

function reasonOf(error: unknown): string {
  if (error instanceof Unusable) return error.message;
  const { message } = error instanceof Error ? error : new Error(String(error));
  if (/no passphrase|requires a passphrase/i.test(message)) return NO_PASSPHRASE;
  if (/integrity check|bad decrypt|decrypt/i.test(message)) return "its passphrase is another one";
  return NO_KEY;
}
