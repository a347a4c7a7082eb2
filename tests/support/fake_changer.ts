import type { ChangerGuest, GuestEnd, GuestSetup, GuestState } from "../../lib/sandbox/mod.ts";
import type { ChangeNode, ChangeResult, NodeChange } from "../../lib/sdk/mod.ts";

/** Makes a change in the place of a plugin. */
export type FakeChange = (
  node: ChangeNode,
  change: NodeChange,
  signal: AbortSignal,
) => Promise<ChangeResult> | ChangeResult;

/** One started fake guest. */
export interface FakeChanger extends ChangerGuest {
  readonly setup: GuestSetup;
  /** Ends it as a crash would; what it has not answered fails. */
  crash(): void;
}

/** Starts changers that run in this thread and remembers them. */
export class FakeChangers {
  readonly started: FakeChanger[] = [];
  readonly #change: FakeChange;
  /** Errors of the next starts; none starts well. */
  readonly refusals: Error[] = [];

  constructor(change: FakeChange = () => ({ outcome: "done" })) {
    this.#change = change;
  }

  readonly startChanger = (setup: GuestSetup): Promise<ChangerGuest> => {
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return Promise.reject(refusal);
    const guest = this.#start(setup);
    this.started.push(guest);
    return Promise.resolve(guest);
  };

  #start(setup: GuestSetup): FakeChanger {
    const change = this.#change;
    const ended = Promise.withResolvers<GuestEnd>();
    const crashed = Promise.withResolvers<never>();
    crashed.promise.catch(() => {});
    let state: GuestState = "running";
    const end = (next: "stopped" | "crashed", how: GuestEnd) => {
      state = next;
      ended.resolve(how);
    };
    return {
      setup,
      get state() {
        return state;
      },
      ended: ended.promise,
      change: (node, asked, signal) => Promise.race([crashed.promise, change(node, asked, signal)]),
      crash: () => {
        const error = new Error('Plugin "example" crashed');
        crashed.reject(error);
        end("crashed", { state: "crashed", error });
      },
      stop: () => Promise.resolve(end("stopped", { state: "stopped" })),
      [Symbol.asyncDispose]: () => Promise.resolve(end("stopped", { state: "stopped" })),
    };
  }
}
