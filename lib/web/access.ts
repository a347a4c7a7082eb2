import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "../config/mod.ts";

/**
 * Who may read. The token comes as `Authorization: Bearer TOKEN`, or as the cookie that a browser
 * gets for it. The cookie is derived from the token, so that it does not hold it, stays valid over
 * a restart and ends when the token changes.
 */
export class Access {
  readonly #token: string;
  readonly #ticket: string;
  /** Workers on other ports of a host share its cookies: each token has a cookie of its own name. */
  readonly #cookie: string;

  constructor(token: Secret) {
    this.#token = token.reveal();
    this.#ticket = createHmac("sha256", this.#token).update("cookie of the web pages")
      .digest("base64url");
    const name = createHmac("sha256", this.#token).update("name of the cookie").digest("hex");
    this.#cookie = `ckworker_${name.slice(0, 8)}`;
  }

  /** Whether a request carries the token or its cookie. */
  admits(headers: Headers): boolean {
    const bearer = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (bearer !== undefined) return this.knows(bearer);
    const ticket = cookies(headers).get(this.#cookie);
    return ticket !== undefined && equal(ticket, this.#ticket);
  }

  /** Whether this is the token. */
  knows(token: string): boolean {
    return equal(token, this.#token);
  }

  /** Value of the header that gives a browser its cookie; it ends with the browser's session. */
  setCookie(secure: boolean): string {
    return `${this.#cookie}=${this.#ticket}; Path=/; HttpOnly; SameSite=Strict${
      secure ? "; Secure" : ""
    }`;
  }
}

/** Compares digests, so that neither the length nor a common beginning shows in the time. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function cookies(headers: Headers): ReadonlyMap<string, string> {
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim().split("="));
  return new Map(pairs.map(([name = "", value = ""]) => [name, value]));
}
