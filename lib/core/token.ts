import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";

const ROUNDS = 100_000;
const SALT_BYTES = 16;
/** How long a token is valid, milliseconds. */
const TOKEN_LIFE_MS = 300_000;
/** How long one salt and the key made with it are used; making a key takes 35 ms of a core. */
const KEY_LIFE_MS = 3_600_000;

/** What tokens are made of; both are parameters for tests with known answers. */
export interface TokenOptions {
  readonly now: () => Date;
  /** 16 bytes that nobody can guess. */
  readonly salt?: () => Uint8Array<ArrayBuffer>;
}

interface Key {
  readonly born: number;
  readonly salt: string;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * Makes the tokens that prove to a core that we know its pre-shared key: HS256 with a key derived
 * from it. The pre-shared key never leaves this object.
 */
export class TokenSource {
  readonly #psk: string;
  readonly #now: () => Date;
  readonly #salt: () => Uint8Array<ArrayBuffer>;
  #key: Key | undefined;

  constructor(psk: string, options: TokenOptions) {
    this.#psk = psk;
    this.#now = options.now;
    this.#salt = options.salt ?? (() => crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
  }

  /** A new token that is valid for five minutes, with the given claims besides. */
  async next(claims: JWTPayload = {}): Promise<string> {
    const now = this.#now().getTime();
    const key = this.#currentKey(now);
    return await new SignJWT(claims)
      .setProtectedHeader({ typ: "JWT", alg: "HS256", salt: key.salt })
      .setExpirationTime(Math.floor((now + TOKEN_LIFE_MS) / 1000))
      .sign(await key.bytes);
  }

  /** Makes the next token with another salt and key: the core refused the last one. */
  renew(): void {
    this.#key = undefined;
  }

  #currentKey(now: number): Key {
    const key = this.#key;
    if (key !== undefined && Math.abs(now - key.born) < KEY_LIFE_MS) return key;
    const salt = this.#salt();
    const made = { born: now, salt: salt.toBase64(), bytes: deriveKey(this.#psk, salt) };
    this.#key = made;
    return made;
  }
}

/** Why a token proves nothing. */
export type TokenFault = "malformed" | "signature" | "expired";

/** Claims of a token that is genuine, or what is wrong with it. */
export type Verified =
  | { readonly claims: Readonly<Record<string, unknown>> }
  | { readonly fault: TokenFault };

/** Checks that `token` was made with the pre-shared key and is not expired. */
export async function verifyToken(psk: string, token: string, now: Date): Promise<Verified> {
  const salt = saltOf(token);
  if (salt === undefined) return { fault: "malformed" };
  try {
    const { payload } = await jwtVerify(token, await deriveKey(psk, salt), {
      algorithms: ["HS256"],
      requiredClaims: ["exp"],
      currentDate: now,
    });
    return { claims: payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { fault: "expired" };
    if (error instanceof errors.JWSSignatureVerificationFailed) return { fault: "signature" };
    if (error instanceof errors.JOSEError) return { fault: "malformed" };
    throw error;
  }
}

function saltOf(token: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const { salt } = decodeProtectedHeader(token);
    return typeof salt === "string" ? Uint8Array.fromBase64(salt) : undefined;
  } catch {
    // Neither a JOSE header nor base64: the caller says so.
    return undefined;
  }
}

async function deriveKey(psk: string, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const secret = new TextEncoder().encode(psk);
  const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
}
