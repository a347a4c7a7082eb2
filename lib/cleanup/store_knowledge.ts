import { z } from "zod";
import type { NodeIdentity } from "../model/mod.ts";
import {
  accountRow,
  changeFlags,
  findCleanRow,
  noteOnNode,
  readJournal,
  type Store,
  writeJournal,
} from "../store/mod.ts";
import { GUARDS } from "./guards.ts";
import type { Journal, JournalEntry, Knowledge, KnownNode } from "./known.ts";
import { CLEAN_OUTCOMES, type Decision, GONE } from "./report.ts";
import { toCleanNode } from "./store_graph.ts";

/** What a store knows; decisions end marks and go into the nodes' logs. */
export class StoreKnowledge implements Knowledge {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  find(identity: NodeIdentity): KnownNode | undefined {
    const row = findCleanRow(this.#store, identity);
    if (row === undefined) return undefined;
    const account = accountRow(this.#store, row.cloud, row.account);
    return {
      node: toCleanNode(row),
      account: {
        name: account?.name ?? row.account,
        reported: account === undefined ? {} : toCleanNode(account).reported,
      },
      foreign: false,
    };
  }

  decided(identity: NodeIdentity, { outcome, why }: Decision): void {
    if (outcome === "dry_run") return;
    const text = [outcome.replaceAll("_", " "), why].filter((part) => part !== "").join(": ");
    if (GONE.has(outcome)) {
      changeFlags(this.#store, [identity], { what: "cleaned", why: text });
    } else noteOnNode(this.#store, identity, `clean-up: ${text}`);
  }
}

const detailSchema = z.object({
  outcome: z.enum(CLEAN_OUTCOMES),
  guard: z.enum(GUARDS).exactOptional(),
  why: z.string(),
});

/** The journal of one plan in a store. */
export class StoreJournal implements Journal {
  readonly #store: Store;
  readonly #plan: string;

  constructor(store: Store, plan: string) {
    this.#store = store;
    this.#plan = plan;
  }

  read(): ReadonlyMap<string, JournalEntry> {
    return new Map(
      readJournal(this.#store, this.#plan).map(({ node, state, detail }) =>
        [node, toEntry(state, detail)] as const
      ),
    );
  }

  write(node: string, entry: JournalEntry): void {
    const detail = JSON.stringify(entry.state === "begun" ? {} : entry.decision);
    writeJournal(this.#store, this.#plan, { node, state: entry.state, detail });
  }
}

function toEntry(state: string, detail: string): JournalEntry {
  if (state !== "decided") return { state: "begun" };
  return { state, decision: detailSchema.parse(JSON.parse(detail)) };
}
