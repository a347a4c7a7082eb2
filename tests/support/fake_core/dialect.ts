/** Generations of the core: `ckcore` is 2.0.0a10, `fixcore` is 4.2. */
export type CoreDialect = "ckcore" | "fixcore";

/** What differs between the generations as plain facts. Sizes are bytes, times milliseconds. */
export interface DialectFacts {
  readonly edgeTypes: readonly string[];
  readonly defaultEdge: string;
  readonly lineLimit: number;
  readonly jsonLimit: number;
  /** How long lines may take to reach the importing process. */
  readonly stallLimit: number;
  readonly countHeaders: { readonly nodes: string; readonly edges: string };
  readonly nodeKeys: readonly string[];
  readonly patchKeys: readonly string[];
  /** How often a task whose worker is gone is given out again. */
  readonly taskRetries: number;
  readonly closesAfterMessage: boolean;
}

export const DIALECT_FACTS: Readonly<Record<CoreDialect, DialectFacts>> = {
  ckcore: {
    edgeTypes: ["dependency", "delete"],
    defaultEdge: "dependency",
    lineLimit: 128 * 1024,
    jsonLimit: 1024 * 1024,
    stallLimit: 30_000,
    countHeaders: { nodes: "Cloudkeeper-Ckworker-Nodes", edges: "Cloudkeeper-Ckworker-Edges" },
    nodeKeys: ["id", "reported", "desired", "metadata", "replace", "revision"],
    patchKeys: ["id", "revision", "reported", "desired", "metadata"],
    taskRetries: 3,
    closesAfterMessage: true,
  },
  fixcore: {
    edgeTypes: ["default", "delete", "iam"],
    defaultEdge: "default",
    lineLimit: 10 * 1024 * 1024,
    jsonLimit: 5 * 1024 * 1024,
    stallLimit: 90_000,
    countHeaders: { nodes: "Fix-Worker-Nodes", edges: "Fix-Worker-Edges" },
    nodeKeys: ["id", "reported", "desired", "metadata", "replace", "revision", "usage"],
    patchKeys: ["id", "revision", "reported", "desired", "metadata", "security"],
    taskRetries: 0,
    closesAfterMessage: false,
  },
};

/** Longest message that a websocket takes. */
export const MESSAGE_LIMIT = 4 * 1024 * 1024;
/** Lines that go to the importing process at once. */
export const IMPORT_BATCH = 100_000;
