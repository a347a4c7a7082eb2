import type { Clock } from "../sdk/mod.ts";
import type { Action } from "./messages.ts";

/** How long answers are remembered. */
export interface ActionBookLimits {
  readonly answers: number;
  /** Milliseconds; a core asks again for as long as the step may take. */
  readonly keepMs: number;
}

export const ACTION_BOOK_LIMITS: ActionBookLimits = { answers: 256, keepMs: 6 * 3_600_000 };

/** An answer on its way to the core. */
export interface ActionAnswer {
  readonly key: string;
  readonly text: string;
  /** The core had it before and asked again. */
  readonly isRepeated: boolean;
}

/** What is known of an action that came. */
export type Receipt = "new" | "open" | "answered";

interface Entry {
  answer?: { readonly text: string; readonly at: number };
  /** The socket that carried the answer last. */
  sentOn?: object;
}

/**
 * Which actions came, and what became of them. An action is the same when its task, step and name
 * are: a core sends it again with each connection until it has the answer.
 */
export class ActionBook {
  readonly #clock: Clock;
  readonly #limits: ActionBookLimits;
  readonly #entries = new Map<string, Entry>();
  /** Answers to send, in this order. */
  readonly #unsent = new Set<string>();

  constructor(clock: Clock, limits: ActionBookLimits = ACTION_BOOK_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Notes that an action came on a socket. One that was answered is answered again, unless this
   * socket carried the answer: then the two crossed, or the core will ask on its next socket.
   */
  receive(action: Action, socket: object): Receipt {
    this.#forgetOld();
    const key = actionKey(action);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, {});
      return "new";
    }
    if (entry.answer === undefined) return "open";
    if (entry.sentOn !== socket) this.#unsent.add(key);
    return "answered";
  }

  /** Notes the answer to an action. */
  answer(action: Action, text: string): void {
    const key = actionKey(action);
    // At the end: the oldest answers come first.
    this.#entries.delete(key);
    this.#entries.set(key, { answer: { text, at: this.#clock.now() } });
    this.#unsent.add(key);
    this.#forgetOld();
  }

  /** An action that will not be done here: it is new when it comes again. */
  drop(action: Action): void {
    this.#entries.delete(actionKey(action));
  }

  /** The next answer to send. */
  next(): ActionAnswer | undefined {
    for (const key of this.#unsent) {
      const entry = this.#entries.get(key);
      if (entry?.answer === undefined) this.#unsent.delete(key);
      else return { key, text: entry.answer.text, isRepeated: entry.sentOn !== undefined };
    }
    return undefined;
  }

  /** Notes that a socket carried an answer. */
  sent(key: string, socket: object): void {
    this.#unsent.delete(key);
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.sentOn = socket;
  }

  #forgetOld(): void {
    const answered = [...this.#entries].filter(([, { answer }]) => answer !== undefined);
    const tooMany = answered.length - this.#limits.answers;
    const tooOld = this.#clock.now() - this.#limits.keepMs;
    answered.forEach(([key, { answer }], index) => {
      if (index < tooMany || (answer?.at ?? 0) < tooOld) this.#entries.delete(key);
    });
  }
}

function actionKey({ task, step, messageType }: Action): string {
  return JSON.stringify([task, step, messageType]);
}
