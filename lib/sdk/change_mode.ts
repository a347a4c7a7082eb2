import { CkError, PluginError, toWire } from "../errors/mod.ts";
import type { ChangeContext, Changer, NodeReading } from "./changer.ts";
import { encodeReported } from "./encode.ts";
import { explainDenied } from "./denied.ts";
import { type GuestMode, type ModeParts, pluginContext } from "./guest_mode.ts";
import type { ServiceMessage, StartOf } from "./protocol.ts";

/** A changer's context before its options are parsed. */
export type ChangerContext = Omit<ChangeContext<unknown>, "options">;

/** A plugin that can change nodes. */
export interface ChangesNodes {
  readonly changer?: (context: ChangerContext) => Promise<Changer>;
}

type ChangeMessage = Extract<ServiceMessage, { type: "change" }>;

/** Makes changes as the host asks for them; a stop lets those end that are being made. */
export class ChangeMode implements GuestMode {
  readonly #parts: ModeParts<StartOf<"change">>;
  readonly #plugin: () => Promise<ChangesNodes>;
  /** Of the changer's whole life. */
  readonly #life = new AbortController();
  readonly #running = new Map<number, AbortController>();
  readonly #idle = Promise.withResolvers<void>();
  #changer: Changer | undefined;
  #stopped = false;

  constructor(parts: ModeParts<StartOf<"change">>, plugin: () => Promise<ChangesNodes>) {
    this.#parts = parts;
    this.#plugin = plugin;
  }

  async run(): Promise<void> {
    const { changer } = await this.#plugin();
    if (changer === undefined) throw new PluginError("The plugin changes nothing");
    this.#changer = await changer(pluginContext(this.#parts, this.#life.signal));
    this.#parts.port.post({ type: "serving" });
    this.#endWhenIdle();
    await this.#idle.promise;
    await this.#changer.close?.();
  }

  stop(reason: CkError): void {
    this.#stopped = true;
    if (this.#changer !== undefined) return this.#endWhenIdle();
    this.#parts.helpers.abort(reason);
    this.#life.abort(reason);
  }

  receive(message: ServiceMessage): void {
    if (message.type === "answer") return;
    if (message.type === "cancel") {
      const reason = new CkError("cancelled", "Nobody waits for the change any more");
      return this.#running.get(message.id)?.abort(reason);
    }
    const running = new AbortController();
    this.#running.set(message.id, running);
    void this.#answer(message, running.signal);
  }

  async #answer(message: ChangeMessage, signal: AbortSignal): Promise<void> {
    const { id } = message;
    const { port } = this.#parts;
    try {
      if (this.#changer === undefined || this.#stopped) {
        throw new PluginError("It takes no changes");
      }
      const { outcome, tags, read } = await this.#changer.change(
        message.node,
        message.change,
        signal,
      );
      const result = {
        outcome,
        ...(tags === undefined ? {} : { tags: { ...tags } }),
        ...(read === undefined ? {} : { read: { ...read, reported: asLine(message, read) } }),
      };
      port.post({ type: "changed", id, result });
    } catch (thrown) {
      const denied = explainDenied(thrown, { plugin: port.name });
      port.post({ type: "changed", id, error: toWire(denied ?? thrown) });
    } finally {
      this.#running.delete(id);
      this.#endWhenIdle();
    }
  }

  #endWhenIdle(): void {
    if (this.#stopped && this.#running.size === 0) this.#idle.resolve();
  }
}

/** Properties in the form that a collect gives them, dates as text, so that the two can be compared. */
function asLine({ node }: ChangeMessage, { reported }: NodeReading): Record<string, unknown> {
  const { kind, id } = node;
  return JSON.parse(encodeReported({ kind, id, reported }));
}
