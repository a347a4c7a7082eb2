import { ConfigError, CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import { type Authority, readAuthority } from "./ca_bootstrap.ts";
import { isAuthorityFault } from "./faults.ts";
import { abortable, within } from "./time_limit.ts";
import { Transport } from "./transport.ts";

const FETCH_MS = 30_000;
/** An authority is renewed so long before its end, milliseconds. */
const RENEW_BEFORE_MS = 86_400_000;
/** A renewal that did not help is tried again after so long, milliseconds. */
const RENEW_AGAIN_MS = 3_600_000;

/** What is trusted, and how. */
export interface TrustOptions {
  /** PEM text of `--ca-cert`. */
  readonly caCertificates?: string;
  readonly verify: boolean;
  readonly psk?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly log: Logger;
}

/**
 * Which authorities are trusted. Public ones and those of `--ca-cert` always; without `--ca-cert`
 * also the core's own, which it is asked for when its certificate turns out to be unknown: proven by
 * the pre-shared key where there is one, else on first use only.
 */
export class Trust implements AsyncDisposable {
  readonly #options: TrustOptions;
  readonly #end = new AbortController();
  /** Kept to the end, since answers may still come over them. */
  readonly #retired: Transport[] = [];
  #transport: Transport;
  #authority: Authority | undefined;
  #renewing: Promise<void> | undefined;
  #renewAfter = 0;
  /** A certificate of the core was accepted once. */
  #proven = false;

  /** @throws ConfigError when the text of `--ca-cert` holds no certificate */
  constructor(options: TrustOptions) {
    this.#options = options;
    if (options.caCertificates !== undefined) checkPem(options.caCertificates);
    this.#transport = this.#create(options.verify, undefined);
  }

  /**
   * Makes a call over trusted connections; once more when the core's authority had to be learnt.
   * @param authorityUrl where the core shows its authority; undefined where there is no TLS
   * @throws what `call` throws, and the errors of {@link readAuthority}
   */
  async use<T>(
    authorityUrl: URL | undefined,
    signal: AbortSignal,
    call: (transport: Transport) => Promise<T>,
  ): Promise<T> {
    if (authorityUrl?.protocol !== "https:" || !this.#learns) return await call(this.#transport);
    await this.#renewInTime(authorityUrl, signal);
    const transport = this.#transport;
    try {
      return await this.#noted(call(transport));
    } catch (error) {
      if (!isAuthorityFault(error)) throw error;
      if (transport === this.#transport) await this.#learn(authorityUrl, signal, false);
      return await this.#noted(call(this.#transport));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort(new Error("the connection to the core is closed"));
    await this.#renewing?.catch(() => {});
    const all = [...this.#retired.splice(0), this.#transport];
    await Promise.all(all.map((transport) => transport[Symbol.asyncDispose]()));
  }

  get #learns(): boolean {
    return this.#options.verify && this.#options.caCertificates === undefined;
  }

  async #noted<T>(answer: Promise<T>): Promise<T> {
    const value = await answer;
    this.#proven = true;
    return value;
  }

  /** Before the known authority ends; that this fails is no reason not to go on with it. */
  async #renewInTime(url: URL, signal: AbortSignal): Promise<void> {
    const now = this.#options.now().getTime();
    if (this.#authority === undefined || now < this.#renewAfter) return;
    if (now < this.#authority.endsAt - RENEW_BEFORE_MS) return;
    this.#renewAfter = now + RENEW_AGAIN_MS;
    try {
      await this.#learn(url, signal, true);
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn("core.authority.kept", `the core's authority ends soon: ${reason}`);
    }
  }

  async #learn(url: URL, signal: AbortSignal, inTime: boolean): Promise<void> {
    this.#renewing ??= this.#fetchAuthority(url, inTime).finally(() => {
      this.#renewing = undefined;
    });
    await abortable(this.#renewing, signal);
  }

  async #fetchAuthority(url: URL, inTime: boolean): Promise<void> {
    const { psk, now } = this.#options;
    if (psk === undefined && this.#proven && !inTime) throw changed();
    // Without a key to prove it, a successor counts only when the known authority vouches for it.
    const checked = psk === undefined && inTime;
    await using open = this.#create(checked, checked ? this.#authority : undefined);
    const authority = await within({ ms: FETCH_MS }, this.#end.signal, async (signal) => {
      const response = await open.fetch(url, { signal }, new Headers());
      return await readAuthority(response, psk, now());
    });
    this.#accept(authority);
  }

  #accept(authority: Authority): void {
    const { psk, log } = this.#options;
    if (authority.fingerprint === this.#authority?.fingerprint) return;
    const { fingerprint } = authority;
    if (psk !== undefined) {
      log.info("core.authority.proven", "trusting the core's own authority", { fingerprint });
    } else {
      log.warn(
        "core.authority.first_use",
        "trusting the core's own authority without proof, for there is no --psk; " +
          "compare the fingerprint, or give --ca-cert",
        { fingerprint },
      );
    }
    this.#authority = authority;
    this.#retired.push(this.#transport);
    this.#transport = this.#create(true, authority);
  }

  #create(verify: boolean, authority: Authority | undefined): Transport {
    const { caCertificates, env } = this.#options;
    const authorities = [caCertificates, authority?.pem].filter((pem) => pem !== undefined);
    return new Transport({ authorities, verify, env });
  }
}

function checkPem(pem: string): void {
  const hint = "give a PEM file with one or more certificates";
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new ConfigError("--ca-cert holds no certificate", { hint });
  }
  try {
    Deno.createHttpClient({ caCerts: [pem] }).close();
  } catch (cause) {
    throw new ConfigError("--ca-cert holds a certificate that cannot be read", { hint, cause });
  }
}

function changed(): CoreUnreachableError {
  return new CoreUnreachableError("the core's certificate is not the one that was trusted before", {
    hint: "if the core was set up anew, start this program again; else somebody is on the way. " +
      "With --psk or --ca-cert the new certificate can be checked",
  });
}
