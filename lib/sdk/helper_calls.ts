import { fromWire } from "../errors/mod.ts";
import type { GuestPort } from "./guest_port.ts";
import type { HostMessage } from "./protocol.ts";

/** Helper calls that wait for the host's answer. */
export class HelperCalls {
  readonly #port: GuestPort;
  readonly #waiting = new Map<number, PromiseWithResolvers<string>>();
  #calls = 0;

  constructor(port: GuestPort) {
    this.#port = port;
  }

  call(path: string, args: readonly string[]): Promise<string> {
    const answer = Promise.withResolvers<string>();
    const id = ++this.#calls;
    this.#waiting.set(id, answer);
    this.#port.post({ type: "helper", id, path, args: [...args] });
    return answer.promise;
  }

  answer(message: Extract<HostMessage, { type: "helperResult" }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.output ?? "");
    else waiting?.reject(fromWire(message.error));
  }

  /** Nobody answers any more. */
  abort(reason: unknown): void {
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }
}
