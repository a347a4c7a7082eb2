import type { GivenOptions } from "../config/mod.ts";
import {
  type Clock,
  type CoreConnection,
  CoreSocket,
  readWorkerConfig,
  Reconnect,
  type WorkerConfig,
} from "../core/mod.ts";
import { z } from "zod";
import type { Logger } from "../log/mod.ts";

/** What a core tells when a document has changed. */
const eventSchema = z.object({
  kind: z.literal("event"),
  message_type: z.literal("config-updated"),
  data: z.object({ id: z.string(), revision: z.string().default("") }),
});

/** How the document of settings at a core is followed. */
export interface DocumentOptions {
  readonly connection: CoreConnection;
  /** Name of the document. */
  readonly id: string;
  /** @throws ConfigError for what is not usable */
  readonly read: (sections: Readonly<Record<string, unknown>>) => GivenOptions;
  /** Takes the settings; they hold from the next action on. @throws ConfigError */
  readonly apply: (given: GivenOptions) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The settings that a core of the later generation keeps for this worker. They are read once at the
 * start and again whenever the core says that they changed; a document that is not usable leaves the
 * settings as they are.
 */
export class SettingsDocument {
  readonly #options: DocumentOptions;
  #revision: string | undefined;

  constructor(options: DocumentOptions) {
    this.#options = options;
  }

  /**
   * Reads the document and applies it.
   * @throws CoreUnreachableError, CoreRejectedError, ConfigError
   */
  async load(signal: AbortSignal): Promise<void> {
    const { connection, id } = this.#options;
    this.#use(await readWorkerConfig(connection, id, signal));
  }

  #use(document: WorkerConfig | undefined): void {
    const { id, read, apply, log } = this.#options;
    // Overrides are read with it, and hold without a document, too.
    apply(read(document?.sections ?? {}));
    this.#revision = document?.revision;
    log.info(
      "daemon.document",
      document === undefined
        ? "The core keeps no settings for us"
        : "Settings of the core are read",
      { id },
    );
  }

  /** Follows the changes until the signal is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    const { connection, clock, log } = this.#options;
    const link = new Reconnect({ subject: "events of settings", clock, log });
    const path = "/events?show=config-updated";
    try {
      for (;;) {
        const connected = await link.connect(
          (attempt) => CoreSocket.open(connection, path, attempt, clock),
          signal,
        );
        const socket = connected.value;
        const onAbort = () => void socket.close();
        signal.addEventListener("abort", onAbort, { once: true });
        if (signal.aborted) onAbort();
        void socket.replaceWhenSilent(() => false);
        // Nobody tells what changed while there was no connection.
        await this.#reload(signal);
        for await (const text of socket.texts()) await this.#receive(text, signal);
        signal.removeEventListener("abort", onAbort);
        const { ours, reason } = await socket.ended;
        link.lost(connected, { useful: true, ours, reason });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #receive(text: string, signal: AbortSignal): Promise<void> {
    const { id } = this.#options;
    const event = eventSchema.safeParse(jsonOf(text)).data;
    if (event === undefined || event.data.id !== id) return;
    if (event.data.revision !== "" && event.data.revision === this.#revision) return;
    await this.#reload(signal);
  }

  /** Reads the document, and uses it if it is another than before. */
  async #reload(signal: AbortSignal): Promise<void> {
    const { connection, id, log } = this.#options;
    try {
      const document = await readWorkerConfig(connection, id, signal);
      const isKnown = document?.revision === this.#revision && document?.revision !== "";
      if (!isKnown) this.#use(document);
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      log.error("daemon.document.refused", `The changed settings are not used: ${why}`, { id });
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
