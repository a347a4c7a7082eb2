import { createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { Buffer } from "node:buffer";
import type { CoreDialect } from "./dialect.ts";
import { isObject, type JsonObject, parseJson } from "./json.ts";
import { Refusal, unauthorized } from "./refusal.ts";

const OPEN_PATHS: Readonly<Record<CoreDialect, RegExp>> = {
  ckcore: /^(\/metrics|\/api-doc.*|\/system\/.*|\/ui.*|\/ca\/cert)$/i,
  fixcore:
    /^(\/|\/metrics|\/api-doc.*|\/system\/.*|\/ui.*|\/ca\/cert|\/authenticate|\/\.well-known\/.*)$/i,
};
const ROUNDS = 100_000;
/** Seconds that a token of a worker is good for, with some for slow machines. */
const LIFE = 300 + 30;

/** What came out of looking at a request's token. */
export interface AuthCheck {
  readonly refusal?: Refusal;
  /** What a worker must not send, though the core takes it. */
  readonly violation?: string;
}

/** May this request pass? Without a key every request may. */
export function checkAuth(
  dialect: CoreDialect,
  psk: string | undefined,
  request: Request,
  path: string,
  now: number,
): AuthCheck {
  if (dialect === "fixcore" && isForeign(request)) {
    return { refusal: new Refusal(403, undefined, "403: Forbidden") };
  }
  if (psk === undefined) return {};
  const header = request.headers.get("authorization");
  if (OPEN_PATHS[dialect].test(path)) {
    return dialect === "fixcore" && header !== null ? checkNeedlessToken(header, psk, now) : {};
  }
  if (header === null) return { refusal: unauthorized() };
  const token = readToken(header);
  if (token === undefined || !isSigned(token, psk)) return { refusal: unauthorized() };
  return checkExpiry(token.claims, now);
}

/** A token as a core makes it for its certificate: HS256 with a key derived from the psk. */
export function signToken(psk: string, claims: JsonObject): string {
  const salt = randomBytes(16);
  const head = encode({ alg: "HS256", salt: salt.toString("base64"), typ: "JWT" });
  const text = `${head}.${encode(claims)}`;
  return `${text}.${mac(psk, salt, text).toString("base64url")}`;
}

interface Token {
  readonly head: JsonObject;
  readonly claims: JsonObject;
  readonly signed: string;
  readonly signature: Buffer;
}

/** A worker has no reason to send a token here, and this generation looks at it all the same. */
function checkNeedlessToken(header: string, psk: string, now: number): AuthCheck {
  const token = readToken(header);
  if (token === undefined) {
    return { refusal: new Refusal(500, undefined, "500 Internal Server Error") };
  }
  return isSigned(token, psk) ? checkExpiry(token.claims, now) : { refusal: unauthorized() };
}

function readToken(header: string): Token | undefined {
  const [, signed, signature] = /^Bearer ([\w-]+\.[\w-]+)\.([\w-]+)$/.exec(header) ?? [];
  if (signed === undefined || signature === undefined) return undefined;
  const [head, claims] = signed.split(".").map((part) =>
    parseJson(Buffer.from(part, "base64url").toString("utf8"))
  );
  if (!isObject(head) || !isObject(claims)) return undefined;
  return { head, claims, signed, signature: Buffer.from(signature, "base64url") };
}

function isSigned({ head, signed, signature }: Token, psk: string): boolean {
  if (head["alg"] !== "HS256" || typeof head["salt"] !== "string") return false;
  const salt = Buffer.from(head["salt"], "base64");
  if (salt.toString("base64") !== head["salt"]) return false;
  const right = mac(psk, salt, signed);
  return right.length === signature.length && timingSafeEqual(right, signature);
}

function checkExpiry(claims: JsonObject, now: number): AuthCheck {
  const exp = claims["exp"];
  if (exp === undefined) return { violation: "a token never expires" };
  if (typeof exp !== "number" || exp * 1000 <= now) return { refusal: unauthorized() };
  return exp * 1000 > now + LIFE * 1000 ? { violation: "a token is good for too long" } : {};
}

function isForeign(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin !== null && new URL(origin).host !== request.headers.get("host");
}

function mac(psk: string, salt: Uint8Array, text: string): Buffer {
  return createHmac("sha256", derive(psk, salt)).update(text).digest();
}

function derive(psk: string, salt: Uint8Array): Buffer {
  return pbkdf2Sync(psk, salt, ROUNDS, 32, "sha256");
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
