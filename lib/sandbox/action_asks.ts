import { toWire } from "../errors/mod.ts";
import type { Ask, Decision, GuestMessage, HostMessage, TagChange } from "../sdk/mod.ts";

/** What an action plugin may ask for; whoever gives it judges what it asks. */
export interface ActionPort {
  /** Nodes and edges of the graph, nodes first. */
  query(text: string, signal: AbortSignal): AsyncIterable<unknown>;
  /** Groups of an aggregation. */
  aggregate(text: string, signal: AbortSignal): AsyncIterable<unknown>;
  decide(decisions: readonly Decision[], signal: AbortSignal): Promise<void>;
  tag(order: TagOrder, signal: AbortSignal): Promise<void>;
}

/** One tag of one node to be changed. */
export interface TagOrder {
  /** Id of the node in the graph. */
  readonly node: string;
  readonly change: TagChange;
  readonly reason: string;
}

type Message = Extract<GuestMessage, { type: "ask" | "more" | "leave" }>;

/** Requests of one guest under way at once; an honest plugin has a few. */
const MAX_OPEN = 64;
/** A part of an answer is sent when it is this long, in characters or records. */
const PART_LENGTH = 256 * 1024;
const PART_RECORDS = 1_000;

/**
 * Answers what a guest asks. Long answers go out in parts, each when the guest asks for it, so that
 * no graph piles up between the two.
 */
export class ActionAsks implements AsyncDisposable {
  readonly #port: ActionPort;
  readonly #post: (message: HostMessage) => void;
  readonly #ended = new AbortController();
  readonly #streams = new Map<number, AsyncIterator<unknown>>();
  readonly #working = new Set<Promise<void>>();
  #lastId = 0;
  #open = 0;

  constructor(port: ActionPort, post: (message: HostMessage) => void) {
    this.#port = port;
    this.#post = post;
  }

  /** False for what an honest guest does not send. */
  receive(message: Message): boolean {
    switch (message.type) {
      case "ask":
        if (message.id <= this.#lastId || this.#open >= MAX_OPEN) return false;
        this.#lastId = message.id;
        this.#open++;
        return this.#begin(message.id, message.ask);
      case "more":
      case "leave": {
        const records = this.#streams.get(message.id);
        if (records === undefined) return false;
        this.#streams.delete(message.id);
        const next = message.type === "more"
          ? this.#part(message.id, records)
          : this.#leave(records);
        return this.#work(message.id, next);
      }
    }
  }

  /** Ends what is under way: nobody waits for the answers any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(new Error("The plugin has ended"));
    await Promise.all([...this.#streams.values()].map((records) => this.#leave(records)));
    this.#streams.clear();
    await Promise.all(this.#working);
  }

  #begin(id: number, ask: Ask): boolean {
    const { signal } = this.#ended;
    switch (ask.type) {
      case "query":
        return this.#work(id, this.#part(id, iterate(this.#port.query(ask.text, signal))));
      case "aggregate":
        return this.#work(id, this.#part(id, iterate(this.#port.aggregate(ask.text, signal))));
      case "decide":
        return this.#work(id, this.#once(id, this.#port.decide(ask.decisions, signal)));
      case "tag": {
        const { node, change, reason } = ask;
        return this.#work(id, this.#once(id, this.#port.tag({ node, change, reason }, signal)));
      }
    }
  }

  async #part(id: number, iterator: AsyncIterator<unknown>): Promise<void> {
    const records: string[] = [];
    let length = 0;
    while (length < PART_LENGTH && records.length < PART_RECORDS) {
      const { done, value } = await iterator.next();
      if (done) return this.#last({ type: "answer", id, records, last: true });
      const text = JSON.stringify(value);
      records.push(text);
      length += text.length;
    }
    if (this.#ended.signal.aborted) return await this.#leave(iterator);
    this.#streams.set(id, iterator);
    this.#post({ type: "answer", id, records, last: false });
  }

  async #once(id: number, done: Promise<void>): Promise<void> {
    await done;
    this.#last({ type: "answer", id, last: true });
  }

  async #leave(records: AsyncIterator<unknown>): Promise<void> {
    this.#open--;
    // What goes wrong with records that nobody wants any more concerns nobody.
    await Promise.resolve(records.return?.()).catch(() => {});
  }

  #last(message: HostMessage): void {
    this.#open--;
    this.#post(message);
  }

  #work(id: number, work: Promise<void>): true {
    const answered = work.catch((thrown) =>
      this.#last({ type: "answer", id, last: true, error: toWire(thrown) })
    );
    this.#working.add(answered);
    void answered.finally(() => this.#working.delete(answered));
    return true;
  }
}

function iterate(records: AsyncIterable<unknown>): AsyncIterator<unknown> {
  return records[Symbol.asyncIterator]();
}
