/** Which request or message a fault is for; a missing field matches all. */
export interface FaultMatch {
  readonly method?: string;
  /** Whole path without its query, or a pattern for it. */
  readonly path?: string | RegExp;
  /** Only messages whose text holds this. */
  readonly text?: string;
  /** Only the nth that matches, counted from 1; every one without it. */
  readonly nth?: number;
}

/** What goes wrong with a request. Bytes are those of its body. */
export type RequestEffect =
  | {
    readonly type: "answer";
    readonly status: number;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }
  /** Waits, after so many bytes, until the test releases it. */
  | { readonly type: "hold"; readonly after?: number }
  /** Breaks the connection after so many bytes; at once without it. */
  | { readonly type: "cut"; readonly after?: number }
  /** Does what was asked for, and breaks the connection before or within the answer's body. */
  | { readonly type: "truncate"; readonly bytes: number }
  /** Takes everything and never answers. */
  | { readonly type: "silence" };

/** What goes wrong with a message from the worker. */
export type MessageEffect =
  /** The message is lost. */
  | { readonly type: "ignore" }
  /** The connection breaks before the message counts. */
  | { readonly type: "cut" }
  /** The message counts, then the connection breaks. */
  | { readonly type: "cut_after" }
  /** The socket is closed before the message counts. */
  | { readonly type: "close"; readonly code: number };

/** One fault of a plan. The first that fires decides. */
export type Fault =
  | { readonly on: "request"; readonly match: FaultMatch; readonly effect: RequestEffect }
  | { readonly on: "message"; readonly match: FaultMatch; readonly effect: MessageEffect };

/** Counts what matches and holds what is to be held. */
export class FaultPlan {
  #faults: readonly { readonly fault: Fault; readonly seen: { count: number } }[] = [];
  #gate = Promise.withResolvers<void>();
  #held = 0;

  constructor(faults: readonly Fault[] = []) {
    this.set(faults);
  }

  /** How many requests are held right now. */
  get held(): number {
    return this.#held;
  }

  /** Replaces the plan; what is held goes on. */
  set(faults: readonly Fault[]): void {
    this.#faults = faults.map((fault) => ({ fault, seen: { count: 0 } }));
    this.release();
  }

  /** Lets everything go on that is held. */
  release(): void {
    this.#gate.resolve();
    this.#gate = Promise.withResolvers();
  }

  request(method: string, path: string): RequestEffect | undefined {
    const fault = this.#firing("request", { method, path, text: "" });
    return fault?.on === "request" ? fault.effect : undefined;
  }

  message(path: string, text: string): MessageEffect | undefined {
    const fault = this.#firing("message", { method: "GET", path, text });
    return fault?.on === "message" ? fault.effect : undefined;
  }

  /**
   * Waits to be released.
   * @throws the signal's reason once it is aborted
   */
  async hold(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.reject(signal.reason);
    signal.addEventListener("abort", stop);
    this.#held++;
    try {
      await Promise.race([this.#gate.promise, stopped.promise]);
    } finally {
      this.#held--;
      signal.removeEventListener("abort", stop);
    }
  }

  #firing(on: Fault["on"], happened: Happened): Fault | undefined {
    for (const { fault, seen } of this.#faults) {
      if (fault.on !== on || !matches(fault.match, happened)) continue;
      seen.count++;
      if (fault.match.nth === undefined || fault.match.nth === seen.count) return fault;
    }
    return undefined;
  }
}

interface Happened {
  readonly method: string;
  readonly path: string;
  readonly text: string;
}

function matches(
  { method, path, text }: FaultMatch,
  seen: Happened,
): boolean {
  if (method !== undefined && method !== seen.method) return false;
  if (typeof path === "string" && path !== seen.path) return false;
  if (path instanceof RegExp && !path.test(seen.path)) return false;
  return text === undefined || seen.text.includes(text);
}
