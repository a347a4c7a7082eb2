import type { GraphSource, SourceAnswer, SourceChange } from "../core/mod.ts";
import { ChangeError } from "../errors/mod.ts";
import type { NodeIdentity } from "../model/mod.ts";
import type { ParsedQuery } from "../query/mod.ts";
import {
  changeFlags,
  type FlagChange,
  type FlagOutcome,
  identitiesOf,
  type MarksAside,
  noteOnNode,
  type Store,
  writeTags,
} from "../store/mod.ts";
import { prepareQuery } from "../store/query/prepare.ts";

/** For whom a store answers as a core. */
export interface EmbeddedOptions {
  /** Name of the rule that marks; empty for a person. */
  readonly rule: string;
  /** Marks of rules that are being asked again. */
  readonly aside?: MarksAside;
}

/** What is said in the log of a node when nobody says why. */
const UNSAID = "no reason given";

/** The store as the embedded core sees it. */
export class StoreSource implements GraphSource {
  readonly name: string;
  readonly #store: Store;
  readonly #options: EmbeddedOptions;

  constructor(store: Store, options: EmbeddedOptions) {
    this.name = store.path;
    this.#store = store;
    this.#options = options;
  }

  ask(query: ParsedQuery, now: Date): SourceAnswer {
    const { nodes, edges, groups } = prepareQuery(this.#store, query, { now });
    return { nodes: () => nodes(), edges: (keys) => edges(keys), groups: () => groups() };
  }

  change(changes: readonly SourceChange[]): void {
    const identities = identitiesOf(this.#store, new Set(changes.map(({ id }) => id)));
    this.#store.db.transaction(() => {
      for (const change of changes) {
        const identity = identities.get(change.id);
        if (identity !== undefined) this.#changeNode(identity, change);
      }
    });
  }

  #changeNode(identity: NodeIdentity, change: SourceChange): void {
    const { tags, clean, protect, cleaned, notes } = change;
    const why = change.why === "" ? UNSAID : change.why;
    for (const note of notes) noteOnNode(this.#store, identity, note);
    if (tags !== undefined) writeTags(this.#store, identity, tags);
    if (protect) this.#flag(identity, { what: "protect", reason: why });
    if (clean === true) this.#mark(identity, why);
    if (clean === false) this.#flag(identity, { what: "unmark", why });
    if (cleaned) this.#flag(identity, { what: "cleaned", why });
  }

  /** Nobody deletes a phantom, so that a mark of one is a mistake; that of a protected node is kept away. */
  #mark(identity: NodeIdentity, reason: string): void {
    const { rule, aside } = this.#options;
    if (aside?.takeBack(identity, rule, reason)) return;
    const outcome = this.#flag(identity, { what: "mark", reason, rule });
    if (outcome === "protected") {
      noteOnNode(this.#store, identity, `not marked, it is protected: ${reason}`);
    }
    if (outcome !== "phantom") return;
    const { kind, id } = identity;
    throw new ChangeError("unsupported", `${kind} ${id} cannot be marked: it is a phantom`, {
      context: { kind },
    });
  }

  #flag(identity: NodeIdentity, change: FlagChange): FlagOutcome {
    return changeFlags(this.#store, [identity], change)[0] ?? "unknown";
  }
}
