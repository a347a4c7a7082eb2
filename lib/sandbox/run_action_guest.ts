import { CkError } from "../errors/mod.ts";
import type { ActionEntry, GuestMessage, StartMessage } from "../sdk/mod.ts";
import { ActionAsks, type ActionPort } from "./action_asks.ts";
import { openGuest } from "./open_guest.ts";
import type { GuestSetup } from "./request.ts";

type ActStart = Extract<StartMessage, { mode: "act" }>;

/** One action for one plugin. Its guest gets no right, whatever it is. */
export interface ActionSetup
  extends
    Omit<GuestSetup, "entry" | "permissions" | "budgets" | "allowHelpers" | "on">,
    Readonly<Pick<ActStart, "action" | "dialect" | "dryRun">> {
  readonly entry: ActionEntry;
  readonly task: Readonly<Record<string, unknown>>;
  /** Texts of the files that the manifest names, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly port: ActionPort;
}

/**
 * Lets an action plugin do one action in a guest and ends it.
 * @throws SandboxError when the guest cannot be created, crashes, lies or takes too long; else what
 *   the plugin reported, or the port threw
 */
export async function runActionGuest(setup: ActionSetup): Promise<void> {
  const { action, task, files, dialect, dryRun, port, ...rest } = setup;
  const judged = new WatchedPort(port);
  let asks: ActionAsks | undefined;
  await using supervisor = await openGuest(
    { ...rest, permissions: {}, budgets: [], allowHelpers: [], on: NOBODY },
    {
      begins: "ready",
      start: (common): StartMessage => ({
        ...common,
        mode: "act",
        action,
        task: { ...task },
        files: { ...files },
        dialect,
        dryRun,
      }),
      receive: (message) => isAsk(message) && (asks?.receive(message) ?? false),
    },
  );
  await using answering = asks = new ActionAsks(judged, (message) => supervisor.post(message));
  const end = await supervisor.ended;
  await answering[Symbol.asyncDispose]();
  if (judged.bug !== undefined) throw judged.bug;
  // A plugin that is stopped has not done its work, however it ended.
  if (setup.signal.aborted) throw setup.signal.reason;
  if (end.state !== "stopped") throw end.error;
}

/** Keeps the first bug of this side, which a guest would only give back as text. */
class WatchedPort implements ActionPort {
  readonly #port: ActionPort;
  bug: unknown;

  constructor(port: ActionPort) {
    this.#port = port;
  }

  async *query(text: string, signal: AbortSignal): AsyncGenerator<unknown> {
    yield* this.#watchAll(this.#port.query(text, signal), signal);
  }

  async *aggregate(text: string, signal: AbortSignal): AsyncGenerator<unknown> {
    yield* this.#watchAll(this.#port.aggregate(text, signal), signal);
  }

  async decide(...call: Parameters<ActionPort["decide"]>): Promise<void> {
    await this.#port.decide(...call).catch((thrown) => this.#rethrow(thrown, call[1]));
  }

  async tag(...call: Parameters<ActionPort["tag"]>): Promise<void> {
    await this.#port.tag(...call).catch((thrown) => this.#rethrow(thrown, call[1]));
  }

  async *#watchAll(records: AsyncIterable<unknown>, signal: AbortSignal) {
    try {
      yield* records;
    } catch (thrown) {
      this.#rethrow(thrown, signal);
    }
  }

  #rethrow(thrown: unknown, signal: AbortSignal): never {
    if (!(thrown instanceof CkError) && !signal.aborted) this.bug ??= thrown;
    throw thrown;
  }
}

const NOBODY: GuestSetup["on"] = { stats: () => {}, learned: () => {} };

function isAsk(
  message: GuestMessage,
): message is Extract<GuestMessage, { type: "ask" | "more" | "leave" }> {
  return message.type === "ask" || message.type === "more" || message.type === "leave";
}
