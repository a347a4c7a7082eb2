import assert from "node:assert/strict";
import type {
  CommitResult,
  Core,
  CoreNode,
  CoreRecord,
  DialectName,
  Upload,
  UploadEdge,
  UploadNode,
  UploadPart,
  UploadTraits,
} from "../../lib/core/mod.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../lib/errors/mod.ts";
import { mergeProblems } from "./merge_rules.ts";

/** Two generations, as far as an upload differs. */
export const TRAITS: Readonly<Record<DialectName, UploadTraits>> = {
  ckcore: { crossingEdges: "drop", merges: "one", nodeIds: "with_name" },
  fixcore: { crossingEdges: "defer", merges: "per_sub_graph", nodeIds: "without_name" },
};

const LEVELS: Readonly<Record<string, string>> = {
  cloud: "cloud",
  sky_account: "account",
  sky_region: "region",
};

/**
 * A core in memory, written anew from the rules of a merge. A node lies below the nearest node of each
 * level above it, by dependency edges; what lies below a replaced node and is absent goes.
 */
export class ModelCore implements Core {
  readonly name = "model";
  readonly nodes = new Map<string, UploadNode>();
  edges: UploadEdge[] = [];
  /** Nearest node of each level above a node, as of the merge that told it. */
  readonly #above = new Map<string, ReadonlyMap<string, string>>();
  /** Breaches of the merge's rules; empty for a sound worker. */
  readonly problems: string[] = [];
  commits = 0;
  isDown = false;
  refuses = false;
  /** Records after which reading breaks off. */
  readsOnly = Number.POSITIVE_INFINITY;
  readonly #dialect: DialectName;

  constructor(dialect: DialectName) {
    this.#dialect = dialect;
  }

  dialect(): Promise<DialectName> {
    return Promise.resolve(this.#dialect);
  }

  traits(): Promise<UploadTraits> {
    return Promise.resolve(TRAITS[this.#dialect]);
  }

  prepare(): Promise<void> {
    return this.isDown
      ? Promise.reject(new CoreUnreachableError("the core is down"))
      : Promise.resolve();
  }

  async commit(upload: Upload): Promise<CommitResult> {
    if (this.isDown) throw new CoreUnreachableError("the core is down");
    if (this.refuses) throw new CoreRejectedError(400, "ImportAborted");
    await Promise.resolve();
    this.commits++;
    for (const part of upload.parts) this.#merge(part);
    const parts = upload.parts.map(({ name }) => ({ name, changes: { nodes_created: 1 } }));
    return { parts, bytes: 0, shortened: [] };
  }

  async *query(text: string): AsyncGenerator<CoreRecord> {
    const cloud = /reported\.id == "(.*?)"/.exec(text)?.[1];
    await Promise.resolve();
    let told = 0;
    for (const record of this.#below(String(cloud))) {
      if (told++ >= this.readsOnly) throw new CoreUnreachableError("the answer breaks off");
      yield record;
    }
    if (told >= this.readsOnly) throw new CoreUnreachableError("the answer breaks off");
  }

  async *aggregate(): AsyncGenerator<Record<string, unknown>> {}

  patch(): Promise<void> {
    return Promise.resolve();
  }

  /** Nodes as `account/region/kind id=value`, sorted. */
  contents(): string[] {
    return [...this.nodes.keys()].map((id) => this.describe(id)).sort();
  }

  describe(nodeId: string): string {
    const node = this.nodes.get(nodeId);
    assert.ok(node);
    const at = this.#ancestors(nodeId);
    const own = LEVELS[node.kind];
    const account = own === "account" ? node.id : at.get("account")?.id ?? "";
    const region = own === "region" ? node.name : at.get("region")?.name ?? "";
    const { value } = JSON.parse(node.body);
    return `${account}/${region}/${node.kind} ${node.id}=${value}`;
  }

  #merge(part: UploadPart): void {
    const records = [...part.records()];
    assert.deepEqual([...part.records()], records, "records can be read again");
    this.problems.push(...mergeProblems(part, records, TRAITS[this.#dialect]));
    const nodes = records.flatMap((record) => record.type === "node" ? [record.node] : []);
    const edges = records.flatMap((record) => record.type === "edge" ? [record.edge] : [])
      .filter(({ deferred }) => deferred !== true);
    const sent = new Set(nodes.map(({ nodeId }) => nodeId));
    for (const { nodeId, kind } of nodes.filter(({ replace }) => replace)) {
      const level = LEVELS[kind] ?? "";
      const old = [...this.nodes.keys()].filter((id) => this.#above.get(id)?.get(level) === nodeId);
      for (const id of old) if (!sent.has(id)) this.nodes.delete(id);
      this.edges = this.edges.filter(({ from }) => from !== nodeId && !old.includes(from));
    }
    for (const node of nodes) this.nodes.set(node.nodeId, node);
    for (const { nodeId } of nodes) this.#above.set(nodeId, this.#nearest(nodeId, edges));
    const texts = new Set(this.edges.map(edgeText));
    this.edges.push(...edges.filter((edge) => !texts.has(edgeText(edge))));
    this.edges = this.edges.filter(({ from, to }) => this.nodes.has(from) && this.nodes.has(to));
  }

  *#below(cloud: string): Generator<CoreRecord> {
    const [top] = [...this.nodes.values()].filter((n) => n.kind === "cloud" && n.id === cloud);
    if (top === undefined) return;
    const ids = reach(top.nodeId, this.edges.filter(({ type }) => type === "dependency"));
    for (const id of ids) yield this.#told(id);
    for (const { from, to, type } of this.edges) {
      if (!ids.has(from) || !ids.has(to) || type !== "dependency") continue;
      yield { type: "edge", from, to, edgeType: type };
    }
  }

  #told(nodeId: string): CoreNode {
    const node = this.nodes.get(nodeId);
    assert.ok(node);
    const { kind, id, name, body } = node;
    const ancestors = [...this.#ancestors(nodeId)].map(([level, at]) => [
      level,
      { reported: { id: at.id, name: at.name } },
    ]);
    return {
      type: "node",
      id: nodeId,
      reported: { kind, id, name, ...JSON.parse(body), age: "2d", strange: 1 },
      metadata: { protected: node.protected },
      ...(node.marked === true ? { desired: { clean: true } } : {}),
      ancestors: Object.fromEntries(ancestors),
    };
  }

  #ancestors(nodeId: string): Map<string, UploadNode> {
    return new Map([...this.#above.get(nodeId) ?? []].flatMap(([level, id]) => {
      const node = this.nodes.get(id);
      return node === undefined ? [] : [[level, node]];
    }));
  }

  /** The nearest node of each level above, breadth first. */
  #nearest(nodeId: string, edges: readonly UploadEdge[]): Map<string, string> {
    const found = new Map<string, string>();
    const seen = new Set([nodeId]);
    // A set yields what is added while it is walked.
    for (const id of seen) {
      const level = LEVELS[this.nodes.get(id)?.kind ?? ""];
      if (id !== nodeId && level !== undefined && !found.has(level)) found.set(level, id);
      for (const { from, to, type } of edges) {
        if (to === id && type === "dependency") seen.add(from);
      }
    }
    return found;
  }
}

function edgeText({ from, to, type }: UploadEdge): string {
  return `${from} ${to} ${type}`;
}

/** A node and everything that edges lead to from there. */
function reach(start: string, edges: readonly UploadEdge[]): Set<string> {
  const seen = new Set([start]);
  // A set yields what is added while it is walked.
  for (const id of seen) for (const { from, to } of edges) if (from === id) seen.add(to);
  return seen;
}
