import type { NodePatch } from "../core/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import type { CleanClock } from "./execute_options.ts";
import type { PlanRefusal } from "./plan.ts";
import { type Decision, GONE } from "./report.ts";

/** Gathers what a core is told about nodes. */
export class CoreDecisions {
  readonly #kinds: KindIndex;
  readonly #clock: Pick<CleanClock, "now">;
  readonly #patches = new Map<string, NodePatch>();

  constructor(kinds: KindIndex, clock: Pick<CleanClock, "now">) {
    this.#kinds = kinds;
    this.#clock = clock;
  }

  /** A node of the plan was decided; `cleaned` only when it is known to be gone. */
  decided({ nodeId }: { readonly nodeId: string }, { outcome, why }: Decision): void {
    const text = [WORDS[outcome] ?? outcome.replaceAll("_", " "), why];
    this.#tell(nodeId, text.filter((part) => part !== "").join(": "), GONE.has(outcome));
  }

  /** Nodes that were refused from the first; those of kinds that others know are left to others. */
  refused(refusals: readonly PlanRefusal[]): void {
    for (const { nodeId, kind, why } of refusals) {
      if (this.#kinds.get(kind) !== undefined) this.#tell(nodeId, `Not cleaned up: ${why}`, false);
    }
  }

  /** One for each node. */
  patches(): readonly NodePatch[] {
    return [...this.#patches.values()];
  }

  #tell(id: string, msg: string, cleaned: boolean): void {
    const timestamp = this.#clock.now().toISOString();
    const event_log = [{ timestamp, msg, exception: null }];
    this.#patches.set(id, { id, metadata: { cleaned, event_log } });
  }
}

/** Words of the original worker, where it had some. */
const WORDS: Readonly<Record<string, string>> = {
  cleaned: "Successfully cleaned up",
  already_gone: "Successfully cleaned up",
  goes_with_parent: "Successfully cleaned up",
  ended: "Successfully cleaned up",
  failed: "Failed to clean up",
};
