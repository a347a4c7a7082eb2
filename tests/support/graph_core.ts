import type { Core, CoreRecord, DialectName, NodePatch } from "../../lib/core/mod.ts";

/** What a core in memory answers and keeps. */
export interface GraphCore extends Core {
  /** Texts that were asked, in order. */
  readonly asked: string[];
  readonly patches: NodePatch[];
  /** Queries under way that nobody has left. */
  readonly open: number;
}

/** What a core in memory is to say. */
export interface GraphCoreOptions {
  readonly dialect?: DialectName;
  /** Records of a query. Default: none. */
  readonly query?: (
    text: string,
    signal: AbortSignal,
  ) => Iterable<CoreRecord> | AsyncIterable<CoreRecord>;
  /** Groups of an aggregation. Default: none. */
  readonly aggregate?: (text: string) => readonly Readonly<Record<string, unknown>>[];
  readonly patch?: (patches: readonly NodePatch[]) => void;
}

/** A core in memory whose answers a test writes; it understands no query by itself. */
export function graphCore(options: GraphCoreOptions = {}): GraphCore {
  const asked: string[] = [];
  const patches: NodePatch[] = [];
  let open = 0;
  return {
    name: "memory",
    asked,
    patches,
    get open() {
      return open;
    },
    dialect: () => Promise.resolve(options.dialect ?? "ckcore"),
    traits: () => Promise.reject(new Error("nobody uploads here")),
    prepare: () => Promise.resolve(),
    commit: () => Promise.reject(new Error("nobody uploads here")),
    async *query(text, signal) {
      asked.push(text);
      open++;
      try {
        for await (const record of options.query?.(text, signal) ?? []) {
          signal.throwIfAborted();
          yield record;
        }
      } finally {
        open--;
      }
    },
    async *aggregate(text) {
      asked.push(text);
      yield* options.aggregate?.(text) ?? [];
    },
    patch(given) {
      const list = [...given];
      options.patch?.(list);
      patches.push(...list);
      return Promise.resolve();
    },
  };
}

/** Parts of a node in which it differs from a plain one. */
export interface NodeParts {
  readonly kind?: string;
  /** Id in the cloud; by default the graph's. */
  readonly resource?: string;
  readonly name?: string;
  readonly cloud?: string;
  readonly account?: string;
  readonly region?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly reported?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly marked?: boolean;
}

/** A node as a core answers it. */
export function coreNode(id: string, parts: NodeParts = {}): CoreRecord & { type: "node" } {
  const { kind = "aws_ec2_volume", resource = id, name = resource, tags = {} } = parts;
  const ancestor = (value: string) => ({ reported: { id: value, name: value } });
  return {
    type: "node",
    id,
    reported: { kind, id: resource, name, tags, ...parts.reported },
    ...(parts.marked ? { desired: { clean: true } } : {}),
    metadata: { cleaned: false, phantom: false, protected: false, ...parts.metadata },
    ancestors: {
      cloud: ancestor(parts.cloud ?? "aws"),
      account: ancestor(parts.account ?? "111122223333"),
      region: ancestor(parts.region ?? "eu-west-1"),
    },
  };
}

/** An edge as a core answers it. */
export function coreEdge(from: string, to: string): CoreRecord & { type: "edge" } {
  return { type: "edge", from, to, edgeType: "dependency" };
}
