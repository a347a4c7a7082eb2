import type { CoreClock } from "./clock.ts";
import type { CoreSocket } from "./core_socket.ts";
import type { JsonObject } from "./json.ts";
import { Refusal, refuse } from "./refusal.ts";

/** Time without a connection after which a subscriber is dropped, and how long a core waits with it. */
const ABSENT = 3 * 60_000;
const FIRST_SWEEP = 5 * 60_000;
const SHORTEST_TIMEOUT = 10;

export interface Subscription {
  readonly message_type: string;
  readonly wait_for_completion: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Who listens to which action, and who is connected. */
export class Subscribers {
  readonly #clock: CoreClock;
  readonly #subscriptions = new Map<string, Map<string, Subscription>>();
  readonly #sockets = new Map<string, CoreSocket>();
  readonly #lastSeen = new Map<string, number>();
  #startedAt: number;

  constructor(clock: CoreClock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** @throws Refusal 400 for a time-out that is no number */
  add(id: string, action: string, parameters: URLSearchParams): JsonObject {
    const timeout = parameters.get("timeout") ?? "60";
    if (!/^\s*[+-]?\d+\s*$/.test(timeout)) {
      throw refuse("ValueError", `invalid literal for int() with base 10: '${timeout}'`);
    }
    const all = this.#subscriptions.get(id) ?? new Map<string, Subscription>();
    all.set(action, {
      message_type: action,
      wait_for_completion: parameters.get("wait_for_completion")?.toLowerCase() !== "false",
      timeout: Number(timeout),
    });
    this.#subscriptions.set(id, all);
    this.#lastSeen.set(id, this.#clock.now());
    return this.show(id);
  }

  remove(id: string, action: string): JsonObject {
    this.#subscriptions.get(id)?.delete(action);
    if (this.#subscriptions.get(id)?.size === 0) this.#subscriptions.delete(id);
    return this.show(id);
  }

  show(id: string): JsonObject {
    return { id, subscriptions: Object.fromEntries(this.#subscriptions.get(id) ?? []) };
  }

  list(): readonly JsonObject[] {
    this.#sweep();
    return [...this.#subscriptions.keys()].map((id) => this.show(id));
  }

  has(id: string): boolean {
    this.#sweep();
    return this.#subscriptions.has(id);
  }

  isConnected(id: string): boolean {
    return this.#sockets.has(id);
  }

  /** @throws Refusal 404 without a subscription, 429 while another connection is open */
  checkConnect(id: string): void {
    if (!this.has(id)) throw new Refusal(404, undefined, "404: Not Found");
    if (this.#sockets.has(id)) throw new Refusal(429, undefined, "429: Too Many Requests");
  }

  connected(id: string, socket: CoreSocket): void {
    this.#sockets.set(id, socket);
  }

  disconnected(id: string, socket: CoreSocket): void {
    if (this.#sockets.get(id) !== socket) return;
    this.#sockets.delete(id);
    this.#lastSeen.set(id, this.#clock.now());
  }

  /** Who is subscribed to an action. */
  of(action: string): readonly { readonly id: string; readonly waits: boolean }[] {
    this.#sweep();
    return [...this.#subscriptions].flatMap(([id, all]) => {
      const subscription = all.get(action);
      return subscription === undefined ? [] : [{ id, waits: subscription.wait_for_completion }];
    });
  }

  /** Seconds that a step may take: the longest that one of its subscribers asks for. */
  longest(action: string): number {
    const timeouts = [...this.#subscriptions.values()].flatMap((all) => all.get(action) ?? [])
      .filter((each) => each.wait_for_completion).map(({ timeout }) => timeout);
    return Math.max(SHORTEST_TIMEOUT, ...timeouts);
  }

  send(id: string, message: JsonObject): void {
    this.#sockets.get(id)?.send(message);
  }

  /** The core starts anew: nobody is connected, and it knows who was subscribed. */
  restarted(): void {
    this.#sockets.clear();
    this.#startedAt = this.#clock.now();
    for (const id of this.#subscriptions.keys()) this.#lastSeen.set(id, this.#startedAt);
  }

  forget(): void {
    this.#subscriptions.clear();
  }

  toJSON(): readonly (readonly [string, readonly Subscription[]])[] {
    return [...this.#subscriptions].map(([id, all]) => [id, [...all.values()]]);
  }

  load(saved: readonly (readonly [string, readonly Subscription[]])[]): void {
    for (const [id, all] of saved) {
      this.#subscriptions.set(id, new Map(all.map((each) => [each.message_type, each])));
    }
    this.restarted();
  }

  /** Whoever has not been connected for long is no subscriber any more. */
  #sweep(): void {
    const now = this.#clock.now();
    if (now - this.#startedAt < FIRST_SWEEP) return;
    for (const id of this.#subscriptions.keys()) {
      const seen = this.#lastSeen.get(id) ?? this.#startedAt;
      if (!this.#sockets.has(id) && now - seen > ABSENT) this.#subscriptions.delete(id);
    }
  }
}
