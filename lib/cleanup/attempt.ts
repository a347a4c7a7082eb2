import { ChangeError, CkError } from "../errors/mod.ts";
import { cleanupRules } from "../model/mod.ts";
import type { ChangeNode, NodeReading } from "../sdk/mod.ts";
import type { ExecuteOptions } from "./execute_options.ts";
import { differences, fingerprintOf } from "./fingerprint.ts";
import { guardKind, guardNode, isEnded, type Refusal } from "./guards.ts";
import { type KnownNode, toChangeNode } from "./known.ts";
import type { PlanEntry } from "./plan.ts";
import type { Decision } from "./report.ts";

/** A node that was found as it was planned. */
export interface Ready {
  readonly entry: PlanEntry;
  /** With the properties that its cloud told last. */
  readonly node: ChangeNode;
}

/** What an inspection came to. */
export type Inspected = { readonly ready: Ready } | { readonly decision: Decision };

/** First and longest time between two looks at a node that goes, milliseconds. */
const FIRST_LOOK = 2_000;
const LONGEST_LOOK = 30_000;

/** The steps of one node, each with what has to hold before it. */
export class Attempt {
  readonly #options: ExecuteOptions;

  constructor(options: ExecuteOptions) {
    this.#options = options;
  }

  /** Asks the guards what is known now, without the cloud. */
  guard(entry: PlanEntry): Refusal | undefined {
    const known = this.#options.knowledge.find(entry);
    if (known === undefined) return changed("it is not known any more");
    const { kinds, limits, clock } = this.#options;
    const context = { kinds, limits, now: clock.now() };
    const { node } = known;
    const refusal = guardNode(node, context);
    const orders = ["phantom", "protected", "not_marked"];
    if (refusal !== undefined && orders.includes(refusal.guard)) return refusal;
    if (fingerprintOf(kinds, node) !== entry.fingerprint) {
      return changed("what is known of it has changed since the plan was made");
    }
    return refusal ?? (entry.action === "delete" ? guardKind(node, context) : undefined);
  }

  /** Whether something is done before the node is deleted. */
  isPrepared(entry: PlanEntry): boolean {
    return this.#options.cloud.has(entry, "prepare");
  }

  /**
   * Asks the cloud for the node, and everything again that may refuse it.
   * @param touched whether this clean-up itself may have changed it
   * @throws CkError when the cloud does not answer: then nothing is done
   */
  async inspect(entry: PlanEntry, touched: boolean): Promise<Inspected> {
    const refusal = this.guard(entry);
    if (refusal !== undefined) return refused(refusal);
    const known = this.#options.knowledge.find(entry);
    if (known === undefined) return refused(changed("it is not known any more"));
    const { node } = known;
    const asStored = toChangeNode(known, node.reported, node.name);
    // What cannot be read is as fresh as the look at its scope, whose age the guard has asked.
    if (!this.#options.cloud.has(entry, "read")) return { ready: { entry, node: asStored } };
    const read = await this.#read(asStored);
    if (read === undefined) return { decision: { outcome: "already_gone", why: "" } };
    const refusedNow = this.#judge(known, read, touched);
    if (refusedNow !== undefined) return refused(refusedNow);
    const reported = { ...kept(node.reported, read), ...read.reported };
    return { ready: { entry, node: toChangeNode(known, reported, read.name ?? node.name) } };
  }

  async prepare({ node }: Pick<Ready, "node">): Promise<Decision | undefined> {
    const { cloud, signal } = this.#options;
    const { outcome } = await cloud.change(node, "prepare", signal);
    return outcome === "gone" ? { outcome: "already_gone", why: "" } : undefined;
  }

  /** Undefined when the cloud has taken the order, and it can be asked what came of it. */
  async delete({ entry, node }: Ready): Promise<Decision | undefined> {
    const { cloud, signal } = this.#options;
    const { outcome } = await cloud.change(node, "delete", signal);
    if (outcome === "gone") return { outcome: "cleaned", why: "" };
    if (cloud.has(entry, "read")) return undefined;
    return { outcome: "unverified", why: "its plugin cannot say whether it is gone" };
  }

  /** Looks until the node is gone. */
  async verify({ node }: Pick<Ready, "node">): Promise<Decision> {
    try {
      if (await this.#untilGone(node)) return { outcome: "cleaned", why: "" };
    } catch (error) {
      if (this.#options.signal.aborted || !(error instanceof CkError)) throw error;
      return { outcome: "unverified", why: `the cloud took the order; ${error.message}` };
    }
    return { outcome: "unverified", why: "the cloud took the order, and still lists it" };
  }

  /** Looks until a node that goes with another one is gone. */
  async watch(entry: PlanEntry): Promise<Decision> {
    const known = this.#options.knowledge.find(entry);
    const went = { outcome: "goes_with_parent", why: "" } as const;
    if (known === undefined) return went;
    if (!this.#options.cloud.has(entry, "read")) {
      return { outcome: "unverified", why: "its plugin cannot say whether it is gone" };
    }
    const node = toChangeNode(known, known.node.reported, known.node.name);
    if (await this.#untilGone(node)) return went;
    return { outcome: "unverified", why: "what it goes with is gone, and it is still listed" };
  }

  async #untilGone(node: ChangeNode): Promise<boolean> {
    const { clock, verifyMs, signal } = this.#options;
    const deadline = clock.now().getTime() + verifyMs;
    for (let wait = FIRST_LOOK;; wait = Math.min(wait * 2, LONGEST_LOOK)) {
      if (await this.#read(node) === undefined) return true;
      if (clock.now().getTime() + wait > deadline) return false;
      await clock.sleep(wait, signal);
    }
  }

  /** Undefined when the cloud has no such node any more. */
  async #read(node: ChangeNode): Promise<NodeReading | undefined> {
    const { cloud, signal, kinds } = this.#options;
    const { outcome, read } = await cloud.change(node, "read", signal);
    if (outcome === "gone") return undefined;
    if (read === undefined) {
      throw new ChangeError("failed", `the plugin read ${node.kind} ${node.id} and told nothing`, {
        context: { kind: node.kind },
      });
    }
    const seen = { kind: node.kind, name: read.name ?? node.name, reported: read.reported };
    return isEnded(seen, kinds) ? undefined : read;
  }

  #judge({ node, foreign }: KnownNode, read: NodeReading, touched: boolean): Refusal | undefined {
    const { kinds, limits, clock } = this.#options;
    if (read.phantom === true) return { guard: "phantom", why: "it is no resource of the cloud" };
    if (read.protected === true) return { guard: "protected", why: "its plugin protects it" };
    if (read.unknown.includes("tags")) {
      throw new ChangeError("failed", `the tags of ${node.kind} ${node.id} cannot be read`, {
        context: { kind: node.kind },
        hint: "Somebody may have set one that keeps it. Allow the call that reads them.",
      });
    }
    const { loose } = cleanupRules(kinds, node.kind);
    const names = differences(kinds, node, { ...read, name: read.name }, {
      touched,
      onlyKnown: foreign,
      loose,
    });
    if (names.length > 0) return changed(`it has changed: ${names.join(", ")}`);
    const now = { ...node, reported: { ...kept(node.reported, read), ...read.reported } };
    return guardKind(now, { kinds, limits, now: clock.now() });
  }
}

/** What was known and could not be read now. */
function kept(reported: Readonly<Record<string, unknown>>, { unknown }: NodeReading) {
  return Object.fromEntries(
    unknown.flatMap((name) => Object.hasOwn(reported, name) ? [[name, reported[name]]] : []),
  );
}

function changed(why: string): Refusal {
  return { guard: "changed", why };
}

function refused(refusal: Refusal): Inspected {
  return { decision: { outcome: "refused", ...refusal } };
}
