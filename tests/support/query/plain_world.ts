import type { PlainEdge, PlainGraph, PlainNode } from "./plain_graph.ts";
import { QUERY_KINDS } from "./plain_graph.ts";

/** A value of JSON. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** A node as its document, with the kinds that it is. */
export interface PlainDocument {
  readonly document: { readonly [key: string]: Plain };
  readonly kinds: ReadonlySet<string>;
}

/** Everything that a query is evaluated on. */
export interface PlainWorld {
  readonly nodes: readonly PlainDocument[];
  readonly edges: readonly PlainEdge[];
  readonly now: Date;
}

/** When the one run of the tests' stores began: `ctime` of what says none. */
const FIRST_SEEN = "2030-01-01T00:01:00Z";

export function worldOf({ nodes, edges }: PlainGraph, now: Date): PlainWorld {
  return { nodes: nodes.map((node) => documentOf(node, nodes)), edges, now };
}

function documentOf(node: PlainNode, all: readonly PlainNode[]): PlainDocument {
  const body: { readonly [key: string]: Plain } = JSON.parse(JSON.stringify(node.body));
  const ctime = body.ctime ?? FIRST_SEEN;
  const account = all.find(({ kind, id }) => kind === "t_account" && id === node.account);
  return {
    kinds: kindsOf(node.kind),
    document: {
      _key: `${node.kind}${node.id}${node.name}`.padEnd(22, "_").slice(0, 22),
      reported: { ...body, kind: node.kind, id: node.id, name: node.name, ctime },
      ...(node.marked ? { desired: { clean: true } } : {}),
      metadata: {
        phantom: node.phantom || kindsOf(node.kind).has("phantom_resource"),
        protected: node.protected !== "no",
        cleaned: false,
        stale: false,
        expires: expiry(body.tags, ctime),
        first_seen_at: FIRST_SEEN,
        changed_at: FIRST_SEEN,
      },
      ancestors: {
        cloud: { reported: { id: "demo", name: "demo" } },
        ...(node.account === "" || node.kind === "t_account" ? {} : {
          account: { reported: { id: node.account, name: account?.name ?? node.account } },
        }),
        ...(node.region === "" || node.kind === "t_region"
          ? {}
          : { region: { reported: { id: node.region, name: node.region } } }),
      },
    },
  };
}

function kindsOf(name: string): ReadonlySet<string> {
  const bases: Readonly<Record<string, readonly string[]>> = {
    quota: ["phantom_resource"],
    phantom_resource: ["resource"],
    account: ["resource"],
    region: ["resource"],
    ...Object.fromEntries(QUERY_KINDS.map((kind) => [kind.name, kind.bases])),
  };
  const all = new Set([name]);
  for (const each of all) for (const base of bases[each] ?? []) all.add(base);
  return all;
}

function expiry(tags: Plain, ctime: Plain): Plain {
  if (typeof tags !== "object" || tags === null || Array.isArray(tags)) return undefined;
  const record = new Map(Object.entries(tags));
  const end = record.get("cloudkeeper:expires");
  if (typeof end === "string") return /^\d{4}-.*Z$/.test(end) ? end : undefined;
  const length = record.get("cloudkeeper:expiration") ?? record.get("expiration");
  const ms = typeof length === "string" ? lengthInMs(length) : undefined;
  if (ms === undefined) return undefined;
  return `${new Date(Date.parse(String(ctime)) + ms).toISOString().slice(0, 19)}Z`;
}

/** Only the few lengths that the tests use. */
export function lengthInMs(text: string): number | undefined {
  const { sign, count, unit } = /^(?<sign>-?)(?<count>\d+)(?<unit>[smhd])$/.exec(text)?.groups ??
    {};
  if (count === undefined || unit === undefined) return undefined;
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? NaN;
  return Number(count) * seconds * 1000 * (sign === "-" ? -1 : 1);
}
