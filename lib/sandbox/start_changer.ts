import { BUG, ChangeError, fromWire, PluginError, SandboxError } from "../errors/mod.ts";
import {
  type ChangeNode,
  type ChangeResult,
  type GuestMessage,
  type HostMessage,
  hostMessageSchema,
  type NodeChange,
} from "../sdk/mod.ts";
import { openGuest, untilBegun } from "./open_guest.ts";
import type { ChangerGuest, GuestEnd, GuestSetup } from "./request.ts";

/**
 * Starts a guest that changes nodes; resolves when it takes changes.
 * @throws SandboxError when it cannot be created or does not start; else what it reported
 */
export async function startChanger(setup: GuestSetup): Promise<ChangerGuest> {
  const { name } = setup.entry.manifest;
  const pending = new PendingChanges(name);
  const supervisor = await openGuest(setup, {
    begins: "serving",
    start: (common) => ({ ...common, mode: "change" }),
    receive: (message) => message.type === "changed" && pending.answer(message),
  });
  void supervisor.ended.then((end) => pending.abandon(end));
  await untilBegun(supervisor, setup);
  return {
    get state() {
      return supervisor.state;
    },
    get memory() {
      return supervisor.memory;
    },
    ended: supervisor.ended,
    change: (node, change, signal) => {
      const isRunning = supervisor.state === "running";
      if (!isRunning) return Promise.reject(pending.lost({ state: "stopped" }));
      return pending.ask(node, change, signal, (message) => supervisor.post(message));
    },
    stop: (reason) => supervisor.stop(reason),
    [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
  };
}

type Changed = Extract<GuestMessage, { type: "changed" }>;

/** Changes that a guest was asked for and has not answered. */
class PendingChanges {
  readonly #plugin: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<ChangeResult>>();
  #asked = 0;

  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  async ask(
    node: ChangeNode,
    change: NodeChange,
    signal: AbortSignal,
    post: (message: HostMessage) => void,
  ): Promise<ChangeResult> {
    signal.throwIfAborted();
    const id = ++this.#asked;
    const message = toMessage(id, node, change);
    const answer = Promise.withResolvers<ChangeResult>();
    // One that nobody waits for stays until it is answered, so that the answer is known as one.
    const onAbort = () => {
      post({ type: "cancel", id });
      answer.reject(signal.reason);
    };
    this.#waiting.set(id, answer);
    signal.addEventListener("abort", onAbort, { once: true });
    post(message);
    return await answer.promise.finally(() => signal.removeEventListener("abort", onAbort));
  }

  /** False for an answer that nobody asked for, or that is none. */
  answer({ id, result, error }: Changed): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || (result === undefined) === (error === undefined)) return false;
    this.#waiting.delete(id);
    if (result !== undefined) waiting.resolve(result);
    else if (error !== undefined) waiting.reject(this.#reported(error));
    return true;
  }

  /** The guest has ended: what it has not answered it never will. */
  abandon(end: GuestEnd): void {
    const error = this.lost(end);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  /** Why a change has no answer. */
  lost(end: GuestEnd): Error {
    if (end.state !== "stopped") return end.error;
    return new SandboxError("crash", `Plugin "${this.#plugin}" ended before it answered`, {
      context: { plugin: this.#plugin },
    });
  }

  /** A bug while one change was made is the plugin's fault, not the program's. */
  #reported(error: NonNullable<Changed["error"]>): Error {
    const cause = fromWire(error, { plugin: this.#plugin });
    if (error.code !== BUG) return cause;
    return new PluginError(`Plugin "${this.#plugin}" failed: ${error.message}`, {
      context: { plugin: this.#plugin },
      cause,
    });
  }
}

/** @throws ChangeError for a node or a change that no guest takes, such as a name without end */
function toMessage(id: number, node: ChangeNode, change: NodeChange): HostMessage {
  const parsed = hostMessageSchema.safeParse({ type: "change", id, node, change });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  const message = `The change of ${node.kind} cannot be asked for: ${where}: ${issue?.message}`;
  throw new ChangeError("failed", message, { context: { kind: node.kind } });
}
