import type { CoreDialect } from "./dialect.ts";
import { DIALECT_FACTS } from "./dialect.ts";
import { isObject, type JsonObject, parseJson, section } from "./json.ts";
import type { Model } from "./model.ts";
import { checkReported } from "./values.ts";

/** A node of an upload as the core takes it: dates in its form, what was sent beside it. */
export interface UploadedNode {
  readonly id: string;
  readonly kind: string;
  readonly reported: JsonObject;
  readonly desired?: JsonObject;
  readonly metadata?: JsonObject;
  readonly usage?: JsonObject;
  readonly replace: boolean;
  /** The document as it came. */
  readonly sent: JsonObject;
}

export interface UploadedEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly reported?: JsonObject;
}

/** One end of an edge that is looked up later. */
export type EdgeSelector = { readonly node: string } | { readonly criteria: string };

/** An edge whose ends may lie in another upload. */
export interface DeferredEdge {
  readonly from: EdgeSelector;
  readonly to: EdgeSelector;
  readonly type: string;
  readonly reported?: JsonObject;
}

export type UploadLine =
  | { readonly type: "node"; readonly node: UploadedNode }
  | { readonly type: "edge"; readonly edge: UploadedEdge }
  | { readonly type: "deferred"; readonly edge: DeferredEdge };

/** What a line is, why the core refuses it, and what only a worker must not do. */
export interface ReadLine {
  readonly line?: UploadLine;
  readonly refusals: readonly string[];
  readonly violations: readonly string[];
}

/** Reads one line of an upload. */
export function readUploadLine(text: string, model: Model, dialect: CoreDialect): ReadLine {
  const bytes = text.length * 3 > DIALECT_FACTS[dialect].lineLimit
    ? new TextEncoder().encode(text).length
    : text.length;
  if (bytes > DIALECT_FACTS[dialect].lineLimit) return refused("Chunk too big");
  const json = parseJson(text);
  if (!isObject(json)) return refused(`a line is no JSON object: ${text.slice(0, 80)}`);
  if ("id" in json && "reported" in json) return readNode(json, model, dialect);
  if ("from" in json && "to" in json) return readEdge(json, dialect);
  if (dialect === "fixcore" && "from_selector" in json && "to_selector" in json) {
    return readDeferred(json);
  }
  return refused(`a line is neither node nor edge: ${text.slice(0, 80)}`);
}

function readNode(json: JsonObject, model: Model, dialect: CoreDialect): ReadLine {
  const { id, reported } = json;
  if (typeof id !== "string" || id === "") return refused("the id of a node is no text");
  if (!isObject(reported)) return refused(`node ${id}: reported is no object`);
  const kind = reported["kind"];
  if (typeof kind !== "string") return refused(`node ${id}: has no kind`);
  if (model.complex(kind) === undefined) return refused(`node ${id}: kind ${kind} is not known`);
  const checked = kind === "graph_root"
    ? { value: reported, problems: [] }
    : checkReported(model, kind, reported);
  const sections = ["desired", "metadata", "usage"].filter((name) => name in json);
  const replace = isReplaced(json, dialect);
  const node: UploadedNode = {
    id,
    kind,
    reported: isObject(checked.value) ? checked.value : reported,
    ...Object.fromEntries(sections.map((name) => [name, json[name]])),
    replace,
    sent: json,
  };
  const refusals = [
    ...checked.problems,
    ...sections.filter((name) => !isObject(json[name])).map((name) => `${name} is no object`),
    ...(replace && !isPlace(model, kind) ? [`replace at a ${kind}`] : []),
    ...("usage" in json ? usageProblems(section(json, "usage")) : []),
  ];
  const violations = [
    ...Object.keys(json).filter((key) => !DIALECT_FACTS[dialect].nodeKeys.includes(key))
      .map((key) => `key ${key}`),
    ...metadataViolations(section(json, "metadata"), dialect),
    ...("replace" in json && json["replace"] !== true ? ["replace is not true"] : []),
  ];
  const told = (text: string) => `node ${id} (${kind}): ${text}`;
  return {
    line: { type: "node", node },
    refusals: refusals.map(told),
    violations: violations.map(told),
  };
}

const PLACES = ["cloud", "account", "region", "zone"] as const;

function isPlace(model: Model, kind: string): boolean {
  return PLACES.some((place) => model.hierarchy(kind).has(place));
}

function isReplaced(json: JsonObject, dialect: CoreDialect): boolean {
  if (json["replace"] === true) return true;
  return dialect === "fixcore" && section(json, "metadata")["replace"] === true;
}

function metadataViolations(metadata: JsonObject, dialect: CoreDialect): readonly string[] {
  const problems: string[] = [];
  if (typeof metadata["python_type"] !== "string") problems.push("metadata has no python_type");
  if (dialect === "ckcore") {
    for (const name of ["cleaned", "phantom", "protected"]) {
      if (typeof metadata[name] !== "boolean") problems.push(`metadata.${name} is no boolean`);
    }
    return problems;
  }
  if (!Array.isArray(metadata["categories"])) problems.push("metadata.categories is no list");
  if ("phantom" in metadata) problems.push("metadata.phantom is not of this generation");
  for (const name of ["cleaned", "protected", "replace"]) {
    if (name in metadata && metadata[name] !== true) problems.push(`metadata.${name} is not true`);
  }
  return problems;
}

function usageProblems(usage: JsonObject): readonly string[] {
  return Object.entries(usage).flatMap(([metric, values]) => {
    const isFigures = isObject(values) &&
      Object.entries(values).every(([name, value]) =>
        ["min", "avg", "max"].includes(name) && typeof value === "number"
      );
    return isFigures ? [] : [`usage ${metric} is no min, avg and max`];
  });
}

function readEdge(json: JsonObject, dialect: CoreDialect): ReadLine {
  const { from, to, edge_type: type = DIALECT_FACTS[dialect].defaultEdge } = json;
  if (typeof from !== "string" || typeof to !== "string") {
    return refused("an edge's end is no text");
  }
  if (typeof type !== "string" || !DIALECT_FACTS[dialect].edgeTypes.includes(type)) {
    return refused(`edge ${from} → ${to}: type ${JSON.stringify(type)}`);
  }
  const reported = json["reported"];
  const allowed = ["from", "to", "edge_type", ...(dialect === "fixcore" ? ["reported"] : [])];
  return {
    line: { type: "edge", edge: { from, to, type, ...(isObject(reported) ? { reported } : {}) } },
    refusals: from === to ? [`edge ${from}: leads to itself`] : [],
    violations: Object.keys(json).filter((key) => !allowed.includes(key))
      .map((key) => `edge ${from} → ${to}: key ${key}`),
  };
}

function readDeferred(json: JsonObject): ReadLine {
  const from = readSelector(json["from_selector"]);
  const to = readSelector(json["to_selector"]);
  const { edge_type: type = "default", reported } = json;
  if (from === undefined || to === undefined) {
    return refused("a deferred edge's end is no selector");
  }
  if (typeof type !== "string" || !DIALECT_FACTS.fixcore.edgeTypes.includes(type)) {
    return refused(`a deferred edge has the type ${JSON.stringify(type)}`);
  }
  const edge = { from, to, type, ...(isObject(reported) ? { reported } : {}) };
  return { line: { type: "deferred", edge }, refusals: [], violations: [] };
}

function readSelector(value: unknown): EdgeSelector | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value["node_id"] === "string") return { node: value["node_id"] };
  const criteria = value["search_criteria"];
  return typeof criteria === "string" ? { criteria } : undefined;
}

function refused(text: string): ReadLine {
  return { refusals: [text], violations: [] };
}
