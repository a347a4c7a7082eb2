import type { Cluster } from "../access/cluster.ts";
import { CallFault, type CallPlace } from "./call_fault.ts";
import type { CallLog } from "ckworker";
import { checkAuthority } from "./certificate.ts";
import { classifyAnswer, classifyThrown, type Verdict } from "./classify.ts";
import { type Credentials, CredentialSource, readSource } from "./credentials.ts";
import { Gate } from "./gate.ts";
import type { Line, Machine } from "./machine.ts";

/** One call of the API. */
export interface Request extends Omit<CallPlace, "account"> {
  /** Path, with its parts escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly method?: "GET" | "PATCH" | "DELETE";
  readonly body?: { readonly type: string; readonly value: unknown };
}

/** What a connection is made with. */
export interface ConnectionParts {
  readonly machine: Machine;
  readonly log: CallLog;
  /** Authorities to trust everywhere, PEM. */
  readonly authorities: readonly string[];
  helper(path: string, args: readonly string[]): Promise<string>;
}

/** Calls in flight of one cluster: below what a server gives one user by default. */
const IN_FLIGHT = 8;
/** Tries of a call that fails for the moment, and of one that comes too fast. */
const TRIES = { transient: 5, throttle: 20, credentials: 3 } as const;
const BACKOFF = { first: 500, most: 30_000 } as const;

/** What an answer says, or why there is none. */
type Read = { readonly json: unknown } | { readonly verdict: Verdict; readonly cause?: unknown };
/** The same with the credentials that were shown. */
type Answer = Read & { readonly used: Credentials };

/** Calls to one cluster: credentials, retries, limits. */
export class Connection implements Disposable {
  readonly #cluster: Cluster;
  readonly #parts: ConnectionParts;
  readonly #source: CredentialSource;
  readonly #gate: Gate;
  #line: { readonly key: string; readonly line: Line } | undefined;
  /** Lines of older certificates, on which calls may still be made. */
  readonly #old: Line[] = [];
  #authority: Promise<readonly string[]> | undefined;

  constructor(cluster: Cluster, parts: ConnectionParts) {
    this.#cluster = cluster;
    this.#parts = parts;
    const { clock, readFile } = parts.machine;
    const helper = (path: string, args: readonly string[]) => parts.helper(path, args);
    this.#source = new CredentialSource(cluster, { clock, readFile, helper });
    this.#gate = new Gate(clock, IN_FLIGHT);
  }

  /** Id of the cluster. */
  get account(): string {
    return this.#cluster.id;
  }

  /**
   * Makes a call, again and again where that may help.
   * @returns the JSON of the answer
   * @throws CallFault when it failed for good; CloudError without usable credentials
   */
  async send(request: Request, signal: AbortSignal): Promise<unknown> {
    const tries = { transient: 0, throttle: 0, credentials: 0 };
    for (;;) {
      const answer = await this.#gate.run(signal, () => this.#once(request, signal));
      if ("json" in answer) return answer.json;
      const { verdict, cause, used } = answer;
      const { retry } = verdict;
      if (retry === undefined || ++tries[retry] >= TRIES[retry]) {
        throw new CallFault(verdict.fault, { ...request, account: this.account }, verdict, cause);
      }
      this.#log(request, (log, place) => log.retried(...place, retry === "throttle"));
      if (retry === "credentials") await this.#source.refused(used);
      else await this.#prepareRetry(verdict, retry, tries[retry], signal);
    }
  }

  [Symbol.dispose](): void {
    for (const line of this.#old.splice(0)) line[Symbol.dispose]();
    this.#line?.line[Symbol.dispose]();
    this.#line = undefined;
  }

  async #prepareRetry(
    { retryAfterMs = 0 }: Verdict,
    retry: "throttle" | "transient",
    count: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#parts.machine;
    const backoff = Math.min(BACKOFF.most, BACKOFF.first * 2 ** (count - 1)) *
      (0.5 + clock.random());
    const wait = Math.max(backoff, retryAfterMs);
    if (retry === "throttle") this.#gate.throttled(wait);
    else await clock.sleep(wait, signal);
  }

  async #once(request: Request, signal: AbortSignal): Promise<Answer> {
    const used = await this.#source.current();
    const line = await this.#lineFor(used);
    const { clock, requestMs } = this.#parts.machine;
    const started = clock.now();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new Error("no answer in time")), requestMs);
    const answered = (isFailed: boolean) =>
      this.#log(
        request,
        (log, place) => log.answered(...place, clock.now() - started, isFailed),
      );
    try {
      const response = await line.fetch(this.#url(request), {
        ...init(request, used),
        signal: AbortSignal.any([signal, deadline.signal]),
      });
      const text = await response.text();
      answered(!response.ok);
      if (response.ok) this.#gate.answered();
      return { used, ...read(response, text) };
    } catch (cause) {
      signal.throwIfAborted();
      answered(true);
      return { used, verdict: classifyThrown(cause), cause };
    } finally {
      clearTimeout(timer);
    }
  }

  #url({ path, query = {} }: Request): string {
    const search = new URLSearchParams(query).toString();
    return `${this.#cluster.server}${path}${search === "" ? "" : `?${search}`}`;
  }

  async #lineFor({ pair }: Credentials): Promise<Line> {
    const authorities = await (this.#authority ??= this.#authorities());
    const key = pair?.certificate ?? "";
    if (this.#line !== undefined && this.#line.key === key) return this.#line.line;
    if (this.#line !== undefined) this.#old.push(this.#line.line);
    const { proxy } = this.#cluster;
    const line = this.#parts.machine.line({
      authorities,
      ...(pair === undefined ? {} : { pair }),
      ...(proxy === undefined ? {} : { proxy }),
    });
    this.#line = { key, line };
    return line;
  }

  async #authorities(): Promise<readonly string[]> {
    const { authority } = this.#cluster;
    if (authority === undefined) return this.#parts.authorities;
    const { authorities, machine } = this.#parts;
    const text = await readSource(authority, (path) => machine.readFile(path));
    return [...authorities, checkAuthority(text)];
  }

  #log(
    { call, namespace = "" }: Request,
    add: (log: CallLog, place: [call: string, account: string, region: string]) => void,
  ): void {
    add(this.#parts.log, [call, this.account, namespace]);
  }
}

function init(
  { method = "GET", accept = "application/json", body }: Request,
  { authorization }: Credentials,
): RequestInit {
  return {
    method,
    redirect: "manual",
    headers: {
      accept,
      "user-agent": "ckworker",
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": body.type }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body.value) }),
  };
}

/** An answer with an error, or one that is no JSON: a proxy's page, or half an answer. */
function read({ ok, status, headers }: Response, text: string): Read {
  if (!ok) return { verdict: classifyAnswer(status, headers, text) };
  try {
    return { json: JSON.parse(text) };
  } catch {
    const message = "the answer could not be understood";
    const facts = { fault: "request", status, reason: "UnreadableAnswer", message } as const;
    return { verdict: { ...facts, retry: "transient" } };
  }
}
