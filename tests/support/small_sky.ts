import type { CollectContext } from "../../lib/sdk/mod.ts";
import type { GuestScript } from "./fake_guest.ts";

const MADE = "2026-01-01T00:00:00Z";
const REGION = { id: "r1", name: "r1" } as const;

/**
 * A cloud of one account and one region whose disks a test changes between runs; the plugin of
 * `core_sky.ts` tells of it.
 */
export class SmallSky {
  /** Ids of disks with their value. */
  disks = new Map<string, number>([["d1", 1], ["d2", 1]]);
  /** Disks cannot be listed. */
  denied = false;
  /** Text that every disk carries in a tag. */
  ballast = "";
  runs = 0;
  /** Most runs at once. */
  most = 0;
  #running = 0;
  #gate: PromiseWithResolvers<void> | undefined;
  readonly #waiting = new Set<() => void>();

  /** Runs wait before their disks until {@link release}. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Resolves when so many runs have begun. */
  async begun(runs: number): Promise<void> {
    while (this.runs < runs) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  readonly script: GuestScript = async (context) => {
    this.runs++;
    this.most = Math.max(this.most, ++this.#running);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    try {
      await this.#collect(context);
    } finally {
      this.#running--;
    }
  };

  async #collect(context: CollectContext<unknown>): Promise<void> {
    context.accounts({ complete: true, accounts: [{ id: "1" }], unfiltered: true });
    context.progress("1", 0, 1);
    const account = await context.open({ account: "1", resource: "sky_account" });
    await account.node({ kind: "sky_account", id: "1", reported: {} });
    await account.close();
    const regions = await context.open({ account: "1", resource: "sky_region" });
    await regions.node({ kind: "sky_region", ...REGION, reported: {} });
    await regions.close();
    await this.#held(context.signal);
    const disks = await context.open({ account: "1", region: REGION, resource: "sky_disk" });
    if (this.denied) {
      return await disks.close({
        outcome: "denied",
        faults: [{ call: "sky:ListDisks", code: "Denied", message: "no right", count: 1 }],
      });
    }
    for (const [id, value] of this.disks) {
      const tags = this.ballast === "" ? {} : { ballast: this.ballast };
      await disks.node({ kind: "sky_disk", id, reported: { value, tags, ctime: MADE } });
    }
    await disks.close();
    context.progress("1", 1, 1);
  }

  async #held(signal: AbortSignal): Promise<void> {
    if (this.#gate === undefined) return;
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    await Promise.race([this.#gate.promise, stopped.promise]);
  }
}
