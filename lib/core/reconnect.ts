import { CkError, CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Clock } from "../sdk/mod.ts";
import { NOTICES, type Trouble, type TroubleKind, troubleOf } from "./trouble.ts";
import { within } from "./time_limit.ts";

/** Waits between attempts, milliseconds. */
export interface ReconnectLimits {
  /** Before the second attempt; doubled for each further one. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Between attempts with a token that the core refuses. */
  readonly slowMs: number;
  /** Longest attempt. */
  readonly attemptMs: number;
  /** A connection that stood so long was a good one. */
  readonly goodMs: number;
  /** A subscriber id that is taken for so long is used by somebody else. */
  readonly contestedMs: number;
}

export const RECONNECT_LIMITS: ReconnectLimits = {
  firstMs: 500,
  longestMs: 10_000,
  slowMs: 30_000,
  attemptMs: 60_000,
  goodMs: 5_000,
  contestedMs: 60_000,
};

export interface ReconnectOptions {
  /** What is connected, for people: `actions of worker-collect_cleanup`. */
  readonly subject: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: ReconnectLimits;
}

/** A connection that an attempt made. */
export interface Connected<T> {
  readonly value: T;
  readonly at: number;
  /** Attempts of one era fail together and count once. */
  readonly era: number;
}

/** State of a connection, for metrics and readiness. */
export interface LinkSnapshot {
  /** Something is open, or is being replaced by an attempt that has not failed. */
  readonly connected: boolean;
  /** When it became so, milliseconds since the epoch. */
  readonly since: number;
  /** The last failure, also of one that is over. */
  readonly lastError: string | undefined;
  /** Connections that were opened. */
  readonly connects: number;
  /** Connections that ended, by whoever's will. */
  readonly reconnects: number;
}

/**
 * When to connect again, for one socket or for many to the same core. The first attempt is made at
 * once; after a failure all sockets wait together and one of them tries, after jittered waits that
 * double up to a cap. A connection that stood for a while or was of use ends the counting. It never
 * gives up: a core comes back, a key gets corrected. Each change of state is said once.
 */
export class Reconnect {
  readonly #options: ReconnectOptions;
  readonly #limits: ReconnectLimits;
  #failures = 0;
  #era = 0;
  /** The last attempt failed: only one socket tries. */
  #away = false;
  #trouble: { kind: TroubleKind; since: number; tries: number; said: boolean } | undefined;
  #retryAfterMs = 0;
  #last: Promise<void> = Promise.resolve();
  #open = 0;
  #everOpen = false;
  #state: { connected: boolean; since: number };
  #lastError: string | undefined;
  #ended = 0;

  constructor(options: ReconnectOptions) {
    this.#options = options;
    this.#limits = options.limits ?? RECONNECT_LIMITS;
    this.#state = { connected: false, since: options.clock.now() };
  }

  /**
   * Tries until it succeeds.
   * @throws the signal's reason when it is aborted, and what is no expected error
   */
  async connect<T>(
    open: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<Connected<T>> {
    const { clock } = this.#options;
    for (;;) {
      using _turn = await this.#turn(signal);
      const era = this.#era;
      try {
        const limit = { ms: this.#limits.attemptMs, clock, fault: () => this.#late() };
        const value = await within(limit, signal, open);
        this.#opened();
        return { value, era, at: clock.now() };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CkError)) throw error;
        this.#failed(troubleOf(error), era);
      }
    }
  }

  /**
   * A connection ended. One that neither was of use nor stood for a while counts as a failure,
   * unless we ended it ourselves.
   */
  lost(
    connected: Connected<unknown>,
    how: { useful: boolean; ours: boolean; reason: string },
  ): void {
    const { clock, log, subject } = this.#options;
    this.#open--;
    this.#ended++;
    log.debug("core.link.ended", `A connection ended: ${how.reason}`, { link: subject });
    const isGood = how.useful || clock.now() - connected.at >= this.#limits.goodMs;
    if (isGood) this.proved();
    else if (!how.ours) {
      this.#failed({ kind: "short", reason: how.reason, retryAfterMs: undefined }, connected.era);
    }
    this.#note();
  }

  /** A connection was of use. */
  proved(): void {
    this.#failures = 0;
    if (this.#trouble?.kind === "short") this.#recovered();
  }

  snapshot(): LinkSnapshot {
    return {
      ...this.#state,
      lastError: this.#lastError,
      connects: this.#ended + this.#open,
      reconnects: this.#ended,
    };
  }

  /** Waits until an attempt may be made; while the core is away the holder is alone. */
  async #turn(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (!this.#away) return { [Symbol.dispose]: () => {} };
    const mine = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = mine.promise;
    try {
      await before;
      signal.throwIfAborted();
      if (this.#away) await this.#options.clock.sleep(this.#waitMs(), signal);
    } catch (error) {
      mine.resolve();
      throw error;
    }
    // Whoever finds the core back lets the others go at once.
    if (!this.#away) mine.resolve();
    return { [Symbol.dispose]: mine.resolve };
  }

  #late(): CoreUnreachableError {
    const seconds = Math.round(this.#limits.attemptMs / 1_000);
    return new CoreUnreachableError(`The core did not answer in time (${seconds} s)`);
  }

  #waitMs(): number {
    const { firstMs, longestMs, slowMs } = this.#limits;
    const isRefused = this.#trouble?.kind === "unauthorized";
    if (isRefused && this.#trouble?.tries === 1) return 0;
    const doubled = firstMs * 2 ** Math.min(this.#failures - 1, 30);
    const longest = isRefused ? slowMs : Math.min(doubled, longestMs);
    const jittered = longest * (0.5 + this.#options.clock.random() / 2);
    return Math.max(jittered, this.#retryAfterMs);
  }

  #opened(): void {
    this.#open++;
    this.#away = false;
    this.#retryAfterMs = 0;
    if (!this.#everOpen || this.#trouble !== undefined) {
      if (this.#trouble?.kind !== "short") this.#recovered();
    }
    this.#everOpen = true;
    this.#note();
  }

  #recovered(): void {
    const { log, subject } = this.#options;
    const wasSaid = this.#trouble?.said ?? false;
    this.#trouble = undefined;
    if (wasSaid || !this.#everOpen) {
      log.info("core.link.connected", `Connected to the core: ${subject}`, { link: subject });
    }
  }

  #failed(trouble: Trouble, era: number): void {
    this.#lastError = trouble.reason;
    if (era !== this.#era) return;
    this.#era++;
    this.#failures++;
    this.#away = true;
    this.#retryAfterMs = trouble.retryAfterMs ?? 0;
    this.#say(trouble);
    this.#note();
  }

  #say(trouble: Trouble): void {
    const { clock, log, subject } = this.#options;
    const kind = this.#kindOf(trouble);
    if (this.#trouble?.kind !== kind) {
      this.#trouble = { kind, since: clock.now(), tries: 0, said: false };
    }
    const notice = NOTICES[kind];
    this.#trouble.tries++;
    if (this.#trouble.said || this.#trouble.tries < notice.tries) return;
    this.#trouble.said = true;
    const fields = { link: subject, reason: trouble.reason };
    log.log(notice.level, `core.link.${kind}`, `${notice.text}: ${subject}`, fields);
  }

  /** An id that stays taken is no leftover of ours. */
  #kindOf({ kind }: Trouble): TroubleKind {
    const before = this.#trouble;
    if (kind !== "taken" || before === undefined) return kind;
    if (before.kind === "contested") return "contested";
    const isLong = this.#options.clock.now() - before.since >= this.#limits.contestedMs;
    return before.kind === "taken" && isLong ? "contested" : kind;
  }

  #note(): void {
    const connected = this.#open > 0 || (this.#everOpen && !this.#away);
    if (connected === this.#state.connected) return;
    this.#state = { connected, since: this.#options.clock.now() };
  }
}
