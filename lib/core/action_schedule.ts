import type { Action } from "./messages.ts";

export interface ActionScheduleOptions {
  /** Actions at a time. */
  readonly concurrency: number;
  /** Names of which at most one runs at a time. */
  readonly exclusive: readonly string[];
  /** Does an action; never rejects. */
  readonly perform: (action: Action) => Promise<void>;
  /** Called when an action has ended and no longer counts as running. */
  readonly ended: () => void;
}

/** Performs actions in the order in which they came, so many at a time. */
export class ActionSchedule {
  readonly #options: ActionScheduleOptions;
  readonly #running = new Set<Action>();
  #waiting: Action[] = [];

  constructor(options: ActionScheduleOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(action: Action): void {
    this.#waiting.push(action);
    this.#start();
  }

  /** Takes out what has not begun. */
  clear(): readonly Action[] {
    return this.#waiting.splice(0);
  }

  #start(): void {
    while (this.#running.size < this.#options.concurrency) {
      const next = this.#waiting.find((action) => this.#mayRun(action));
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((action) => action !== next);
      this.#running.add(next);
      void this.#options.perform(next).finally(() => {
        this.#running.delete(next);
        this.#start();
        this.#options.ended();
      });
    }
  }

  #mayRun({ messageType }: Action): boolean {
    const { exclusive } = this.#options;
    return !exclusive.includes(messageType) ||
      ![...this.#running].some((other) => exclusive.includes(other.messageType));
  }
}
