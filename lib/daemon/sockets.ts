import {
  type Action,
  type ActionContext,
  ActionListener,
  type ActionSnapshot,
  type Clock,
  type CoreConnection,
  type DialectName,
  type Task,
  TaskListener,
  type TaskSnapshot,
} from "../core/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Identity } from "./request.ts";

/** One subscriber: its id, and what it does for which action. */
export interface Subscriber {
  readonly id: string;
  readonly actions: readonly string[];
  readonly handle: (action: Action, context: ActionContext) => Promise<void>;
}

/** What the sockets to a core are opened with. */
export interface SocketsOptions {
  readonly connection: CoreConnection;
  readonly dialect: DialectName;
  readonly subscribers: readonly Subscriber[];
  /** Answers a tag task with the node as it is then. */
  readonly tag: (task: Task, signal: AbortSignal) => Promise<unknown>;
  /** Clouds whose tag tasks are taken; empty for all. */
  readonly clouds: readonly string[];
  readonly tagConnections: number;
  /** Longest action, seconds. */
  readonly timeoutSeconds: number;
  readonly describe: (error: unknown) => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Id under which a worker collects and cleans up. */
export function workerId(identity: Identity, dialect: DialectName): string {
  return dialect === "ckcore"
    ? `${identity.ckcore}-collect_cleanup`
    : `${identity.fixcore}-collector`;
}

/** Id under which an action plugin waits for its action. */
export function actionPluginId(
  identity: Identity,
  dialect: DialectName,
  { action, subscriber }: { readonly action: string; readonly subscriber: string },
): string {
  const prefix = dialect === "ckcore" ? identity.ckcore : identity.fixcore;
  return `${prefix}-actions-${action}-${subscriber}`;
}

/** All sockets of a worker to its core. */
export class Sockets {
  readonly #actions: readonly ActionListener[];
  readonly #tasks: TaskListener;

  constructor(options: SocketsOptions) {
    const { connection, dialect, subscribers, clouds, clock, log, describe } = options;
    const common = { connection, dialect: () => Promise.resolve(dialect), describe, clock, log };
    this.#actions = subscribers.map(({ id, actions, handle }) =>
      new ActionListener({
        ...common,
        subscriber: id,
        actions: actions.map((name) => ({
          name,
          timeoutSeconds: options.timeoutSeconds,
          waitForCompletion: true,
        })),
        handle,
      })
    );
    this.#tasks = new TaskListener({
      ...common,
      offers: [{
        name: "tag",
        expectNodeResult: true,
        ...(clouds.length === 0 ? {} : { filter: { cloud: clouds } }),
      }],
      connections: options.tagConnections,
      maxConnections: options.tagConnections * 4,
      handle: (task, { signal }) => options.tag(task, signal),
    });
  }

  /** Serves until {@link close}. */
  async run(): Promise<void> {
    const open = new AbortController().signal;
    await Promise.all([...this.#actions, this.#tasks].map((listener) => listener.run(open)));
  }

  /** Takes nothing new; resolves when everything that runs is answered. */
  async drain(): Promise<void> {
    await Promise.all([...this.#actions, this.#tasks].map((listener) => listener.drain()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#actions, this.#tasks].map((listener) => listener.close()));
  }

  get actions(): readonly ActionSnapshot[] {
    return this.#actions.map((listener) => listener.snapshot());
  }

  get tasks(): TaskSnapshot {
    return this.#tasks.snapshot();
  }
}
