/** A guest as far as it is counted. */
interface Counted {
  readonly memory?: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<unknown>;
}

/** Guests that live, for those who look. */
export class GuestCensus {
  readonly #living = new Map<Counted, string>();

  /** Counts a guest of a plugin until it has ended, and gives it back. */
  count<G extends Counted>(plugin: string, guest: G): G {
    this.#living.set(guest, plugin);
    void guest.ended.then(() => this.#living.delete(guest));
    return guest;
  }

  /** Bytes that each says it holds; absent as long as it said nothing. */
  get guests(): readonly { readonly plugin: string; readonly memoryBytes?: number }[] {
    return [...this.#living].map(([{ memory }, plugin]) => ({
      plugin,
      ...(memory === undefined ? {} : { memoryBytes: memory }),
    }));
  }
}
