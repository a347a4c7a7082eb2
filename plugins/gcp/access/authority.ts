import type { Authority } from "../client/api.ts";
import { type Credential, identityOf, impersonationUrl } from "./credential.ts";
import { askToken, impersonate, type Token, type TokenParts } from "./token_source.ts";

/** A token is asked for so long before the last one expires, milliseconds. */
const EARLY_MS = 5 * 60_000;

/** One identity at Google: its tokens, asked for when they are needed, one for all calls at once. */
export class TokenAuthority implements Authority {
  /** Who it is, for people and for telling lists of projects apart. */
  readonly identity: string;
  readonly credential: Credential;
  readonly #parts: TokenParts;
  readonly #account: string | undefined;
  #token: Promise<Token> | undefined;

  /** @param account service account to act as */
  constructor(credential: Credential, account: string | undefined, parts: TokenParts) {
    this.credential = credential;
    this.identity = account === undefined
      ? identityOf(credential)
      : `${account} by ${identityOf(credential)}`;
    this.#account = account;
    this.#parts = parts;
  }

  async headers(renew: boolean): Promise<Readonly<Record<string, string>>> {
    const { value } = await this.#current(renew);
    const project = "quota_project_id" in this.credential
      ? this.credential.quota_project_id
      : undefined;
    return {
      authorization: `Bearer ${value}`,
      ...(project === undefined ? {} : { "x-goog-user-project": project }),
    };
  }

  async #current(renew: boolean): Promise<Token> {
    const known = this.#token;
    if (known !== undefined && !renew) {
      const token = await known;
      if (token.expires - this.#parts.now() > EARLY_MS) return token;
    }
    // Another call may have asked meanwhile.
    if (this.#token === known) this.#token = this.#ask();
    return await (this.#token ?? this.#ask());
  }

  async #ask(): Promise<Token> {
    try {
      const token = await askToken(this.credential, this.#parts);
      if (this.#account === undefined) return token;
      return await impersonate(impersonationUrl(this.#account), [], token, this.#parts);
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }
}
