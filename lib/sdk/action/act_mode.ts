import { z } from "zod";
import { type CkError, PluginError } from "../../errors/mod.ts";
import { type GuestMode, type ModeParts, pluginContext } from "../guest_mode.ts";
import { PARSING } from "../parsing.ts";
import type { ServiceMessage, StartOf } from "../protocol.ts";
import type { ActionContext } from "./action.ts";
import { CoreAsks } from "./core_asks.ts";
import { readRecord } from "./records.ts";

/** An action's context before its options are parsed. */
export type ActContext = Omit<ActionContext<unknown>, "options">;

/** A plugin that reacts to a step of a workflow. */
export interface ActsOnGraph {
  readonly act?: (context: ActContext) => Promise<void>;
}

const groupSchema = z.record(z.string(), z.unknown());

/** Does one action, asking the host for everything that it needs. */
export class ActMode implements GuestMode {
  readonly #parts: ModeParts<StartOf<"act">>;
  readonly #plugin: () => Promise<ActsOnGraph>;
  readonly #asks: CoreAsks;
  readonly #stop = new AbortController();

  constructor(parts: ModeParts<StartOf<"act">>, plugin: () => Promise<ActsOnGraph>) {
    this.#parts = parts;
    this.#plugin = plugin;
    this.#asks = new CoreAsks(parts.port);
  }

  async run(): Promise<void> {
    const { act } = await this.#plugin();
    if (act === undefined) throw new PluginError("The plugin reacts to no action");
    await act(this.#context());
  }

  stop(reason: CkError): void {
    this.#parts.helpers.abort(reason);
    this.#stop.abort(reason);
    this.#asks.abort(reason);
  }

  receive(message: ServiceMessage): void {
    if (message.type === "answer") this.#asks.answer(message);
  }

  #context(): ActContext {
    const { signal } = this.#stop;
    const { now, log } = pluginContext(this.#parts, signal);
    const { action, task, files, dialect, dryRun } = this.#parts.start;
    const asks = this.#asks;
    return {
      now,
      signal,
      log,
      action,
      task,
      files,
      dialect,
      dryRun,
      query: (text) => mapped(asks.stream({ type: "query", text }), readRecord),
      aggregate: (text) =>
        mapped(
          asks.stream({ type: "aggregate", text }),
          (group) => groupSchema.parse(group, PARSING),
        ),
      decide: (decisions) => asks.decide(decisions),
      tag: (node, change, reason) => asks.tag(node, change, reason),
    };
  }
}

async function* mapped<T>(
  values: AsyncIterable<unknown>,
  read: (value: unknown) => T,
): AsyncGenerator<T> {
  for await (const value of values) yield read(value);
}
