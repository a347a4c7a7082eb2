import type { NodeIdentity } from "../model/mod.ts";
import type { ChangeNode } from "../sdk/mod.ts";
import type { CleanNode, Reported } from "./graph_reader.ts";
import type { Decision } from "./report.ts";

/** A node with its account, as it is known at this moment. */
export interface KnownNode {
  readonly node: CleanNode;
  readonly account: { readonly name: string; readonly reported: Reported };
  /**
   * Another program reported it: properties that this one has beside are no difference, and the hash of
   * the plan is none over what a collect would report.
   */
  readonly foreign: boolean;
}

/** What is known of the nodes of a plan, and where it is kept what becomes of them. */
export interface Knowledge {
  /** The node as it is known now; undefined when it is not known any more. */
  find(identity: NodeIdentity): KnownNode | undefined;
  /** Keeps what was decided. */
  decided(identity: NodeIdentity, decision: Decision): void;
}

/** How far a plan was carried out before. */
export interface Journal {
  /** What is known of a node, by the text of its identity. */
  read(): ReadonlyMap<string, JournalEntry>;
  /** Returns when it is kept. */
  write(identity: string, entry: JournalEntry): void;
}

/** `begun`: something may have been changed in the cloud. */
export type JournalEntry =
  | { readonly state: "begun" }
  | { readonly state: "decided"; readonly decision: Decision };

/** A journal that ends with its process. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, JournalEntry>();

  read(): ReadonlyMap<string, JournalEntry> {
    return new Map(this.#entries);
  }

  write(identity: string, entry: JournalEntry): void {
    this.#entries.set(identity, entry);
  }
}

const UNDEFINED = "undefined";

/** The node as a changer takes it, with the properties that were read last. */
export function toChangeNode(known: KnownNode, reported: Reported, name: string): ChangeNode {
  const { node, account } = known;
  const { kind, id, cloud, region, zone, regionName } = node;
  return {
    kind,
    id,
    name,
    cloud,
    account: { id: node.account, name: account.name, reported: account.reported },
    ...(region === UNDEFINED
      ? {}
      : { region: { id: region, name: regionName === "" ? region : regionName } }),
    ...(zone === UNDEFINED ? {} : { zone }),
    reported,
  };
}
