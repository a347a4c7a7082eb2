import type { CoreSocket } from "./core_socket.ts";
import type { Delivery } from "./task_book.ts";

/** An old core fails a task whose connection it lost when it had given it out four times. */
const LAST_TIMES = 3;

/**
 * The tasks that came on one socket, and their answers. A new core takes all answers on it. An old
 * one takes one, then closes and gives the other tasks of this socket out again, each three times at
 * most; so the task that came most often is answered first, and one that is near its end is waited
 * for.
 */
export class TaskSocket {
  readonly #socket: CoreSocket;
  readonly #onlyOne: boolean;
  readonly #open = new Map<string, { readonly delivery: Delivery; text?: string }>();
  #answered = 0;

  constructor(socket: CoreSocket, onlyOne: boolean) {
    this.#socket = socket;
    this.#onlyOne = onlyOne;
  }

  /** Tasks without an answer. */
  get open(): number {
    return this.#open.size;
  }

  get answered(): number {
    return this.#answered;
  }

  /** Answers a task on this socket as soon as that is right; `sent` is called when any was sent. */
  async take(delivery: Delivery, sent: () => void): Promise<void> {
    const task: { readonly delivery: Delivery; text?: string } = { delivery };
    this.#open.set(delivery.id, task);
    task.text = await delivery.answer;
    // It ended meanwhile; the answer is remembered for the next delivery.
    if (this.#socket.isOver) return;
    const before = this.#answered;
    this.#send();
    if (this.#answered > before) sent();
  }

  #send(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#open.delete(next.id);
      if (!this.#socket.send(next.text)) return;
      this.#answered++;
      // At once, not when the core closes: the others that wait for a worker must not wait for us.
      if (this.#onlyOne) return void this.#socket.close();
    }
  }

  #next(): { id: string; text: string } | undefined {
    const tasks = [...this.#open.values()]
      .toSorted((a, b) => b.delivery.times() - a.delivery.times());
    const [first] = tasks;
    const isUrgent = this.#onlyOne && first !== undefined && first.delivery.times() >= LAST_TIMES;
    for (const { delivery, text } of isUrgent ? [first] : tasks) {
      if (text !== undefined) return { id: delivery.id, text };
    }
    return undefined;
  }
}
