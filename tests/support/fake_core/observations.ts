import type { JsonObject } from "./json.ts";

/** A request as the core saw it; `bytes` of the body grow while it is read. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  bytes: number;
  /** Status of the answer; undefined while there is none. */
  status?: number;
}

/** A message on a websocket. `raw` is the text as it went over the wire. */
export interface SeenMessage {
  readonly direction: "in" | "out";
  readonly path: string;
  readonly raw: string;
  readonly json: JsonObject | undefined;
}

/** Everything that was seen, and who waits to see more. */
export class Observations {
  readonly requests: SeenRequest[] = [];
  readonly messages: SeenMessage[] = [];
  /** What a worker must not do, also where a core lets it pass. */
  readonly violations: string[] = [];
  /** Queries that the fake cannot read. */
  readonly unreadQueries: string[] = [];
  /** Imports that failed behind an answer of success. */
  readonly importErrors: string[] = [];
  /** Answers to tasks that wait for none: ignored by a core. */
  readonly late: string[] = [];
  readonly #waiting = new Set<() => void>();

  violation(text: string): void {
    this.violations.push(text);
    this.changed();
  }

  /** Tells those who wait that something may have become true. */
  changed(): void {
    for (const check of [...this.#waiting]) check();
  }

  /**
   * Resolves as soon as the condition holds.
   * @throws the signal's reason once it is aborted
   */
  until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(check);
        signal.removeEventListener("abort", stop);
      };
      const stop = () => {
        leave();
        reject(signal.reason);
      };
      const check = () => {
        if (!condition()) return;
        leave();
        resolve();
      };
      if (signal.aborted) return reject(signal.reason);
      this.#waiting.add(check);
      signal.addEventListener("abort", stop);
      check();
    });
  }
}
