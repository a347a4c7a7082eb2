import type { CollectContext, NodeInput, ScopeInput, ScopeWriter } from "../collector.ts";
import { CallFault } from "./call_fault.ts";
import { isRecord, type NodeMapper, type RawRecord } from "./record_mapper.ts";
import { ScopeFaults } from "./scope_faults.ts";

/** What a mapper cannot know of a node. */
export type Extras = Pick<NodeInput, "edges" | "keep" | "orphan">;

/** Takes what one listing finds. */
export interface ListingSink {
  /** Sends the node of a record; one that cannot be read costs no other, and leaves the list open. */
  record(
    mapper: NodeMapper,
    record: unknown,
    more?: (record: RawRecord) => Extras | Promise<Extras>,
  ): Promise<void>;
  /** A part of the list failed: what is absent may exist. */
  lost(error: unknown): void;
  /** A value could not be read; the list is whole. */
  unread(error: unknown): void;
}

/** What a listing takes of its context. */
export type ListingContext = Pick<
  CollectContext<unknown>,
  "open" | "resumed" | "signal" | "log"
>;

/**
 * Collects one scope. Faults of the cloud end in its outcome and are not thrown.
 * @param call what is going on, for faults that are not those of a call
 * @throws the signal's reason when the run is stopped
 */
export async function collectListing(
  context: ListingContext,
  scope: ScopeInput,
  call: string,
  work: (sink: ListingSink) => Promise<void>,
): Promise<void> {
  if (context.resumed(scope)) return;
  context.signal.throwIfAborted();
  const writer = await context.open(scope);
  const sink = new Sink(context, writer, call);
  try {
    await work(sink);
  } catch (error) {
    context.signal.throwIfAborted();
    sink.lost(error);
    if (!(error instanceof CallFault)) {
      const stack = error instanceof Error ? error.stack ?? "" : "";
      context.log("error", "listing.failed", `${scope.resource} failed: ${error}`, { stack });
    }
  }
  await writer.close(sink.faults.result());
}

class Sink implements ListingSink {
  readonly faults = new ScopeFaults();
  readonly #context: ListingContext;
  readonly #writer: ScopeWriter;
  readonly #call: string;

  constructor(context: ListingContext, writer: ScopeWriter, call: string) {
    this.#context = context;
    this.#writer = writer;
    this.#call = call;
  }

  async record(
    mapper: NodeMapper,
    record: unknown,
    more: (record: RawRecord) => Extras | Promise<Extras> = () => ({}),
  ): Promise<void> {
    const mapped = mapper.map(record);
    if (mapped === undefined || !isRecord(record)) {
      this.lost(new BadRecord("a record of the list has no id"));
      return;
    }
    const { node, misfits } = mapped;
    if (misfits.length > 0) {
      const what = `${node.kind} has values of another type in ${misfits.join(", ")}`;
      this.unread(new BadRecord(what));
    }
    const { keep = [], ...extras } = await more(record);
    const kept = [...misfits, ...keep];
    try {
      await this.#writer.node({ ...node, ...extras, ...(kept.length === 0 ? {} : { keep: kept }) });
    } catch (error) {
      this.#context.signal.throwIfAborted();
      this.lost(error);
    }
  }

  lost(error: unknown): void {
    this.#context.signal.throwIfAborted();
    this.faults.lost(error, this.#call);
  }

  unread(error: unknown): void {
    this.#context.signal.throwIfAborted();
    this.faults.unread(error, this.#call);
  }
}

/** A record that is not as its API describes it. */
export class BadRecord extends Error {
  override readonly name = "BadRecord";
}
