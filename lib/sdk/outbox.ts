import type { GuestPort } from "./guest_port.ts";
import type { LogEntry, Progress } from "./protocol.ts";

/** Logs and progress are sent together, so that a chatty collector does not flood the host. */
const SEND_EVERY_MS = 100;
/** Log entries per message; more within the interval are counted, not sent. */
const MAX_ENTRIES = 500;

/** Collects logs and the newest progress of each account and sends them now and then. */
export class Outbox {
  readonly #port: GuestPort;
  #entries: LogEntry[] = [];
  #dropped = 0;
  #progress = new Map<string, Progress>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: GuestPort) {
    this.#port = port;
  }

  log(entry: LogEntry): void {
    if (this.#entries.length < MAX_ENTRIES) this.#entries.push(entry);
    else this.#dropped++;
    this.#later();
  }

  progress(event: Progress): void {
    this.#progress.set(event.account, event);
    this.#later();
  }

  /** Sends what there is. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#entries.length > 0) {
      this.#port.post({ type: "logs", entries: this.#entries, dropped: this.#dropped });
      this.#entries = [];
      this.#dropped = 0;
    }
    if (this.#progress.size > 0) {
      this.#port.post({ type: "progress", events: [...this.#progress.values()] });
      this.#progress.clear();
    }
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.flush(), SEND_EVERY_MS);
  }
}
