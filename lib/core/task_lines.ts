import type { Clock } from "../sdk/mod.ts";
import type { CoreSocket } from "./core_socket.ts";
import type { Neighbours, TaskSocket } from "./task_socket.ts";

/** A task that an old core does not give out again within this time went to another worker. */
const ADRIFT_MS = 2_000;

export interface TaskLinesOptions {
  /** Most sockets. */
  readonly most: number;
  /** Keeps one socket after the other open until it resolves. */
  readonly line: (isExtra: boolean) => Promise<void>;
  readonly clock: Clock;
}

/** The sockets to a work queue, each kept open by a line that replaces it. */
export class TaskLines implements Neighbours {
  readonly #options: TaskLinesOptions;
  readonly #lines = new Set<Promise<void>>();
  readonly #sockets = new Map<CoreSocket, TaskSocket>();
  /** Tasks whose socket we closed, and when. */
  readonly #adrift = new Map<string, number>();

  constructor(options: TaskLinesOptions) {
    this.#options = options;
  }

  get sockets(): ReadonlyMap<CoreSocket, TaskSocket> {
    return this.#sockets;
  }

  /** Starts a line, unless there are as many as may be. */
  start(isExtra: boolean): void {
    if (isExtra && this.#lines.size >= this.#options.most) return;
    const line = this.#options.line(isExtra).finally(() => this.#lines.delete(line));
    this.#lines.add(line);
  }

  /** Resolves when all lines have ended, also those that were started meanwhile. */
  async ended(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all(this.#lines);
  }

  opened(socket: CoreSocket, tasks: TaskSocket): void {
    this.#sockets.set(socket, tasks);
    this.#release();
  }

  closed(socket: CoreSocket): void {
    this.#sockets.delete(socket);
  }

  /** A task came. */
  came(id: string): void {
    if (this.#adrift.delete(id)) this.#release();
  }

  canTake(tasks: number): boolean {
    const tooLong = this.#options.clock.now() - ADRIFT_MS;
    for (const [id, at] of this.#adrift) if (at < tooLong) this.#adrift.delete(id);
    const live = [...this.#sockets].filter(([socket]) => !socket.isOver);
    const free = live.filter(([, { isFree }]) => isFree).length;
    if (free - this.#adrift.size >= tasks) return true;
    // Sockets that are about to open are worth the wait; where there will be none it is in vain.
    if (live.length === this.#lines.size) this.start(true);
    return live.length === this.#lines.size;
  }

  takes(ids: readonly string[]): void {
    for (const id of ids) this.#adrift.set(id, this.#options.clock.now());
  }

  /** Sends what was held. */
  #release(): void {
    for (const tasks of this.#sockets.values()) tasks.send();
  }
}
