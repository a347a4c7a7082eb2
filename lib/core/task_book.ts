import PQueue from "p-queue";
import { CoreUnreachableError } from "../errors/mod.ts";
import type { Clock } from "../sdk/mod.ts";
import { type Task, taskAnswer } from "./messages.ts";
import { abortable } from "./time_limit.ts";

/** Bounds of the tasks at hand. */
export interface TaskBookLimits {
  /** Tasks at a time. */
  readonly concurrency: number;
  /** Tasks that wait for their turn; more are refused. */
  readonly waiting: number;
  /**
   * Longest time from the last delivery of a task to its answer, milliseconds. The core waits 30 s
   * for the answer to each.
   */
  readonly answerMs: number;
  /** Answers that are remembered, their total length, and how long, milliseconds. */
  readonly answers: number;
  readonly characters: number;
  readonly keepMs: number;
}

export const TASK_BOOK_LIMITS: TaskBookLimits = {
  concurrency: 20,
  waiting: 1_000,
  answerMs: 28_000,
  answers: 1_000,
  characters: 32 * 1024 * 1024,
  keepMs: 600_000,
};

export interface TaskBookOptions {
  /** Does a task and gives what the core gets as its result. */
  readonly handle: (task: Task, signal: AbortSignal) => Promise<unknown>;
  /** Says an error in words that may leave this machine. */
  readonly describe: (error: unknown) => string;
  readonly clock: Clock;
  readonly limits?: Partial<TaskBookLimits>;
}

/** Counters of a book. */
export interface TaskCounts {
  readonly running: number;
  readonly waiting: number;
  readonly done: number;
  readonly failed: number;
  /** Not done, because too many waited or the core no longer did. */
  readonly refused: number;
  /** Deliveries of a task that was known. */
  readonly repeated: number;
}

/** A task that the core gave us, once or several times. */
export interface Delivery {
  readonly id: string;
  /** How often it came until now. */
  readonly times: () => number;
  /** What the core is told, the same for all deliveries; never rejects. */
  readonly answer: Promise<string>;
}

interface Entry {
  readonly task: Task;
  readonly answer: Promise<string>;
  times: number;
  /** When it came last. */
  cameAt: number;
  /** When it was answered, and how long the answer is. */
  done?: { readonly at: number; readonly characters: number };
}

/**
 * The tasks at hand and those that were done lately. A core that loses the connection of a task
 * gives it out again, so the same task comes on another socket while it runs, or after: it is done
 * once, and every delivery gets the same answer.
 *
 * A task whose turn comes when the core has given up waiting is not done, and one that runs then is
 * ended: the user was told that it failed, and a tag that appears nevertheless would belie that. That
 * a task was not begun is not remembered, so it is done when the core gives it out again.
 */
export class TaskBook {
  readonly #options: TaskBookOptions;
  readonly #limits: TaskBookLimits;
  readonly #entries = new Map<string, Entry>();
  readonly #queue: PQueue;
  /** Aborted when nothing is to be done any more. */
  readonly #work = new AbortController();
  #done = 0;
  #failed = 0;
  #refused = 0;
  #repeated = 0;

  constructor(options: TaskBookOptions) {
    this.#options = options;
    this.#limits = { ...TASK_BOOK_LIMITS, ...options.limits };
    this.#queue = new PQueue({ concurrency: this.#limits.concurrency });
  }

  /** Takes a task as it came. */
  receive(task: Task): Delivery {
    this.#forgetOld();
    const known = this.#entries.get(task.id);
    if (known !== undefined) {
      known.times++;
      known.cameAt = this.#options.clock.now();
      this.#repeated++;
      return delivery(known);
    }
    if (this.#queue.size >= this.#limits.waiting) return this.#full(task);
    const answer = Promise.withResolvers<string>();
    const entry = { task, answer: answer.promise, times: 1, cameAt: this.#options.clock.now() };
    this.#entries.set(task.id, entry);
    void this.#queue.add(() => this.#turn(entry)).then((text) => answer.resolve(text ?? ""));
    return delivery(entry);
  }

  /** Ends what runs. */
  abort(reason: unknown): void {
    this.#work.abort(reason);
  }

  snapshot(): TaskCounts {
    return {
      running: this.#queue.pending,
      waiting: this.#queue.size,
      done: this.#done,
      failed: this.#failed,
      refused: this.#refused,
      repeated: this.#repeated,
    };
  }

  async #turn(entry: Entry): Promise<string> {
    const { clock } = this.#options;
    const { task } = entry;
    if (this.#left(entry) <= 0) {
      return this.#refuse(task, "The task waited too long at this worker and was not done");
    }
    const text = await this.#perform(entry);
    entry.done = { at: clock.now(), characters: text.length };
    // At the end: the oldest answers come first.
    this.#entries.delete(task.id);
    this.#entries.set(task.id, entry);
    this.#forgetOld();
    return text;
  }

  /** Does a task; gives the answer. */
  async #perform(entry: Entry): Promise<string> {
    const { handle, describe } = this.#options;
    const { task } = entry;
    const [late, done] = [new AbortController(), new AbortController()];
    const signal = AbortSignal.any([this.#work.signal, late.signal]);
    this.#untilLate(entry, done.signal).then(() => late.abort(tooLong(this.#limits)), () => {});
    try {
      signal.throwIfAborted();
      // A handler that ignores its signal must not hold its place for ever.
      const data = await abortable(handle(task, signal), signal);
      // A result that is no JSON throws.
      const text = taskAnswer(task.id, { data });
      this.#done++;
      return text;
    } catch (error) {
      this.#failed++;
      return taskAnswer(task.id, { error: describe(error) });
    } finally {
      done.abort();
    }
  }

  /** Milliseconds until the core waits no longer. */
  #left({ cameAt }: Entry): number {
    return cameAt + this.#limits.answerMs - this.#options.clock.now();
  }

  /** Waits until the core waits no longer; each delivery gives the task more time. */
  async #untilLate(entry: Entry, done: AbortSignal): Promise<void> {
    for (let left = this.#left(entry); left > 0; left = this.#left(entry)) {
      await this.#options.clock.sleep(left, done);
    }
  }

  #full(task: Task): Delivery {
    const answer = this.#refuse(task, "Too many tasks wait at this worker");
    return { id: task.id, times: () => 1, answer: Promise.resolve(answer) };
  }

  #refuse(task: Task, error: string): string {
    this.#refused++;
    this.#entries.delete(task.id);
    return taskAnswer(task.id, { error });
  }

  #forgetOld(): void {
    const { answers, characters, keepMs } = this.#limits;
    const done = [...this.#entries.values()].filter((entry) => entry.done !== undefined);
    let [count, size] = [done.length, 0];
    for (const entry of done) size += entry.done?.characters ?? 0;
    const tooOld = this.#options.clock.now() - keepMs;
    for (const { task, done: answer } of done) {
      const isOld = (answer?.at ?? 0) < tooOld;
      if (!isOld && count <= answers && size <= characters) return;
      this.#entries.delete(task.id);
      count--;
      size -= answer?.characters ?? 0;
    }
  }
}

function delivery(entry: Entry): Delivery {
  return { id: entry.task.id, times: () => entry.times, answer: entry.answer };
}

function tooLong({ answerMs }: TaskBookLimits): CoreUnreachableError {
  const limit = `${Math.round(answerMs / 1_000)} s`;
  return new CoreUnreachableError(
    `The task took too long (${limit}); its change may have been made all the same`,
  );
}
