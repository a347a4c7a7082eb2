import type { Kind, NodeExtras, Outcome, ScopeKey } from "../../lib/model/mod.ts";
import {
  type OpenOptions,
  openStore,
  type RunWriter,
  type ScopeStats,
  type Store,
} from "../../lib/store/mod.ts";

/** A small model: a region kind and two resources. */
export const KINDS: readonly Kind[] = [
  { name: "demo_region", bases: ["region"], properties: [] },
  {
    name: "demo_instance",
    bases: ["instance"],
    properties: [
      { name: "state", type: "string" },
      { name: "load", type: "int64", volatile: true },
    ],
  },
  { name: "demo_disk", bases: ["resource"], properties: [{ name: "size", type: "int64" }] },
];

/** A node in short form; the rest has defaults. */
export interface TestNode {
  readonly id: string;
  readonly kind?: string;
  readonly name?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly body?: unknown;
  /** Text of the body as it is, instead of `body`. */
  readonly text?: string;
  readonly extras?: NodeExtras;
}

/** What one scope of a run brings. */
export interface TestScope {
  readonly scope: ScopeKey;
  readonly nodes?: readonly TestNode[];
  readonly outcome?: Outcome;
}

/** A clock that advances by a minute with every look. */
export function testClock(): () => Date {
  let now = Date.UTC(2030, 0, 1);
  return () => new Date(now += 60_000);
}

/** A scope of the demo cloud. */
export function scopeKey(resource = "demo_instance", region = "eu", account = "a1"): ScopeKey {
  return { cloud: "demo", account, region, resource };
}

export function openTest(options: Partial<OpenOptions> = {}): Promise<Store> {
  return openStore({ path: ":memory:", kinds: KINDS, now: testClock(), mode: "write", ...options });
}

export function begin(store: Store, id: string): RunWriter {
  return store.beginRun({
    id,
    startedAt: store.options.now(),
    collectors: ["demo"],
    clouds: ["demo"],
    version: "0.0.0",
  });
}

export function finish(writer: RunWriter, finishedAt = new Date(Date.UTC(2030, 0, 2))): void {
  writer.finish({ finishedAt, exitCode: 0, summary: { ok: true }, calls: [], budgets: [] });
}

/** Stages nodes into an open scope; `first` is the number of the first line. */
export function stageAll(
  writer: RunWriter,
  number: number,
  key: ScopeKey,
  nodes: readonly TestNode[],
  first = 0,
): void {
  nodes.forEach((node, index) =>
    writer.stage(number, {
      seq: first + index,
      nodeId: `${node.kind ?? ""}${node.id}${node.name ?? ""}`.padEnd(22, "_").slice(0, 22),
      kind: node.kind ?? "demo_instance",
      cloud: key.cloud,
      account: key.account,
      region: node.region ?? key.region,
      zone: node.zone ?? "undefined",
      id: node.id,
      name: node.name ?? node.id,
      extras: node.extras ?? {},
      body: new TextEncoder().encode(node.text ?? JSON.stringify(node.body ?? {})),
    })
  );
}

/** Opens, stages and closes one scope. */
export function look(writer: RunWriter, scope: TestScope, first = 0): ScopeStats {
  const number = writer.open(scope.scope, scope.scope.region);
  stageAll(writer, number, scope.scope, scope.nodes ?? [], first);
  return writer.close(number, scope.outcome ?? "complete", []);
}

/** One whole run. */
export function runOnce(store: Store, id: string, scopes: readonly TestScope[]): ScopeStats[] {
  const writer = begin(store, id);
  let first = 0;
  const stats = scopes.map((scope) => {
    const result = look(writer, scope, first);
    first += scope.nodes?.length ?? 0;
    return result;
  });
  finish(writer);
  return stats;
}

/** Visible nodes, by SQL. */
export function nodesOf(store: Store): { id: string; name: string; stale: number; body: string }[] {
  return store.db.all("SELECT id, name, stale, body FROM node ORDER BY kind, region, id, name");
}

export function idsOf(store: Store): string[] {
  return nodesOf(store).map(({ id, stale }) => stale === 1 ? `${id}*` : id);
}

/** A folder that is removed when disposed. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}
