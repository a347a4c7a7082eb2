import type { Authority } from "../client/api.ts";
import { type Credential, identityOf } from "./credential.ts";
import type { TokenParts, TokenSource } from "./token_parts.ts";
import { makeSource } from "./token_source.ts";

type Shown = Readonly<Record<string, string>>;

/** One identity at Google: its tokens, asked for when they are needed, one for all calls at once. */
export class TokenAuthority implements Authority {
  /** Who it is, for people and for telling lists of projects apart. */
  readonly identity: string;
  readonly credential: Credential;
  readonly #parts: TokenParts;
  readonly #account: string | undefined;
  #source: Promise<TokenSource> | undefined;
  #asking: Promise<Shown> | undefined;
  /** Whether the source has not given a token yet. */
  #isNew = true;

  /** @param account service account to act as */
  constructor(credential: Credential, account: string | undefined, parts: TokenParts) {
    this.credential = credential;
    this.identity = account === undefined
      ? identityOf(credential)
      : `${account} by ${identityOf(credential)}`;
    this.#account = account;
    this.#parts = parts;
  }

  async headers(renew: boolean): Promise<Shown> {
    // Another call may have seen it meanwhile.
    if (renew && !this.#isNew) this.#forget();
    const project = "quota_project_id" in this.credential
      ? this.credential.quota_project_id
      : undefined;
    return {
      ...await this.#current(),
      ...(project === undefined ? {} : { "x-goog-user-project": project }),
    };
  }

  async #current(): Promise<Shown> {
    const asking = this.#asking ??= this.#ask();
    try {
      return await asking;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  async #ask(): Promise<Shown> {
    const source = this.#source ??= makeSource(this.credential, this.#account, this.#parts);
    try {
      const shown = await (await source).headers();
      if (this.#source === source) this.#isNew = false;
      return shown;
    } catch (error) {
      if (this.#source === source) this.#forget();
      throw error;
    }
  }

  /** A new source knows none of the tokens of the last one. */
  #forget(): void {
    this.#source = undefined;
    this.#asking = undefined;
    this.#isNew = true;
  }
}
