import PQueue from "p-queue";
import { type ReplaceLimit, uploadRun, type UploadSummary } from "../collect/mod.ts";
import type { Clock } from "../core/mod.ts";
import { createFixcoreIdentifier } from "../graph/mod.ts";
import type { Logger } from "../log/mod.ts";
import { type Kind, KindIndex } from "../model/mod.ts";
import { finishedAt, openStore, type PendingUpload, pendingUploads } from "../store/mod.ts";
import type { CoreGraph } from "./core_access.ts";

/** What runs are handed over with. */
export interface DeliveryOptions {
  readonly graph: CoreGraph;
  readonly store: { readonly path: string; readonly kinds: readonly Kind[] };
  readonly replace: () => ReplaceLimit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly now: () => Date;
  /** Told of every attempt that ended. */
  readonly onAttempt: (summary: UploadSummary, seconds: number) => void;
}

/** A finished run that a core shall have. */
export interface Parcel {
  readonly run: string;
  readonly clouds: readonly string[];
  /** Id of the workflow's task that asked for it. */
  readonly task?: string;
}

/** How long to try. */
export interface Patience {
  /** Attempts at most; without limit by default. */
  readonly attempts?: number;
  /** No further attempt is made once it is aborted; the one under way goes on. */
  readonly enough?: AbortSignal;
}

/** Waits between attempts, milliseconds. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
const NEVER = new AbortController().signal;

/**
 * Hands finished runs to a core, one at a time. A run is in the store, so a core that is away only
 * makes it late: it is sent again until the core takes or refuses it.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #queue = new PQueue({ concurrency: 1 });
  readonly #kinds: KindIndex;
  #waiting: readonly PendingUpload[] = [];
  #waitingSince: Date | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#kinds = new KindIndex(options.store.kinds);
  }

  /** Runs that the core does not have, as far as is known. */
  get waiting(): readonly PendingUpload[] {
    return this.#waiting;
  }

  /** When the oldest of them ended. */
  get waitingSince(): Date | undefined {
    return this.#waitingSince;
  }

  /**
   * Hands one run over; returns when the core has taken or refused it, or the patience is over.
   * @throws StoreError when the store cannot be read
   * @throws the signal's reason
   */
  async deliver(
    parcel: Parcel,
    signal: AbortSignal,
    { attempts = Infinity, enough = NEVER }: Patience = {},
  ): Promise<UploadSummary> {
    for (let attempt = 1;; attempt++) {
      const summary = await this.#queue.add(() => this.#send(parcel, signal));
      if (summary.outcome !== "unreachable" || attempt >= attempts) return summary;
      // Either signal ends the wait; what that means is said below.
      await this.#pause(attempt, AbortSignal.any([signal, enough])).catch(() => {});
      signal.throwIfAborted();
      if (enough.aborted) return summary;
    }
  }

  /**
   * Hands over what earlier runs left, until nothing is left or the patience is over.
   * @throws as {@link deliver} does
   */
  async catchUp(
    signal: AbortSignal,
    { enough = NEVER }: Pick<Patience, "enough"> = {},
  ): Promise<void> {
    for (const { run } of await this.#look()) {
      for (let attempt = 1;; attempt++) {
        const summary = await this.#queue.add(() => this.#sendLate(run, signal, enough));
        if (summary?.outcome !== "unreachable") break;
        await this.#pause(attempt, AbortSignal.any([signal, enough])).catch(() => {});
        signal.throwIfAborted();
      }
    }
  }

  /**
   * Undefined when a later run has taken its place meanwhile, the core has refused it, or no further
   * attempt is wanted.
   */
  async #sendLate(
    run: string,
    signal: AbortSignal,
    enough: AbortSignal,
  ): Promise<UploadSummary | undefined> {
    const pending = (await this.#look()).find((each) => each.run === run);
    // What was refused will be refused again; the next run brings something new.
    const clouds = pending?.clouds.filter((cloud) => !pending.refused.includes(cloud)) ?? [];
    if (clouds.length === 0 || enough.aborted) return undefined;
    const { log } = this.#options;
    log.info("daemon.upload.late", "A graph of an earlier run is handed over", { run });
    return await this.#send({ run, clouds }, signal);
  }

  async #send(parcel: Parcel, signal: AbortSignal): Promise<UploadSummary> {
    const { graph, store, replace, log, now, onAttempt, clock } = this.#options;
    const identifier = await createFixcoreIdentifier(this.#kinds);
    const started = clock.now();
    const summary = await uploadRun({
      ...parcel,
      store,
      target: graph.target,
      replace: replace(),
      identify: (node) => identifier.id(node),
      log,
      now,
      signal,
    }, graph.core);
    await this.#look();
    tell(summary, log);
    onAttempt(summary, (clock.now() - started) / 1_000);
    return summary;
  }

  /** Looks into the store; one that does not exist yet holds nothing. */
  async #look(): Promise<readonly PendingUpload[]> {
    const { graph, store, now } = this.#options;
    try {
      using open = await openStore({ path: store.path, kinds: store.kinds, mode: "read", now });
      this.#waiting = pendingUploads(open, graph.target);
      const [oldest] = this.#waiting;
      const at = oldest === undefined ? undefined : finishedAt(open, oldest.run);
      this.#waitingSince = at === undefined ? undefined : new Date(at);
    } catch (error) {
      this.#options.log.debug("daemon.store.unread", `The store cannot be read: ${error}`);
      this.#waiting = [];
      this.#waitingSince = undefined;
    }
    return this.#waiting;
  }

  async #pause(attempt: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    // The first time at once: most cuts are those of a core that restarts.
    const longest = attempt === 1 ? 0 : Math.min(FIRST_WAIT * 2 ** (attempt - 2), LONGEST_WAIT);
    await clock.sleep(longest * (0.5 + clock.random() / 2), signal);
  }
}

function tell(summary: UploadSummary, log: Logger): void {
  const { outcome, core, run, nodes, edges, reason = "", droppedEdges, shortened } = summary;
  const fields = { core, run, nodes, edges };
  switch (outcome) {
    case "accepted":
      log.info("daemon.upload.accepted", "The core took the graph", fields);
      break;
    case "nothing":
      log.warn("daemon.upload.nothing", `Nothing is uploaded: ${whyNothing(summary)}`, {
        core,
        run,
      });
      break;
    case "unreachable":
      log.warn("daemon.upload.postponed", `The graph waits for the core: ${reason}`, { core, run });
      break;
    case "rejected":
      log.error("daemon.upload.refused", `The core refuses the graph: ${reason}`, { core, run });
  }
  for (const { cloud, account = "", region = "", reason } of summary.leftOut) {
    log.warn("daemon.upload.left_out", `Left as it is at the core: ${LEFT_OUT[reason]}`, {
      cloud,
      account,
      region,
    });
  }
  if (droppedEdges > 0) {
    log.info("daemon.upload.edges", "Edges between parts that are replaced apart are left out", {
      edges: droppedEdges,
    });
  }
  for (const { kind, id } of shortened) {
    log.warn(
      "daemon.upload.shortened",
      "A node is longer than the core takes: its largest values " +
        "are replaced by a note",
      { kind, id },
    );
  }
}

const LEFT_OUT: Readonly<Record<UploadSummary["leftOut"][number]["reason"], string>> = {
  unknown: "no collector told which accounts there are",
  nothing_conclusive: "nothing of it was looked at with a result",
  not_whole: "a part of it was never looked at here, and could not be read from the core",
  gone: "the account is gone, which only replacing the whole cloud tells the core",
  no_node: "its own node is not known",
};

/** Why a run has nothing to say to a core, as one clause. */
export function whyNothing({ leftOut, clouds }: UploadSummary): string {
  const reasons = leftOut.map(({ cloud, account, region, reason }) =>
    `${[cloud, account, region].filter((part) => part !== undefined).join(" ")}: ${
      LEFT_OUT[reason]
    }`
  );
  if (reasons.length > 0) return [...new Set(reasons)].slice(0, 10).join("; ");
  return clouds.length === 0 ? "nothing was collected" : "there is nothing to replace";
}
