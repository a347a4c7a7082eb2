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

/** An account with the credentials to call it, renewed when they are about to expire. */
export class Session {
  /** Account id; empty while it is not known yet. */
  readonly account: string;
  /** Role that is assumed in it; undefined with credentials of its own. */
  readonly role: string | undefined;
  readonly #provide: Provider;
  readonly #now: () => number;
  #current: Promise<Credentials> | undefined;
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
    return new Session(account, this.role, this.#provide, this.#now);
  }

  /** Grows when the credentials are replaced because a service refused them. */
  get generation(): number {
    return this.#generation;
  }

  /** Credentials that are good for some minutes; obtained once for all who ask. */
  async credentials(): Promise<Credentials> {
    const current = this.#current ??= this.#obtain();
    const credentials = await current;
    const expires = credentials.expiration?.getTime() ?? Infinity;
    if (expires - this.#now() > EARLY_MS) return credentials;
    // Somebody else may have renewed them meanwhile.
    if (this.#current === current) this.#current = this.#obtain();
    return await this.#current;
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
