import PQueue from "p-queue";
import { ChangeError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import {
  type ChangerClock,
  type ChangerGuest,
  ChangerGuests,
  type ChangerPlugin,
  type ChangerPorts,
  type ChangerSettings,
} from "../sandbox/mod.ts";
import type { NodeChange } from "../sdk/mod.ts";
import { readTagTask, type TagTask } from "./tag_task.ts";
import type { TaskNode } from "./task_node.ts";

/** What tag tasks are made with. */
export interface TagTasksOptions {
  readonly plugins: readonly ChangerPlugin[];
  /** Kinds of all plugins. */
  readonly kinds: KindIndex;
  readonly ports: ChangerPorts;
  readonly settings: ChangerSettings;
  readonly limits: {
    /** Tasks at once. */
    readonly concurrency: number;
    /** Tasks that wait for their turn; one more is refused. */
    readonly waiting: number;
    /** Longest task, its wait for its turn included, milliseconds; a task's signal may end it before. */
    readonly taskMs: number;
  };
  readonly clock: ChangerClock;
}

type Tags = Readonly<Record<string, string>>;

/**
 * Answers tag tasks of a core: each change is made in the cloud by a guest of the plugin that the
 * node's kind belongs to, and the answer is the node as the cloud has it then. Protection concerns
 * clean-up alone: tags of protected nodes change like others.
 */
export class TagTasks implements AsyncDisposable {
  readonly #options: TagTasksOptions;
  readonly #queue: PQueue;
  readonly #guests = new Map<ChangerPlugin, ChangerGuests>();
  /** The last task of each node that has one. */
  readonly #lasts = new Map<string, Promise<unknown>>();
  #open = 0;

  constructor(options: TagTasksOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.limits.concurrency });
  }

  /**
   * Makes the changes of one task, removals first, one after the other; the first that fails ends it.
   * Tasks of the same node are made one after the other, so that none undoes another's.
   * @param data `data` of the task: `update`, `delete` and `node`
   * @returns the whole node as the core stores it
   * @throws CkError with a message of one line for a task that was not done as a whole
   */
  async handle(data: unknown, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const { concurrency, waiting, taskMs } = this.#options.limits;
    if (this.#open >= concurrency + waiting) {
      throw new ChangeError("failed", `${this.#open} tag tasks are under way, no more are taken`);
    }
    this.#open++;
    using deadline = new Deadline(taskMs, signal, this.#options.clock);
    try {
      const task = readTagTask(data);
      const plugin = this.#pluginOf(task);
      return await this.#inTurn(task.node.identity, deadline.signal, async () => {
        const tags = await this.#change(task, plugin, deadline.signal);
        return task.node.toDocument(tags, this.#options.kinds);
      });
    } catch (error) {
      throw oneLine(error);
    } finally {
      this.#open--;
    }
  }

  /**
   * Ends the guests after they have answered; those that still start are given up.
   * @param limit aborting it ends them by force
   */
  async end(limit: AbortSignal): Promise<void> {
    await Promise.all([...this.#guests.values()].map((guests) => guests.end(limit)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end(new AbortController().signal);
  }

  /** @throws ChangeError for a node that no plugin knows, or whose tags cannot be changed */
  #pluginOf({ node, changes }: TagTask): ChangerPlugin {
    const { kind, cloud } = node;
    const plugin = this.#options.plugins.find(({ entry }) =>
      (cloud === undefined || entry.manifest.clouds.includes(cloud)) &&
      entry.model.kinds.some(({ name }) => name === kind)
    );
    const declared = plugin?.entry.model.kinds.find(({ name }) => name === kind);
    if (plugin === undefined || declared === undefined) {
      throw unsupported(node, `no plugin here knows ${kind} of cloud ${cloud ?? "unknown"}`);
    }
    const lacking = changes.find(({ type }) => declared.changes?.includes(type) !== true);
    if (lacking === undefined) return plugin;
    throw unsupported(node, `tags of ${kind} cannot be ${WORDS[lacking.type]}`);
  }

  /** Waits for the earlier tasks of the node, then for a place. */
  async #inTurn<T>(key: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const before = this.#lasts.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.#queue.add(task, { signal }));
    const settled = turn.then(() => {}, () => {});
    this.#lasts.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#lasts.get(key) === settled) this.#lasts.delete(key);
    }
  }

  async #change(
    { node, changes }: TagTask,
    plugin: ChangerPlugin,
    signal: AbortSignal,
  ): Promise<Tags> {
    let tags = node.tags;
    for (const change of changes) {
      const asked = node.forChange(tags);
      const made = (guest: ChangerGuest) => guest.change(asked, change, signal);
      const result = await this.#guestsOf(plugin).use(signal, made);
      if (result.outcome === "gone") {
        throw new ChangeError("failed", `${node.text} does not exist any more`);
      }
      // The cloud was asked all the same: what the core knows may be old.
      if (change.type === "removeTag" && !Object.hasOwn(tags, change.key)) {
        throw new ChangeError("failed", `${node.text} has no tag "${change.key}"`);
      }
      tags = result.tags ?? changed(tags, change);
    }
    return tags;
  }

  #guestsOf(plugin: ChangerPlugin): ChangerGuests {
    const { ports, settings, clock } = this.#options;
    const guests = this.#guests.get(plugin) ?? new ChangerGuests(plugin, ports, settings, clock);
    this.#guests.set(plugin, guests);
    return guests;
  }
}

const WORDS = { setTag: "set", removeTag: "removed" } as const;

function unsupported(node: TaskNode, why: string): ChangeError {
  return new ChangeError("unsupported", why, { context: { kind: node.kind } });
}

function changed(tags: Tags, change: NodeChange): Tags {
  const { key, value } = { key: "", value: undefined, ...change };
  const others = Object.entries(tags).filter(([name]) => name !== key);
  return Object.fromEntries([...others, ...(value === undefined ? [] : [[key, value]])]);
}

/** The answer is one line; the cause keeps the rest. */
function oneLine(error: unknown): Error {
  if (error instanceof Error && error instanceof ChangeError && !error.message.includes("\n")) {
    return error;
  }
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
  return new ChangeError("failed", message.trim().slice(0, 2_000), { cause: error });
}

/** Ends a task that takes too long, or that nobody wants any more. */
class Deadline implements Disposable {
  readonly signal: AbortSignal;
  readonly #over = new AbortController();
  readonly #cancelled = new AbortController();

  constructor(ms: number, signal: AbortSignal, clock: ChangerClock) {
    this.signal = AbortSignal.any([this.#over.signal, signal]);
    clock.sleep(ms, this.#cancelled.signal).then(() => {
      const message = `no answer within ${
        ms / 1_000
      } s; the change may have been made all the same`;
      this.#over.abort(new ChangeError("failed", message));
    }, () => {});
  }

  [Symbol.dispose](): void {
    this.#cancelled.abort();
  }
}
