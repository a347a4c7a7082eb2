import { type CkError, PluginError } from "../errors/mod.ts";
import type { DoctorReport } from "./collector.ts";
import { type GuestContext, guestContext } from "./guest_context.ts";
import type { GuestMode, ModeParts } from "./guest_mode.ts";
import { LineStream } from "./line_stream.ts";
import type { StartOf } from "./protocol.ts";
import { Scopes } from "./scope_writer.ts";

const NOT_CHECKED: DoctorReport = {
  credentials: "not checked: the plugin has no check of its own",
  accounts: [],
};

/** A plugin that collects, or checks whether it could. */
export interface CollectsNodes {
  readonly collect?: (context: GuestContext) => Promise<void>;
  /** Absent when the plugin has no check of its own. */
  readonly doctor?: (context: GuestContext) => Promise<DoctorReport>;
}

/** Collects into a stream of lines. */
export class CollectMode implements GuestMode {
  readonly #parts: ModeParts<StartOf<"collect">>;
  readonly #plugin: () => Promise<CollectsNodes>;
  readonly #lines = new LineStream();
  readonly #stop = new AbortController();

  constructor(parts: ModeParts<StartOf<"collect">>, plugin: () => Promise<CollectsNodes>) {
    this.#parts = parts;
    this.#plugin = plugin;
  }

  async run(): Promise<void> {
    const { collect } = await this.#plugin();
    if (collect === undefined) throw new PluginError("The plugin collects nothing");
    const stream = this.#lines.readable;
    this.#parts.port.post({ type: "stream", stream }, [stream]);
    const { signal } = this.#stop;
    const { cloud, resumed } = this.#parts.start;
    const scopes = new Scopes({ cloud, resumed, lines: this.#lines, signal });
    await collect(guestContext(this.#parts, scopes, signal)).catch((thrown) => {
      if (!signal.aborted) throw thrown;
      this.#logEnd(thrown);
    });
    const [open] = scopes.open;
    if (open !== undefined && !signal.aborted) {
      throw new PluginError(`The collector returned without closing scope "${open}"`);
    }
  }

  stop(reason: CkError): void {
    this.#parts.helpers.abort(reason);
    this.#stop.abort(reason);
  }

  flush(): void {
    this.#lines.close();
  }

  #logEnd(thrown: unknown): void {
    const message = `Collection ended by the stop: ${thrown}`;
    this.#parts.outbox.log({ level: "debug", event: "guest.stopped", message, fields: {} });
  }
}

/** Checks access and writes nothing. */
export class DoctorMode implements GuestMode {
  readonly #parts: ModeParts<StartOf<"doctor">>;
  readonly #plugin: () => Promise<CollectsNodes>;
  readonly #stop = new AbortController();

  constructor(parts: ModeParts<StartOf<"doctor">>, plugin: () => Promise<CollectsNodes>) {
    this.#parts = parts;
    this.#plugin = plugin;
  }

  async run(): Promise<void> {
    const { doctor } = await this.#plugin();
    const { signal } = this.#stop;
    const { cloud, resumed } = this.#parts.start;
    const scopes = new Scopes({ cloud, resumed, lines: NOWHERE, signal });
    const report = await doctor?.(guestContext(this.#parts, scopes, signal));
    this.#parts.port.post({ type: "doctorReport", report: report ?? NOT_CHECKED });
  }

  stop(reason: CkError): void {
    this.#parts.helpers.abort(reason);
    this.#stop.abort(reason);
  }
}

const NOWHERE = { write: () => Promise.resolve() };
