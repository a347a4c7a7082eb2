import {
  type AwsCall,
  errorAnswer,
  identifyCall,
  type WireAnswer,
  type WireRequest,
} from "./aws_wire.ts";
import { errorOf, type FaultEffect } from "./fault_effects.ts";
import { encodeAnswer, RawHttpServer, type Served, writeAll } from "./raw_http.ts";

export type { FaultEffect } from "./fault_effects.ts";

/** Values that a rule asks for; a missing field matches all. */
export interface FaultMatch {
  readonly service?: string | readonly string[];
  readonly operation?: string | readonly string[];
  readonly region?: string | readonly string[];
  readonly account?: string | readonly string[];
}

/** One rule of a fault plan. Rules are tried in order; the first that fires decides. */
export interface FaultRule extends FaultMatch {
  /** Only the nth matching call, counted from 1 over the life of the proxy. */
  readonly nth?: number;
  /** Every k-th matching call. */
  readonly every?: number;
  /** Only the first n matching calls. */
  readonly first?: number;
  /** Only from the nth matching call on. */
  readonly from?: number;
  /** Only calls signed with the nth credentials that AssumeRole gave for their account under this plan. */
  readonly issue?: number;
  readonly effect: FaultEffect;
}

/** Calls seen, per account, region, service and operation. */
export interface CallCount {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly count: number;
  /** How many of them a rule turned into something else. */
  readonly faults: number;
}

/** Options of a fault proxy. */
export interface FaultProxyOptions {
  /** Base URL of the true server, `http://127.0.0.1:5000`. */
  readonly target: string;
  readonly rules?: readonly FaultRule[];
  /** Access key → account; keys out of AssumeRole answers are learned. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** Account of an unknown access key, `123456789012`. */
  readonly defaultAccount?: string;
}

/** Starts a proxy on a free loopback port that forwards AWS calls and breaks those that a rule names. */
export function startFaultProxy(options: FaultProxyOptions): FaultProxy {
  return new FaultProxy(options);
}

/** A running fault proxy; give `url` to the client as its endpoint. */
export class FaultProxy implements AsyncDisposable {
  readonly url: string;
  readonly #options: FaultProxyOptions;
  readonly #server: RawHttpServer;
  readonly #ended = new AbortController();
  readonly #accounts: Map<string, string>;
  /** Access key → how many AssumeRole had given for its account by then. */
  readonly #issues = new Map<string, number>();
  readonly #counts = new Map<string, CallCount>();
  #rules: readonly { readonly rule: FaultRule; readonly seen: { count: number } }[] = [];
  #replaced = new AbortController();
  #inFlight = 0;
  #maxInFlight = 0;

  constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#accounts = new Map(Object.entries(options.accounts ?? {}));
    this.setRules(options.rules ?? []);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `http://127.0.0.1:${listener.addr.port}`;
    this.#server = new RawHttpServer(
      listener,
      (request, connection) => this.#count(request, connection),
    );
  }

  /** The highest number of calls that were under way at once. */
  get maxInFlight(): number {
    return this.#maxInFlight;
  }

  /** Replaces the plan: the counts of rules start again, calls that are held go on. */
  setRules(rules: readonly FaultRule[]): void {
    this.#issues.clear();
    this.#replaced.abort();
    this.#replaced = new AbortController();
    this.#rules = rules.map((rule) => ({ rule, seen: { count: 0 } }));
  }

  /** Calls seen that match, sorted by account, region, service, operation. */
  calls(match: FaultMatch = {}): readonly CallCount[] {
    return [...this.#counts.values()].filter((count) => matches(match, count))
      .sort((a, b) => countKey(a) < countKey(b) ? -1 : 1);
  }

  /** Number of calls seen that match. */
  total(match: FaultMatch = {}): number {
    return this.calls(match).reduce((sum, { count }) => sum + count, 0);
  }

  /** Number of calls seen that match and that a rule broke. */
  faults(match: FaultMatch = {}): number {
    return this.calls(match).reduce((sum, { faults }) => sum + faults, 0);
  }

  /** Forgets counts, so that a second run is counted alone. */
  resetCounts(): void {
    this.#counts.clear();
    this.#maxInFlight = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    this.#replaced.abort();
    await this.#server[Symbol.asyncDispose]();
  }

  async #count(request: WireRequest, connection: Deno.Conn): Promise<Served> {
    this.#maxInFlight = Math.max(this.#maxInFlight, ++this.#inFlight);
    try {
      return await this.#handle(request, connection);
    } catch (error) {
      // What is under way at the end has nobody who waits for it.
      if (!this.#ended.signal.aborted) throw error;
      return "close";
    } finally {
      this.#inFlight--;
    }
  }

  async #handle(request: WireRequest, connection: Deno.Conn): Promise<Served> {
    const call = identifyCall(request);
    const account = this.#accounts.get(call.accessKey) ?? this.#options.defaultAccount ??
      "123456789012";
    const effects = this.#effectsFor({ ...call, account });
    this.#note(call, account, effects.some(({ type }) => !HARMLESS.has(type)));
    for (const effect of effects) {
      if (effect.type === "latency") await this.#wait(effect.ms, this.#ended.signal);
      else if (effect.type === "hold") await this.#wait(undefined, this.#replaced.signal);
      else return await this.#apply(effect, call, account, request, connection);
    }
    await writeAll(connection, encodeAnswer(await this.#forward(request, call)));
    return "keep";
  }

  /** The effects of a call: any waits, then at most one other. */
  #effectsFor(call: AwsCall & { readonly account: string }): readonly FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const { rule, seen } of this.#rules) {
      if (!matches(rule, call)) continue;
      if (rule.issue !== undefined && rule.issue !== this.#issues.get(call.accessKey)) continue;
      seen.count++;
      if (!isDue(rule, seen.count)) continue;
      effects.push(rule.effect);
      if (!WAITS.has(rule.effect.type)) break;
    }
    return effects;
  }

  async #apply(
    effect: Exclude<FaultEffect, { readonly type: "latency" | "hold" }>,
    call: AwsCall,
    account: string,
    request: WireRequest,
    connection: Deno.Conn,
  ): Promise<Served> {
    switch (effect.type) {
      case "reset":
        return "close";
      case "hang":
        await untilClosed(connection);
        return "close";
      case "truncate":
        await writeTruncated(connection, await this.#forward(request, call));
        return "close";
      case "answer":
        await writeAll(
          connection,
          encodeAnswer(fixedAnswer(call, effect.body, effect.status ?? 200)),
        );
        return "keep";
      default: {
        const error = effect.type === "error" ? effect.error : errorOf(call, account, effect);
        const answer = errorAnswer(call, error);
        const headers = effect.type === "throttle" && effect.retryAfter !== undefined
          ? { ...answer.headers, "retry-after": String(effect.retryAfter) }
          : answer.headers;
        await writeAll(connection, encodeAnswer({ ...answer, headers }));
        return "keep";
      }
    }
  }

  async #forward(request: WireRequest, call: AwsCall): Promise<WireAnswer> {
    const headers = new Headers(request.headers);
    for (const name of ["connection", "content-length", "host", "accept-encoding"]) {
      headers.delete(name);
    }
    const answer = await fetch(`${this.#options.target}${request.target}`, {
      method: request.method,
      headers,
      redirect: "manual",
      signal: this.#ended.signal,
      ...(request.body.length > 0 ? { body: request.body.slice() } : {}),
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    if (call.operation === "AssumeRole" && answer.ok) this.#learn(request, body);
    return { status: answer.status, headers: endToEnd(answer.headers), body };
  }

  #learn(request: WireRequest, body: Uint8Array): void {
    const form = new URLSearchParams(new TextDecoder().decode(request.body));
    const account = form.get("RoleArn")?.split(":")[4];
    const key = /<AccessKeyId>([^<]+)</.exec(new TextDecoder().decode(body))?.[1];
    if (account === undefined || key === undefined) return;
    const given = [...this.#issues.keys()].filter((each) => this.#accounts.get(each) === account);
    this.#accounts.set(key, account);
    this.#issues.set(key, given.length + 1);
  }

  #note(call: AwsCall, account: string, isFault: boolean): void {
    const { region, service, operation } = call;
    const key = countKey({ account, region, service, operation });
    const old = this.#counts.get(key) ??
      { account, region, service, operation, count: 0, faults: 0 };
    this.#counts.set(key, {
      ...old,
      count: old.count + 1,
      faults: old.faults + (isFault ? 1 : 0),
    });
  }

  /** Waits for a time, or without one for the signal. */
  #wait(ms: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }
}

const WAITS: ReadonlySet<string> = new Set(["latency", "hold"]);
const HARMLESS: ReadonlySet<string> = new Set([...WAITS, "answer"]);

function matches(
  match: FaultMatch,
  call: {
    readonly service: string;
    readonly operation: string;
    readonly region: string;
    readonly account: string;
  },
): boolean {
  return isOneOf(match.service, call.service) && isOneOf(match.operation, call.operation) &&
    isOneOf(match.region, call.region) && isOneOf(match.account, call.account);
}

function isOneOf(wanted: string | readonly string[] | undefined, value: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? wanted === value : wanted.includes(value);
}

function isDue(rule: FaultRule, count: number): boolean {
  if (rule.nth !== undefined && count !== rule.nth) return false;
  if (rule.from !== undefined && count < rule.from) return false;
  if (rule.every !== undefined && count % rule.every !== 0) return false;
  return rule.first === undefined || count <= rule.first;
}

function countKey(of: Omit<CallCount, "count" | "faults">): string {
  return [of.account, of.region, of.service, of.operation].join("/");
}

async function untilClosed(connection: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(1024);
  while (await connection.read(chunk) !== null);
}

async function writeTruncated(connection: Deno.Conn, answer: WireAnswer): Promise<void> {
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  await writeAll(connection, encodeAnswer({ ...answer, body: half }, answer.body.length));
}

function fixedAnswer(call: AwsCall, body: string, status: number): WireAnswer {
  const type = call.protocol.includes("json") ? "application/x-amz-json-1.1" : "text/xml";
  return { status, headers: { "content-type": type }, body: new TextEncoder().encode(body) };
}

function endToEnd(headers: Headers): Record<string, string> {
  const hop = new Set([
    "connection",
    "content-length",
    "transfer-encoding",
    "keep-alive",
    "content-encoding",
  ]);
  return Object.fromEntries([...headers].filter(([name]) => !hop.has(name)));
}
