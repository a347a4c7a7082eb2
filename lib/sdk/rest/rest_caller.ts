import PQueue from "p-queue";
import { CkError, PluginError } from "../../errors/mod.ts";
import type { Call } from "../../model/mod.ts";
import { CallLog } from "../call_log.ts";
import { explainDenied } from "../denied.ts";
import type { PluginContext } from "../plugin_context.ts";
import { Attempts } from "./attempts.ts";
import { CallFault } from "./call_fault.ts";
import type { Machine } from "./machine.ts";
import { ThumbprintError } from "./own_check_pool.ts";
import type { Pool } from "./pool.ts";
import type { Answer, Judge, Verdict } from "./verdict.ts";

/** Longest time that one request may take, where the machine says nothing else. */
const REQUEST_MS = 60_000;
/** Waits from here on are told to the user. */
const LONG_WAIT_MS = 30_000;
/** The account of calls is known when their figures are told. */
const NOWHERE = "";

/** What a caller is made of. */
export interface RestParts {
  readonly plugin: string;
  /** Calls of the plugin; no others can be made. */
  readonly calls: readonly Call[];
  readonly machine: Pick<Machine, "clock" | "requestMs">;
  readonly pool: Pool;
  readonly judge: Judge;
  /** How long one call may be throttled before it is given up, milliseconds. */
  readonly throttleMs: number;
  /** Requests in flight. */
  readonly concurrency: number;
  readonly context: Pick<PluginContext<unknown>, "signal" | "log" | "stats">;
}

/**
 * What a request is made of, asked for before each attempt.
 * @param renew the credentials of the last attempt have expired
 */
export type MakeInit = (renew: boolean) => RequestInit | Promise<RequestInit>;

/**
 * Calls of one account of a REST API: each is made until it is answered or given up. A throttle
 * delays a call, and those that are throttled with it, and drops none.
 */
export class RestCaller {
  readonly #parts: RestParts;
  readonly #permissions: ReadonlyMap<string, readonly string[]>;
  readonly #queue: PQueue;
  readonly #log: CallLog;
  /** Until when a budget is used up, milliseconds since the epoch. */
  readonly #closed = new Map<string, number>();

  constructor(parts: RestParts) {
    this.#parts = parts;
    this.#permissions = new Map(parts.calls.map(({ call, permissions }) => [call, permissions]));
    this.#queue = new PQueue({ concurrency: parts.concurrency });
    this.#log = new CallLog();
  }

  /**
   * Makes one declared call.
   * @param budget what is throttled together; by default the whole account
   * @throws CallFault when it failed for good
   * @throws PluginError when the call is not declared
   */
  async send(call: string, url: string, make: MakeInit, budget?: string): Promise<Answer> {
    const answer = await this.exchange(call, url, make, budget);
    const verdict = this.#parts.judge(answer, this.#parts.machine.clock.now());
    if (verdict !== undefined) throw this.fault(call, verdict);
    return answer;
  }

  /**
   * The same for a library that judges answers itself: returns a bad answer that no further attempt
   * would make better.
   * @throws CallFault when attempts were given up
   */
  async exchange(call: string, url: string, make: MakeInit, budget = ""): Promise<Answer> {
    const { context: { signal }, machine: { clock }, judge, throttleMs } = this.#parts;
    if (!this.#permissions.has(call)) throw new PluginError(`The call ${call} is not declared`);
    const attempts = new Attempts(clock, throttleMs);
    let renew = false;
    for (;;) {
      await this.#open(call, budget);
      const { answer, error } = await this.#attempt(call, url, make, renew);
      signal.throwIfAborted();
      const verdict = answer === undefined ? lost(error) : judge(answer, clock.now());
      if (verdict?.retry === undefined && answer !== undefined) return answer;
      const wait = verdict === undefined ? undefined : attempts.next(verdict);
      if (verdict === undefined || wait === undefined) {
        throw this.fault(call, verdict ?? lost(error), error);
      }
      renew = verdict.retry === "credentials";
      await this.#pause(call, verdict, wait, budget);
    }
  }

  /** The error of a call that failed for good. */
  fault(call: string, verdict: Verdict, cause?: unknown): CallFault {
    const { plugin } = this.#parts;
    const permissions = this.#permissions.get(call) ?? [];
    return new CallFault(call, verdict, permissions, { plugin }, { cause });
  }

  /** Tells what the calls cost since the last time, on the account that they were for. */
  tell(account: string): void {
    this.#parts.context.stats(this.#log.take().map((figures) => ({ ...figures, account })));
  }

  /** Waits while a budget is used up. */
  async #open(call: string, budget: string): Promise<void> {
    const { context: { signal }, machine: { clock } } = this.#parts;
    for (;;) {
      signal.throwIfAborted();
      const closedFor = (this.#closed.get(budget) ?? 0) - clock.now();
      if (closedFor <= 0) return;
      await clock.sleep(closedFor, signal);
      this.#log.waited(call, NOWHERE, NOWHERE, closedFor);
    }
  }

  async #attempt(
    call: string,
    url: string,
    make: MakeInit,
    renew: boolean,
  ): Promise<{ readonly answer?: Answer; readonly error?: unknown }> {
    const { context: { signal }, machine: { clock }, judge } = this.#parts;
    const init = await make(renew);
    return await this.#queue.add(async () => {
      const sent = clock.now();
      let isGood = false;
      try {
        const answer = await this.#request(url, init);
        isGood = judge(answer, clock.now()) === undefined;
        return { answer };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof CkError) throw error;
        if (error instanceof Deno.errors.NotCapable) {
          throw explainDenied(error, { plugin: this.#parts.plugin }) ?? error;
        }
        return { error };
      } finally {
        this.#log.answered(call, NOWHERE, NOWHERE, clock.now() - sent, !isGood);
      }
    }, { signal });
  }

  /** The body is read whole, so that one that stops in the middle is a fault of the request. */
  async #request(url: string, init: RequestInit): Promise<Answer> {
    const { context: { signal }, machine: { requestMs = REQUEST_MS }, pool } = this.#parts;
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new DOMException(`no answer within ${requestMs / 1_000} s`, "TimeoutError"));
    }, requestMs);
    try {
      const response = await pool.fetch(url, {
        ...init,
        signal: AbortSignal.any([signal, late.signal]),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text };
    } finally {
      clearTimeout(timer);
    }
  }

  async #pause(call: string, verdict: Verdict, wait: number, budget: string): Promise<void> {
    const { context, machine: { clock }, plugin } = this.#parts;
    const isThrottle = verdict.retry === "throttle";
    this.#log.retried(call, NOWHERE, NOWHERE, isThrottle);
    if (wait >= LONG_WAIT_MS) {
      const seconds = Math.ceil(wait / 1_000);
      context.log("warn", `${plugin}.waiting`, `${call} waits ${seconds} s: ${verdict.message}`);
    }
    if (isThrottle && verdict.afterMs !== undefined) {
      const until = clock.now() + wait;
      this.#closed.set(budget, Math.max(this.#closed.get(budget) ?? 0, until));
      return;
    }
    await clock.sleep(wait, context.signal);
    this.#log.waited(call, NOWHERE, NOWHERE, wait);
  }
}

/** The verdict on a request that got no answer. */
function lost(error: unknown): Verdict {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  // The certificate will be the same the next time.
  if (error instanceof ThumbprintError || /\binvalid peer certificate\b/.test(message)) {
    return { fault: "request", code: "CertificateError", message };
  }
  return { fault: "request", code: name, message, retry: "transient" };
}
