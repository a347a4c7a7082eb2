import { ChangeError, CoreRejectedError, QueryError } from "../../errors/mod.ts";
import { type ParsedQuery, parseQuery } from "../../query/mod.ts";
import type {
  CommitResult,
  Core,
  CoreRecord,
  DialectName,
  NodePatch,
  UploadTraits,
} from "../core.ts";
import { coreNode } from "../records.ts";
import type { GraphSource, SourceAnswer } from "./graph_source.ts";
import { PatchReader } from "./patch_reader.ts";

/** What an embedded core is made of. */
export interface EmbeddedCoreOptions {
  readonly source: GraphSource;
  /** The moment that ages are counted from. */
  readonly now: () => Date;
}

/** What planning an upload would have to know; nothing is uploaded here. */
const TRAITS: UploadTraits = { crossingEdges: "defer", merges: "one", nodeIds: "with_name" };

/**
 * The core of a worker that works alone: the same questions and changes, over the store. It speaks as
 * the generation `ckcore` does, with the node ids of that generation; its query language takes the
 * words of both.
 */
export class EmbeddedCore implements Core {
  readonly name: string;
  readonly #options: EmbeddedCoreOptions;
  readonly #patches = new PatchReader();

  constructor(options: EmbeddedCoreOptions) {
    this.#options = options;
    this.name = options.source.name;
  }

  dialect(): Promise<DialectName> {
    return Promise.resolve("ckcore");
  }

  traits(): Promise<UploadTraits> {
    return Promise.resolve(TRAITS);
  }

  /** The store is its graph. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** A graph gets into the store scope by scope, as a run that keeps what it could not look at. */
  commit(): Promise<CommitResult> {
    const message = `the store ${this.name} takes no upload: it is what a run collects into`;
    return Promise.reject(new CoreRejectedError(405, message));
  }

  async *query(text: string, signal: AbortSignal): AsyncGenerator<CoreRecord> {
    const answer = this.#ask(text, "a query", (parsed) => !isAggregation(parsed));
    const keys: number[] = [];
    for (const { key, document } of answer.nodes()) {
      signal.throwIfAborted();
      keys.push(key);
      yield coreNode(JSON.parse(document()));
    }
    for (const { from, to, type } of answer.edges(keys)) {
      signal.throwIfAborted();
      yield { type: "edge", from, to, edgeType: type };
    }
  }

  async *aggregate(
    text: string,
    signal: AbortSignal,
  ): AsyncGenerator<Readonly<Record<string, unknown>>> {
    const answer = this.#ask(text, "an aggregation", isAggregation);
    for (const { group, figures } of answer.groups()) {
      signal.throwIfAborted();
      yield { group, ...figures };
    }
  }

  /**
   * Changes marks, protections, logs and tags; all of them or nothing. Protections stay, whatever is
   * asked, and a protected node is not marked. Entries of an event log are added to those that are
   * there.
   * @throws CoreRejectedError for anything else, and when a phantom is to be marked
   */
  // deno-lint-ignore require-await -- what it throws has to be a rejection
  async patch(patches: Iterable<NodePatch>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const changes = this.#patches.read(patches);
    try {
      this.#options.source.change(changes);
    } catch (error) {
      throw error instanceof ChangeError ? rejected(error) : error;
    }
    this.#patches.taken();
  }

  #ask(text: string, what: string, fits: (parsed: ParsedQuery) => boolean): SourceAnswer {
    try {
      const parsed = parseQuery(text);
      if (!fits(parsed)) throw new QueryError("meaning", `the query is not ${what}`, { text });
      return this.#options.source.ask(parsed, this.#options.now());
    } catch (error) {
      throw error instanceof QueryError ? rejected(error) : error;
    }
  }
}

function isAggregation({ query }: ParsedQuery): boolean {
  return query.aggregate !== undefined;
}

function rejected(error: QueryError | ChangeError): CoreRejectedError {
  const { message, hint } = error;
  return new CoreRejectedError(400, message, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
