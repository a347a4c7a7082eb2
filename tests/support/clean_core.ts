import type { Core, CoreRecord, DialectName, NodePatch } from "../../lib/core/mod.ts";
import { CoreUnreachableError } from "../../lib/errors/mod.ts";
import { identityAt, reportedAt, type World } from "./clean_world.ts";

/** How a core tells less, or other, than the truth. */
export interface CoreFaults {
  /** Nodes that it tells without their ancestors. */
  readonly withoutAncestors: readonly number[];
  /** Nodes that it leaves out, the edges to them not. */
  readonly leftOut: readonly number[];
  /** Nodes that it tells twice, under a second id. */
  readonly twice: readonly number[];
  /** It gives no answer. */
  readonly silent: boolean;
  /** It does not take what it is told. */
  readonly deaf: boolean;
}

export const NO_FAULTS: CoreFaults = {
  withoutAncestors: [],
  leftOut: [],
  twice: [],
  silent: false,
  deaf: false,
};

/** A core that holds the world; only what a clean-up asks of it. */
export class CleanCore implements Core {
  readonly name = "http://core.test";
  readonly patches: NodePatch[] = [];
  readonly queries: string[] = [];
  readonly #world: World;
  readonly #faults: CoreFaults;
  readonly #dialect: DialectName;

  constructor(world: World, faults: CoreFaults = NO_FAULTS, dialect: DialectName = "ckcore") {
    this.#world = world;
    this.#faults = faults;
    this.#dialect = dialect;
  }

  dialect(): Promise<DialectName> {
    return Promise.resolve(this.#dialect);
  }

  traits(): Promise<never> {
    return Promise.reject(new Error("nobody asks"));
  }

  prepare(): Promise<never> {
    return Promise.reject(new Error("nobody asks"));
  }

  commit(): Promise<never> {
    return Promise.reject(new Error("nobody asks"));
  }

  async *aggregate(): AsyncGenerator<never> {}

  async *query(text: string): AsyncGenerator<CoreRecord> {
    this.queries.push(text);
    if (this.#faults.silent) throw new CoreUnreachableError("no answer");
    yield* this.#records();
  }

  patch(patches: Iterable<NodePatch>): Promise<void> {
    if (this.#faults.deaf) return Promise.reject(new CoreUnreachableError("no answer"));
    this.patches.push(...patches);
    return Promise.resolve();
  }

  *#records(): Generator<CoreRecord> {
    const { leftOut, twice } = this.#faults;
    for (const index of this.#world.nodes.keys()) {
      if (leftOut.includes(index)) continue;
      yield this.#node(index, `c${index}`);
      if (twice.includes(index)) yield this.#node(index, `d${index}`);
    }
    for (const { from, to, type } of this.#world.edges) {
      yield { type: "edge", from: `c${from}`, to: `c${to}`, edgeType: type };
    }
  }

  #node(index: number, id: string): CoreRecord {
    const node = this.#world.nodes[index];
    const identity = identityAt(this.#world, index);
    const ancestors = {
      cloud: { reported: { id: "world", name: "world" } },
      account: { reported: { id: identity.account, name: identity.account } },
    };
    return {
      type: "node",
      id,
      reported: {
        kind: identity.kind,
        ...reportedAt(this.#world, index),
        id: identity.id,
        name: identity.id,
      },
      desired: { clean: node?.marked === true },
      metadata: {
        cleaned: false,
        protected: node?.protected === true,
        phantom: node?.phantom === true,
      },
      ...(this.#faults.withoutAncestors.includes(index) ? {} : { ancestors }),
    };
  }
}
