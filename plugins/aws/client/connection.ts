import { CkError, explainDenied, PluginError } from "ckworker";
import type { ServiceName } from "../services.ts";
import type { Budgets } from "./budgets.ts";
import { CallFault } from "./call_fault.ts";
import type { CallLog } from "ckworker";
import { classify, type Verdict } from "./classify.ts";
import type { Client, ClientConfig, LoadedService } from "./clients.ts";
import type { Clock } from "ckworker";
import type { Session } from "./session.ts";
import type { Slots } from "./slots.ts";

/** A call is given up when its service kept throttling it for so long. */
const THROTTLE_DEADLINE_MS = 10 * 60_000;
const TRANSIENT_ATTEMPTS = 6;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 20_000;
/** Longest time that one request may take, where the machine says nothing else. */
const REQUEST_MS = 120_000;

/** What all connections of a guest share. */
export interface Network {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly budgets: Budgets;
  readonly slots: Slots;
  readonly log: CallLog;
  /** Longest time that one request may take, milliseconds; 2 minutes. */
  readonly requestMs?: number;
  load(service: ServiceName): Promise<LoadedService>;
  /** Handler, endpoint and the like, for clients of a service. */
  config(service: ServiceName): ClientConfig;
  /** IAM actions that a declared call needs; undefined when the call is not declared. */
  permissions(call: string): readonly string[] | undefined;
  /** Whether names resolve at all right now; tells a missing endpoint from a dead resolver. */
  resolves(region: string): Promise<boolean>;
}

/** One region of one account: makes calls, each until it is answered or given up. */
export class Connection {
  readonly session: Session;
  readonly region: string;
  readonly #network: Network;
  readonly #clients: Map<ServiceName, Promise<Opened>>;

  constructor(network: Network, session: Session, region: string, share?: Connection) {
    this.#network = network;
    this.session = session;
    this.region = region;
    this.#clients = share === undefined ? new Map() : share.#clients;
  }

  /** The same clients, for calls that end with a signal; this one is to be disposed of, not that. */
  within(signal: AbortSignal): Connection {
    const network = { ...this.#network, signal: AbortSignal.any([this.#network.signal, signal]) };
    return new Connection(network, this.session, this.region, this);
  }

  /**
   * Makes one declared call.
   * @throws CallFault when it failed for good
   * @throws PluginError when the call is not declared
   */
  async send(service: ServiceName, operation: string, input: object): Promise<unknown> {
    const call = `${service}:${operation}`;
    const permissions = this.#network.permissions(call);
    if (permissions === undefined) {
      throw new PluginError(`the call ${call} is not declared`, {
        hint: "Declare it in a resource and generate calls.json again.",
      });
    }
    const attempts = new Attempts(this.#network.clock);
    for (;;) {
      const generation = this.session.generation;
      try {
        return await this.#attempt(service, operation, input, call);
      } catch (error) {
        this.#network.signal.throwIfAborted();
        // Credentials that cannot be obtained are the fault of another call, or of a program.
        if (error instanceof CkError) throw error;
        // Not by its text, since a service may say something alike.
        if (error instanceof Deno.errors.NotCapable) {
          throw explainDenied(error, { plugin: "aws" }) ?? error;
        }
        const verdict = await this.#judge(error, attempts);
        if (!attempts.again(verdict)) {
          const context = { account: this.session.account, region: this.region };
          throw new CallFault(call, verdict, permissions, context, error);
        }
        if (attempts.wantFresh) this.session.refresh(generation);
        await this.#pause(call, service, verdict, retryAfterMs(error), attempts.wait());
      }
    }
  }

  /** Ends its clients; calls in flight are not waited for. */
  [Symbol.dispose](): void {
    for (const opened of this.#clients.values()) {
      // A client that could not be opened has nothing to end.
      opened.then(({ client }) => client.destroy(), () => {});
    }
    this.#clients.clear();
  }

  async #attempt(
    service: ServiceName,
    operation: string,
    input: object,
    call: string,
  ): Promise<unknown> {
    const { clock, signal, budgets, slots, log, requestMs = REQUEST_MS } = this.#network;
    signal.throwIfAborted();
    const { client, loaded } = await this.#client(service);
    const budget = budgets.of(this.session.account, this.region, service);
    const asked = clock.now();
    await budget.take(signal);
    log.waited(call, this.session.account, this.region, clock.now() - asked);
    return await slots.run(signal, async () => {
      const sent = clock.now();
      let error = true;
      try {
        const answer = await withDeadline(
          requestMs,
          signal,
          (abortSignal) => client.send(loaded.command(operation, input), { abortSignal }),
        );
        error = false;
        budget.answered();
        return answer;
      } finally {
        log.answered(call, this.session.account, this.region, clock.now() - sent, error);
      }
    });
  }

  async #client(service: ServiceName): Promise<Opened> {
    const known = this.#clients.get(service);
    if (known !== undefined) {
      const opened = await known;
      if (opened.generation === this.session.generation) return opened;
      if (this.#clients.get(service) === known) this.#clients.delete(service);
    }
    let opened = this.#clients.get(service);
    if (opened === undefined) {
      opened = this.#open(service);
      this.#clients.set(service, opened);
    }
    return await opened;
  }

  async #open(service: ServiceName): Promise<Opened> {
    const generation = this.session.generation;
    const loaded = await this.#network.load(service);
    const client = loaded.client({
      ...this.#network.config(service),
      region: this.region,
      credentials: () => this.session.credentials(),
      maxAttempts: 1,
    });
    return { client, loaded, generation };
  }

  /**
   * A name that does not resolve means a missing endpoint only if others did resolve both before and
   * after it was tried: a network that is away for a moment, or for good, says nothing about names.
   */
  async #judge(error: unknown, attempts: Attempts): Promise<Verdict> {
    const verdict = classify(error, this.region);
    if (verdict.unresolved !== true) return verdict;
    const before = attempts.resolved;
    attempts.resolved = await this.#network.resolves(this.region);
    if (!before || !attempts.resolved) return verdict;
    const { retry: _retry, ...rest } = verdict;
    return { ...rest, fault: "unsupported", code: "EndpointNotFound" };
  }

  async #pause(
    call: string,
    service: ServiceName,
    verdict: Verdict,
    askedMs: number,
    waitMs: number,
  ): Promise<void> {
    const { clock, signal, budgets, log } = this.#network;
    const throttle = verdict.retry === "throttle";
    log.retried(call, this.session.account, this.region, throttle);
    if (throttle) budgets.of(this.session.account, this.region, service).throttled(askedMs);
    const wait = Math.max(waitMs, askedMs);
    if (wait === 0) return;
    await clock.sleep(wait, signal);
    log.waited(call, this.session.account, this.region, wait);
  }
}

interface Opened {
  readonly client: Client;
  readonly loaded: LoadedService;
  /** Of the credentials that it signs with. */
  readonly generation: number;
}

/** Counts the attempts of one call and says whether there is another one. */
class Attempts {
  /** Whether names resolved when the last attempt had failed. */
  resolved = false;
  readonly #clock: Clock;
  #transient = 0;
  #expired = 0;
  #credentials = 0;
  #failed = 0;
  #wantFresh = false;
  #firstThrottle: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The last attempt failed for its credentials. */
  get wantFresh(): boolean {
    return this.#wantFresh;
  }

  again({ retry }: Verdict): boolean {
    this.#failed++;
    this.#wantFresh = retry === "credentials" || (retry === "expired" && ++this.#expired > 1);
    if (this.#wantFresh) return ++this.#credentials <= 1;
    switch (retry) {
      case "throttle":
        this.#firstThrottle ??= this.#clock.now();
        return this.#clock.now() - this.#firstThrottle < THROTTLE_DEADLINE_MS;
      case "transient":
        return ++this.#transient < TRANSIENT_ATTEMPTS;
      case "expired":
        return true;
      default:
        return false;
    }
  }

  /** Milliseconds: exponential, with the whole of it left to chance; none for fresh credentials. */
  wait(): number {
    if (this.#wantFresh) return 0;
    const longest = Math.min(FIRST_WAIT_MS * 2 ** (this.#failed - 1), LONGEST_WAIT_MS);
    return Math.ceil(longest * (0.1 + 0.9 * this.#clock.random()));
  }
}

function retryAfterMs(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  const response: unknown = Reflect.get(error, "$response");
  if (typeof response !== "object" || response === null) return 0;
  const headers: unknown = Reflect.get(response, "headers");
  if (typeof headers !== "object" || headers === null) return 0;
  const seconds = Number(Reflect.get(headers, "retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 120) * 1_000 : 0;
}

/** Ends a task after a time; the SDK's own error says no more than that it was aborted. */
async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let late = false;
  const onAbort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, ms);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await task(controller.signal);
  } catch (error) {
    throw late ? new DOMException(`no answer within ${ms / 1_000} s`, "TimeoutError") : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
