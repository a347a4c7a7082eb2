import type { NodePatch } from "../core.ts";
import type { SourceChange } from "./graph_source.ts";
import { type ReadPatch, readPatch } from "./read_patch.ts";

/**
 * Makes changes of patches. Whoever patches a node repeats its event log as far as it is theirs, so
 * that entries which were taken before are not taken again.
 */
export class PatchReader {
  /** Entries that were taken, as texts with the ids of their nodes. */
  readonly #taken = new Set<string>();
  readonly #reading = new Set<string>();

  /** A node may come several times. @throws CoreRejectedError */
  read(patches: Iterable<NodePatch>): readonly SourceChange[] {
    this.#reading.clear();
    return Array.from(patches, readPatch).map((patch) => this.#changeOf(patch));
  }

  /** What was read last was done. */
  taken(): void {
    for (const entry of this.#reading) this.#taken.add(entry);
    this.#reading.clear();
  }

  /** The last entry says why; where nothing else is changed, it is a note like the others. */
  #changeOf({ log, ...change }: ReadPatch): SourceChange {
    const fresh: string[] = [];
    for (const { timestamp, msg } of log) {
      const entry = JSON.stringify([change.id, timestamp, msg]);
      if (!this.#taken.has(entry) && !this.#reading.has(entry)) fresh.push(msg);
      this.#reading.add(entry);
    }
    const isChange = change.clean !== undefined || change.protect || change.cleaned;
    const why = isChange ? fresh.pop() ?? "" : "";
    return { ...change, why, notes: fresh };
  }
}
