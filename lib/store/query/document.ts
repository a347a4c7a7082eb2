import { AGES, formatDuration } from "../../query/mod.ts";
import { known } from "../export/table.ts";
import type { ReadNode } from "../read_graph.ts";
import { parseObject } from "../same_body.ts";

/** What a document says beside what is in the row of its node. */
export interface NodeFacts {
  /** When it was made; when it was first seen, if the cloud does not say. */
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  /** When a run last found it different, or new. */
  readonly changedAt: string | null;
  /** Names of cloud, account, region and zone; null for those that it has not. */
  readonly ancestors: Readonly<Record<"cloud" | "account" | "region" | "zone", string | null>>;
  readonly tag: string | null;
  /** JSON texts by the name under which they are merged in. */
  readonly merged: readonly (readonly [name: string, json: string | null])[];
}

const NOTHING = /^\{\s*\}$/;

/**
 * The document of a node, one line of JSON in the form in which a core answers it. What is reported
 * is passed on as it is stored, so that no number loses a digit.
 */
export function nodeDocument(node: ReadNode, facts: NodeFacts, now: Date): string {
  const parts = [
    `"id":${JSON.stringify(node.nodeId)},"type":"node"`,
    `"reported":${reported(node, facts, now)}`,
    ...(node.marked ? ['"desired":{"clean":true}'] : []),
    `"metadata":${JSON.stringify(metadata(node, facts))}`,
    `"ancestors":${JSON.stringify(ancestors(node, facts))}`,
    ...merged(facts),
  ];
  return `{${parts.join(",")}}`;
}

function reported(node: ReadNode, { createdAt }: NodeFacts, now: Date): string {
  const { kind, id, name, body } = node;
  const properties = parseObject(body);
  const added: Record<string, unknown> = {};
  if (properties.ctime === undefined && createdAt !== null) added.ctime = createdAt;
  for (const [age, date] of AGES) {
    const time = Date.parse(String(date === "ctime" ? createdAt : properties[date]));
    if (!Number.isNaN(time)) added[age] = formatDuration(now.getTime() - time);
  }
  const head = JSON.stringify({ kind, id, name }).slice(0, -1);
  const stored = NOTHING.test(body) ? "" : `,${body.trim().slice(1, -1)}`;
  const tail = JSON.stringify(added).slice(1, -1);
  return `${head}${stored}${tail === "" ? "" : `,${tail}`}}`;
}

function metadata(node: ReadNode, { changedAt, expiresAt, tag }: NodeFacts) {
  return {
    phantom: node.phantom,
    protected: node.protected,
    cleaned: node.cleaned,
    stale: node.stale,
    first_seen_at: toSecond(node.firstSeenAt),
    last_seen_at: toSecond(node.lastSeenAt),
    changed_at: changedAt,
    ...(expiresAt === null ? {} : { expires: expiresAt }),
    ...(tag === null ? {} : { query_tag: tag }),
  };
}

/** As queries compare it. */
function toSecond(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

function ancestors(node: ReadNode, facts: NodeFacts) {
  const ids = {
    cloud: node.cloud,
    account: known(node.account),
    region: known(node.region),
    zone: known(node.zone),
  };
  const levels = (["cloud", "account", "region", "zone"] as const).flatMap((level) => {
    const name = facts.ancestors[level];
    return name === null ? [] : [[level, { reported: { id: ids[level], name } }]];
  });
  return Object.fromEntries(levels);
}

/** A dotted name is a place inside of the document, `a.b` in the object `a`. */
function merged({ merged }: NodeFacts): readonly string[] {
  const top = Map.groupBy(merged, ([name]) => name.split(".")[0] ?? name);
  return [...top].map(([name, parts]) => {
    const [only] = parts;
    const text = parts.length === 1 && only?.[0] === name
      ? only[1] ?? "null"
      : JSON.stringify(nested(parts, name.length + 1));
    return `${JSON.stringify(name)}:${text}`;
  });
}

function nested(parts: NodeFacts["merged"], from: number): unknown {
  const root: Record<string, unknown> = {};
  for (const [name, json] of parts) {
    const steps = name.slice(from).split(".");
    const last = steps.pop() ?? "";
    let at = root;
    for (const step of steps) {
      const next: Record<string, unknown> = {};
      at[step] ??= next;
      const inner = at[step];
      at = inner !== null && typeof inner === "object" ? { ...inner } : next;
    }
    at[last] = json === null ? null : JSON.parse(json);
  }
  return root;
}
