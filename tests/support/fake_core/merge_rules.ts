import type { CoreDialect } from "./dialect.ts";
import { DIALECT_FACTS } from "./dialect.ts";
import {
  type DeferredEdge,
  readUploadLine,
  type UploadedEdge,
  type UploadedNode,
} from "./merge_line.ts";
import { type Model, Model as CoreModel, modelProblems, readKinds } from "./model.ts";
import { graphProblems } from "./merge_graph.ts";

/** An upload that came in whole. The root's id is the core's own. */
export interface Upload {
  readonly nodes: ReadonlyMap<string, UploadedNode>;
  readonly edges: readonly UploadedEdge[];
  readonly deferred: readonly DeferredEdge[];
  /** Ids of the nodes that are replaced with everything below them. */
  readonly replaced: readonly string[];
}

/** The verdict about an upload. */
export interface UploadVerdict {
  /** Why a core refuses it. */
  readonly refusals: readonly string[];
  /** What a core takes, but no worker may send. */
  readonly violations: readonly string[];
  readonly upload: Upload;
}

/** How many lines of each sort a worker said it sends; undefined when it said nothing. */
export interface ToldCounts {
  readonly nodes: number | undefined;
  readonly edges: number | undefined;
}

/** Would a core accept this upload? Reads it line by line. */
export class UploadReader {
  readonly #model: Model;
  readonly #dialect: CoreDialect;
  readonly #nodes = new Map<string, UploadedNode>();
  readonly #edges = new Map<string, UploadedEdge>();
  readonly #deferred: DeferredEdge[] = [];
  readonly #refusals: string[] = [];
  readonly #violations: string[] = [];
  #edgeLines = 0;

  constructor(model: Model, dialect: CoreDialect) {
    this.#model = model;
    this.#dialect = dialect;
  }

  /** Takes a line without its line break. @returns why a core refuses it, if it does */
  add(text: string): string | undefined {
    const { line, refusals, violations } = readUploadLine(text, this.#model, this.#dialect);
    this.#refusals.push(...refusals);
    this.#violations.push(...violations);
    if (line?.type === "node") this.#addNode(line.node);
    else if (line?.type === "edge") this.#addEdge(line.edge);
    else if (line?.type === "deferred") this.#deferred.push(line.edge);
    return refusals[0];
  }

  /** The verdict once every line is in. */
  finish(told?: ToldCounts): UploadVerdict {
    const root = this.#root();
    const rename = (id: string) => id === root ? "root" : id;
    const nodes = new Map(
      [...this.#nodes.values()].map((node) => [rename(node.id), { ...node, id: rename(node.id) }]),
    );
    const edges = [...this.#edges.values()]
      .map((edge) => ({ ...edge, from: rename(edge.from), to: rename(edge.to) }));
    const replaced = [...nodes.values()].filter(({ replace }) => replace).map(({ id }) => id);
    const upload = { nodes, edges, deferred: this.#deferred, replaced };
    const graph = graphProblems(upload, this.#model, this.#dialect);
    return {
      refusals: [...this.#refusals, ...graph.refusals],
      violations: [...this.#violations, ...graph.violations, ...this.#countViolations(told)],
      upload,
    };
  }

  #addNode(node: UploadedNode): void {
    if (this.#nodes.has(node.id)) this.#violations.push(`node ${node.id}: comes twice`);
    if (this.#edgeLines > 0 || this.#deferred.length > 0) {
      this.#violations.push(`node ${node.id}: comes behind an edge`);
    }
    this.#nodes.set(node.id, node);
  }

  #addEdge(edge: UploadedEdge): void {
    const key = `${edge.type} ${edge.from} ${edge.to}`;
    if (this.#edges.has(key)) this.#violations.push(`edge ${key}: comes twice`);
    if (this.#deferred.length > 0) {
      this.#violations.push(`edge ${key}: comes behind a deferred one`);
    }
    this.#edgeLines++;
    this.#edges.set(key, edge);
  }

  /** A root of the kind `graph_root` becomes the root of the core's graph, whatever its id is. */
  #root(): string | undefined {
    const children = new Set([...this.#edges.values()].map(({ to }) => to));
    return [...this.#nodes.values()]
      .find(({ id, kind }) => kind === "graph_root" && !children.has(id))?.id;
  }

  #countViolations(told: ToldCounts | undefined): readonly string[] {
    if (told === undefined) return [];
    const headers = DIALECT_FACTS[this.#dialect].countHeaders;
    return [
      ...(told.nodes === this.#nodes.size
        ? []
        : [`${headers.nodes} is ${told.nodes} for ${this.#nodes.size} nodes`]),
      ...(told.edges === this.#edgeLines
        ? []
        : [`${headers.edges} is ${told.edges} for ${this.#edgeLines} edges`]),
    ];
  }
}

/** The verdict about lines that are all at hand. */
export function checkUpload(
  model: Model,
  lines: Iterable<string>,
  dialect: CoreDialect,
): UploadVerdict {
  const reader = new UploadReader(model, dialect);
  for (const line of lines) reader.add(line);
  return reader.finish();
}

/**
 * Everything wrong with a model and an upload, as text; for tests of graphs without a server.
 * @param kinds the model as it goes over the wire, parsed or as text
 * @param upload one JSON document a line, as text or as lines
 */
export function uploadProblems(
  kinds: unknown,
  upload: string | Iterable<string>,
  dialect: CoreDialect = "ckcore",
): readonly string[] {
  const model = new CoreModel(readKinds(typeof kinds === "string" ? JSON.parse(kinds) : kinds));
  const lines = typeof upload === "string" ? upload.replace(/\n$/, "").split("\n") : upload;
  const { refusals, violations } = checkUpload(model, lines, dialect);
  return [...modelProblems(model).map(({ message }) => message), ...refusals, ...violations];
}
