import { QueryError } from "../../errors/mod.ts";
import type { KindIndex } from "../../model/mod.ts";
import type { Places } from "../places.ts";
import type { PropertyTypes } from "../property_types.ts";
import type { CopiedAncestor, Merge, Path } from "../tree.ts";
import { raw, type Sql } from "./fragment.ts";
import type { Operand } from "./operand.ts";

/** What a statement is made with. */
export interface SqlOptions {
  readonly kinds: KindIndex;
  readonly types: PropertyTypes;
  /** The moment that ages and durations are counted from. */
  readonly now: Date;
  /** For messages: the query's text and where its parts stand. */
  readonly text: string;
  readonly places: Places;
  readonly ancestors: readonly CopiedAncestor[];
  /** Finds a path that leads into what a part merges in; undefined for other paths. */
  readonly merged: (path: Path, node: Sql, context: SqlContext) => Operand | undefined;
}

/** The options, and names for tables that are used once each. */
export class SqlContext {
  readonly options: SqlOptions;
  /** Merges that paths may lead into. */
  readonly merges: readonly Merge[];
  readonly #counter: { next: number };

  constructor(options: SqlOptions, merges: readonly Merge[] = [], counter = { next: 0 }) {
    this.options = options;
    this.merges = merges;
    this.#counter = counter;
  }

  /** A name that no other part of the statement has. */
  alias(prefix: string): Sql {
    return raw(`${prefix}${this.#counter.next++}`);
  }

  /** For a part whose paths may lead into what is merged there. */
  withMerges(merges: readonly Merge[]): SqlContext {
    return new SqlContext(this.options, merges, this.#counter);
  }

  /** The fault of asking for what the store has no answer to. */
  unsupported(message: string, node: object | undefined, hint?: string): QueryError {
    return this.#error("unsupported", message, node, hint);
  }

  /** The fault of a query that means nothing. */
  meaningless(message: string, node: object | undefined, hint?: string): QueryError {
    return this.#error("meaning", message, node, hint);
  }

  #error(
    code: "unsupported" | "meaning",
    message: string,
    node: object | undefined,
    hint?: string,
  ) {
    const { text, places } = this.options;
    return new QueryError(code, message, {
      text,
      at: node === undefined ? undefined : places.of(node),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}
