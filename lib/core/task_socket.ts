import type { CoreSocket } from "./core_socket.ts";
import type { Delivery } from "./task_book.ts";

/** An old core fails a task whose connection it lost when it had given it out four times. */
const LAST_TIMES = 3;
/** Longest wait for other sockets, milliseconds: a small part of what a task may take. */
const HOLD_MS = 500;

interface OpenTask {
  readonly delivery: Delivery;
  text?: string;
}

/** What a socket that is over with one answer asks before. */
export interface Neighbours {
  /** Whether other sockets can take what is open here besides the answered task, or never will. */
  canTake(tasks: number): boolean;
  /** Told of the tasks that the core gives out again. */
  takes(ids: readonly string[]): void;
}

/**
 * The tasks that came on one socket, and their answers. A new core takes all answers on it. An old
 * one takes one, then closes and gives the other tasks of this socket out again, each three times at
 * most. So the task that came most often is answered first, one that is near its end is waited for,
 * and the socket is not closed before others are free to take the rest.
 */
export class TaskSocket {
  readonly #socket: CoreSocket;
  readonly #neighbours: Neighbours | undefined;
  readonly #open = new Map<string, OpenTask>();
  #answered = 0;
  #patience: "fresh" | "waiting" | "over" = "fresh";

  /** @param neighbours given when the socket is over with one answer */
  constructor(socket: CoreSocket, neighbours?: Neighbours) {
    this.#socket = socket;
    this.#neighbours = neighbours;
  }

  /** Tasks without an answer. */
  get open(): number {
    return this.#open.size;
  }

  get answered(): number {
    return this.#answered;
  }

  /** A task could be given to it alone. */
  get isFree(): boolean {
    return this.#open.size === 0 && !this.#socket.isOver;
  }

  /** Answers a task on this socket as soon as that is right. */
  async take(delivery: Delivery): Promise<void> {
    const task: OpenTask = { delivery };
    this.#open.set(delivery.id, task);
    task.text = await delivery.answer;
    this.send();
  }

  /** Sends what may be sent now. */
  send(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      // When it ended meanwhile, the answer is remembered for the next delivery.
      if (this.#socket.isOver || this.#isHeld()) return;
      this.#open.delete(next.id);
      this.#socket.send(next.text);
      this.#answered++;
      if (this.#neighbours === undefined) continue;
      this.#neighbours.takes([...this.#open.keys()]);
      // At once, not when the core closes: the others that wait for a worker must not wait for us.
      return void this.#socket.close();
    }
  }

  #next(): { id: string; text: string } | undefined {
    const tasks = [...this.#open.values()]
      .toSorted((a, b) => b.delivery.times() - a.delivery.times());
    const [first] = tasks;
    const isUrgent = this.#neighbours !== undefined && (first?.delivery.times() ?? 0) >= LAST_TIMES;
    for (const { delivery, text } of isUrgent ? tasks.slice(0, 1) : tasks) {
      if (text !== undefined) return { id: delivery.id, text };
    }
    return undefined;
  }

  /** Whether closing would throw the other tasks on sockets that have some already. */
  #isHeld(): boolean {
    const others = this.#open.size - 1;
    if (this.#neighbours === undefined || others === 0 || this.#patience === "over") return false;
    if (this.#neighbours.canTake(others)) return false;
    if (this.#patience === "fresh") void this.#wait();
    return true;
  }

  async #wait(): Promise<void> {
    this.#patience = "waiting";
    if (!await this.#socket.pause(HOLD_MS)) return;
    this.#patience = "over";
    this.send();
  }
}
