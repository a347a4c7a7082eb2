import { fromWire } from "../../errors/mod.ts";
import type { GuestPort } from "../guest_port.ts";
import type { HostMessage } from "../protocol.ts";
import { type Ask, type Decision, MAX_DECISIONS, type TagChange } from "./act_messages.ts";

type Answer = Extract<HostMessage, { type: "answer" }>;

/** What an action plugin asks its host for; answers come in parts, each when it is asked for. */
export class CoreAsks {
  readonly #port: GuestPort;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #asked = 0;
  #ended: Error | undefined;

  constructor(port: GuestPort) {
    this.#port = port;
  }

  /** Parsed records of the answer; leaving the loop early ends it at the host. */
  async *stream(ask: Extract<Ask, { type: "query" | "aggregate" }>): AsyncGenerator<unknown> {
    const id = ++this.#asked;
    let answer = await this.#wait(id, () => this.#port.post({ type: "ask", id, ask }));
    let isOver = answer.last;
    try {
      for (;;) {
        for (const text of answer.records ?? []) yield JSON.parse(text);
        if (isOver) return;
        answer = await this.#wait(id, () => this.#port.post({ type: "more", id }));
        isOver = answer.last;
      }
    } finally {
      if (!isOver && this.#ended === undefined) this.#port.post({ type: "leave", id });
    }
  }

  async decide(decisions: Iterable<Decision>): Promise<void> {
    let batch: Decision[] = [];
    for (const decision of decisions) {
      batch.push(decision);
      if (batch.length < MAX_DECISIONS) continue;
      await this.#once({ type: "decide", decisions: batch });
      batch = [];
    }
    if (batch.length > 0) await this.#once({ type: "decide", decisions: batch });
  }

  async tag(node: string, change: TagChange, reason: string): Promise<void> {
    await this.#once({ type: "tag", node, change, reason });
  }

  answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(fromWire(answer.error));
  }

  /** Nobody answers any more. */
  abort(reason: Error): void {
    this.#ended = reason;
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }

  async #once(ask: Ask): Promise<void> {
    const id = ++this.#asked;
    await this.#wait(id, () => this.#port.post({ type: "ask", id, ask }));
  }

  #wait(id: number, send: () => void): Promise<Answer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(id, answer);
    send();
    return answer.promise;
  }
}
