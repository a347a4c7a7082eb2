/** Keys with which requests are signed, in the SDK's form. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Obtains credentials; `refused` asks for others than the last ones. */
export type Provider = (refused: boolean) => Promise<Credentials>;

/** Credentials are renewed this long before they expire. */
const EARLY_MS = 5 * 60_000;
/** Time between two attempts to renew what is still good: a source may give the same once more. */
const AGAIN_MS = 60_000;

/** An account with the credentials to call it, renewed when they are about to expire. */
export class Session {
  /** Account id; empty while it is not known yet. */
  readonly account: string;
  /** Role that is assumed in it; undefined with credentials of its own. */
  readonly role: string | undefined;
  readonly #provide: Provider;
  readonly #now: () => number;
  #current: Promise<Credentials> | undefined;
  /** Until then what is still good is not renewed again. */
  #renewAt = 0;
  #generation = 0;
  #refused = false;

  constructor(
    account: string,
    role: string | undefined,
    provide: Provider,
    now: () => number,
  ) {
    this.account = account;
    this.role = role;
    this.#provide = provide;
    this.#now = now;
  }

  /** The same session, its account known now. */
  named(account: string): Session {
    const named = new Session(account, this.role, this.#provide, this.#now);
    named.#current = this.#current;
    return named;
  }

  /** Grows when the credentials are replaced because a service refused them. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Credentials that are good for some minutes, obtained once for all who ask; when they cannot be
   * renewed, those at hand for as long as they are good.
   */
  async credentials(): Promise<Credentials> {
    const current = this.#current ??= this.#obtain();
    const credentials = await current;
    const now = this.#now();
    const left = (credentials.expiration?.getTime() ?? Infinity) - now;
    if (left > EARLY_MS) return credentials;
    if (this.#current === current) {
      if (left > 0 && now < this.#renewAt) return credentials;
      this.#current = undefined;
      this.#renewAt = now + AGAIN_MS;
    }
    // Somebody else may be renewing them already.
    const renewed = this.#current ??= this.#obtain();
    try {
      return await renewed;
    } catch (error) {
      if (left <= 0) throw error;
      this.#current ??= current;
      return credentials;
    }
  }

  /** Replaces credentials that a service refused, unless that already happened. */
  refresh(generation: number): void {
    if (generation !== this.#generation) return;
    this.#generation++;
    this.#refused = true;
    this.#current = undefined;
  }

  #obtain(): Promise<Credentials> {
    const obtained = this.#provide(this.#refused);
    this.#refused = false;
    obtained.catch(() => {
      if (this.#current === obtained) this.#current = undefined;
    });
    return obtained;
  }
}
