import { z } from "zod";
import type { CoreClock } from "./clock.ts";
import type { CoreSocket } from "./core_socket.ts";
import { type CoreDialect, DIALECT_FACTS } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import type { Observations } from "./observations.ts";
import { refuse } from "./refusal.ts";

const SWEEP = 5_000;
const UNFINISHED = "Could not finish the task.";

const handler = z.looseObject({
  name: z.string().min(1),
  filter: z.record(z.string(), z.array(z.string())).default({}),
});
const handlers = z.array(handler).min(1);
const result = z.discriminatedUnion("result", [
  z.object({
    task_id: z.string(),
    result: z.literal("done"),
    data: z.record(z.string(), z.unknown()).nullish(),
  }),
  z.object({ task_id: z.string(), result: z.literal("error"), error: z.string() }),
]);

/** What a worker takes: tasks of this name whose attributes are in these lists. */
export interface TaskHandler {
  readonly name: string;
  readonly filter: Readonly<Record<string, readonly string[]>>;
}

/** A task for the queue. */
export interface QueueTask {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly data: JsonObject;
  /** Milliseconds that it may wait and then take. */
  readonly limit: number;
}

/** How a task ended. */
export interface TaskResult {
  readonly task: string;
  readonly result: "done" | "error";
  readonly data?: JsonObject;
  readonly error?: string;
  /** How often it was given out. */
  readonly given: number;
}

interface OpenTask extends QueueTask {
  readonly id: string;
  readonly resolve: (result: TaskResult) => void;
  deadline: number;
  retries: number;
  given: number;
  worker: QueueWorker | undefined;
}

/** A connection to the queue. */
export interface QueueWorker {
  readonly socket: CoreSocket;
  handlers: readonly TaskHandler[];
}

/** Gives tasks to connected workers and waits for their results. */
export class WorkQueue {
  readonly #dialect: CoreDialect;
  readonly #clock: CoreClock;
  readonly #observations: Observations;
  readonly #workers = new Set<QueueWorker>();
  readonly #open = new Map<string, OpenTask>();
  #sweeping: Promise<void> | undefined;
  #count = 0;

  constructor(dialect: CoreDialect, clock: CoreClock, observations: Observations) {
    this.#dialect = dialect;
    this.#clock = clock;
    this.#observations = observations;
  }

  /** How many workers take tasks. */
  get workers(): number {
    return [...this.#workers].filter((each) => each.handlers.length > 0).length;
  }

  /** Tasks that a worker has right now. */
  get inFlight(): number {
    return [...this.#open.values()].filter(({ worker }) => worker !== undefined).length;
  }

  attach(socket: CoreSocket, taken: readonly TaskHandler[]): QueueWorker {
    const worker = { socket, handlers: taken };
    this.#workers.add(worker);
    return worker;
  }

  /** Gives out what waits; after a worker has come or has said what it takes. */
  dispatch(): void {
    for (const task of this.#open.values()) if (task.worker === undefined) this.#give(task);
  }

  detach(worker: QueueWorker): void {
    this.#workers.delete(worker);
    for (const task of this.#open.values()) if (task.worker === worker) this.#lost(task);
    this.dispatch();
  }

  /** Takes what a worker says. @returns what is wrong with it */
  take(worker: QueueWorker, json: JsonObject): string | undefined {
    if (this.#dialect === "fixcore" && worker.handlers.length === 0) {
      const read = handlers.safeParse(json["list"]);
      if (!read.success) return `the first message names no tasks: ${z.prettifyError(read.error)}`;
      worker.handlers = read.data;
      this.dispatch();
      return undefined;
    }
    const read = result.safeParse(json);
    if (!read.success) return `is no result: ${z.prettifyError(read.error)}`;
    const { task_id: id } = read.data;
    const task = this.#open.get(id);
    if (task === undefined || task.worker !== worker) {
      this.#observations.late.push(
        `result of ${id} from ${task ? "the wrong worker" : "a worker"}`,
      );
      return undefined;
    }
    if (read.data.result === "error") this.#end(task, { error: read.data.error });
    else this.#end(task, { data: read.data.data ?? {} });
    return undefined;
  }

  /** Sends a task to a worker and waits for its end. */
  submit(task: QueueTask, signal: AbortSignal): Promise<TaskResult> {
    return new Promise((resolve) => {
      const open: OpenTask = {
        ...task,
        id: `00000000-0000-11ec-8000-${String(++this.#count).padStart(12, "0")}`,
        resolve,
        deadline: this.#clock.now() + task.limit,
        retries: 0,
        given: 0,
        worker: undefined,
      };
      this.#open.set(open.id, open);
      this.#give(open);
      this.#sweeping ??= this.#sweepWhileOpen(signal);
    });
  }

  /** The core dies: nobody waits for these tasks any more. */
  stop(): void {
    this.#workers.clear();
    for (const task of this.#open.values()) this.#end(task, { error: "the core stopped" });
  }

  #give(task: OpenTask): void {
    const worker = this.#choose(task);
    if (worker === undefined) return;
    task.worker = worker;
    task.deadline = this.#clock.now() + task.limit;
    task.given++;
    const { id, name, attrs, data } = task;
    worker.socket.send({ task_id: id, task_name: name, attrs, data });
  }

  /** The longest matching filter wins, then the worker with the least to do. */
  #choose({ name, attrs }: QueueTask): QueueWorker | undefined {
    const matching = [...this.#workers].flatMap((worker) => {
      const filters = worker.handlers.filter((each) => each.name === name)
        .map(({ filter }) => Object.entries(filter))
        .filter((all) => all.every(([key, values]) => values.includes(attrs[key] ?? "\0")));
      return filters.length === 0
        ? []
        : [{ worker, length: Math.max(...filters.map((all) => all.length)) }];
    });
    matching.sort((a, b) => b.length - a.length || this.#load(a.worker) - this.#load(b.worker));
    return matching[0]?.worker;
  }

  #load(worker: QueueWorker): number {
    return [...this.#open.values()].filter((task) => task.worker === worker).length;
  }

  /** The worker is gone, or did not answer in time. */
  #lost(task: OpenTask): void {
    task.worker = undefined;
    if (task.retries >= DIALECT_FACTS[this.#dialect].taskRetries) {
      return this.#end(task, { error: UNFINISHED });
    }
    task.retries++;
    task.deadline = this.#clock.now() + task.limit;
  }

  #end(task: OpenTask, end: { readonly data?: JsonObject; readonly error?: string }): void {
    this.#open.delete(task.id);
    const kind = end.error === undefined ? "done" : "error";
    task.resolve({ task: task.id, result: kind, given: task.given, ...end });
    this.#observations.changed();
  }

  async #sweepWhileOpen(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const empty = this.#observations.until(() => this.#open.size === 0, signal)
      .catch(() => {}).finally(() => over.abort());
    try {
      while (this.#open.size > 0) {
        await this.#clock.sleep(SWEEP, AbortSignal.any([signal, over.signal]));
        this.#sweep();
      }
    } catch (error) {
      // The last task has ended, or the core has.
      if (!over.signal.aborted && !signal.aborted) throw error;
    }
    await empty;
    this.#sweeping = this.#open.size > 0 && !signal.aborted
      ? this.#sweepWhileOpen(signal)
      : undefined;
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const task of [...this.#open.values()].filter(({ deadline }) => deadline <= now)) {
      if (task.worker === undefined) this.#end(task, { error: `No worker for task: ${task.name}` });
      else this.#lost(task);
    }
    this.dispatch();
  }
}

/**
 * What a worker of the older generation takes, told by the address that it connects to.
 * @throws Refusal 400 when it names no task
 */
export function handlersOf(parameters: URLSearchParams): readonly TaskHandler[] {
  const tasks = parameters.get("task");
  if (tasks === null || tasks === "") throw refuse("AttributeError", "Expected parameter task");
  const filter = Object.fromEntries(
    [...parameters].filter(([key]) => key !== "task").map(([key, all]) => [key, all.split(",")]),
  );
  return tasks.split(",").map((name) => ({ name: name.trim(), filter }));
}
