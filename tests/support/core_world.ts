import type { Core, CoreNode, CoreRecord, DialectName } from "../../lib/core/mod.ts";
import { embeddedCore } from "../../lib/embedded/mod.ts";
import type { Kind, Outcome } from "../../lib/model/mod.ts";
import type { Store } from "../../lib/store/mod.ts";
import { Client, node as told } from "../unit/support/fake_core_client.ts";
import { type FakeCore, startFakeCore } from "./fake_core.ts";
import { ManualClock } from "./fake_core/clock.ts";
import { remoteCore } from "./remote_core.ts";
import { finish, openTest } from "./store.ts";

/** The moment at which the cores of the contract are asked. */
export const WORLD_NOW = new Date("2030-01-03T00:00:00Z");

/** A node of the contract's graph; its id is that of the cloud. */
export interface WorldNode {
  readonly id: string;
  readonly kind: "cloud" | "c_account" | "c_region" | "c_disk" | "c_quota";
  /** Id of the node that it hangs below. */
  readonly parent: string;
  readonly account?: string;
  readonly region?: string;
  readonly reported?: Readonly<Record<string, unknown>>;
}

/** Two accounts with a region each; disks in them, and a phantom. */
export const WORLD: readonly WorldNode[] = [
  { id: "sky", kind: "cloud", parent: "top" },
  ...["a", "b"].flatMap((account): readonly WorldNode[] => [
    { id: account, kind: "c_account", parent: "sky", account },
    { id: `${account}-r`, kind: "c_region", parent: account, account },
    disk(account, "1", { tags: { owner: "x", expiration: "1d" }, ctime: "2030-01-01T00:00:00Z" }),
    disk(account, "2", { tags: {}, ctime: "2030-01-02T23:00:00Z", disk_size: 7 }),
    disk(account, "3", {
      tags: { owner: "y", expiration: "never" },
      ctime: "2029-12-01T00:00:00Z",
    }),
  ]),
  { id: "a-q", kind: "c_quota", parent: "a-r", account: "a", region: "a-r" },
];

function disk(account: string, number: string, reported: WorldNode["reported"] = {}): WorldNode {
  const region = `${account}-r`;
  return { id: `${account}-${number}`, kind: "c_disk", parent: region, account, region, reported };
}

export const WORLD_KINDS: readonly Kind[] = [
  { name: "c_account", bases: ["account"], properties: [] },
  { name: "c_region", bases: ["region"], properties: [] },
  {
    name: "c_disk",
    bases: ["resource"],
    properties: [{ name: "disk_size", type: "int64" }],
    changes: ["setTag", "removeTag", "delete", "read"],
  },
  { name: "c_quota", bases: ["resource"], properties: [], phantom: true },
];

/** A core with the contract's graph in it. */
export interface WorldCore extends AsyncDisposable {
  readonly core: Core;
  readonly dialect: DialectName;
  /** Everything that the core could not understand. */
  readonly unread: () => readonly string[];
}

/** How each core is made, by what it is called in the titles of tests. */
export const CORES: readonly (readonly [string, () => Promise<WorldCore>])[] = [
  ["embedded", embedded],
  ["remote ckcore", () => remote("ckcore")],
  ["remote fixcore", () => remote("fixcore")],
];

/** All that a query finds. */
export async function ask(core: Core, text: string): Promise<readonly CoreRecord[]> {
  return await Array.fromAsync(core.query(text, new AbortController().signal));
}

/** Nodes of an answer by their ids in the cloud. */
export async function nodesById(core: Core, text: string): Promise<ReadonlyMap<string, CoreNode>> {
  const nodes = (await ask(core, text)).filter((record) => record.type === "node");
  return new Map(nodes.map((node) => [String(node.reported["id"]), node]));
}

/** Ids in the cloud of the nodes that a query finds, sorted. */
export async function idsOf(core: Core, text: string): Promise<readonly string[]> {
  return [...(await nodesById(core, text)).keys()].sort();
}

/** The id in the graph of a node that the cloud calls so. */
export async function graphId(core: Core, id: string): Promise<string> {
  const path = await core.dialect(new AbortController().signal) === "ckcore" ? "" : "/";
  const node = (await nodesById(core, `${path}reported.id == "${id}"`)).get(id);
  if (node === undefined) throw new Error(`there is no node ${id}`);
  return node.id;
}

async function remote(dialect: DialectName): Promise<WorldCore> {
  const fake = await startFakeCore({ dialect, clock: new ManualClock(WORLD_NOW.getTime()) });
  const client = new Client(fake);
  await client.prepare(toldKinds());
  const merged = await client.merge([
    told(dialect, "top", "graph_root", { tags: {} }),
    ...WORLD.map(({ id, kind, reported = {} }) =>
      told(dialect, id, kind, { tags: {}, ...reported }, {
        ...(kind === "cloud" ? { replace: true } : {}),
        ...(kind === "c_quota" ? { metadata: { phantom: true } } : {}),
      })
    ),
    ...WORLD.map(({ id, parent }) => ({ from: parent, to: id })),
  ]);
  if (merged.status >= 300) throw new Error(merged.text);
  await fake.until(() => hasAll(fake));
  return {
    core: remoteCore(fake.url, dialect),
    dialect,
    unread: () => fake.unreadQueries,
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  };
}

function hasAll(fake: FakeCore): boolean {
  return fake.graph().nodes.size > WORLD.length;
}

function toldKinds(): readonly unknown[] {
  const property = (name: string, kind: string) => ({
    name,
    kind,
    required: false,
    description: "",
  });
  const own = (fqn: string, base: string, ...properties: unknown[]) => ({
    fqn,
    bases: [base],
    properties,
  });
  return [
    {
      ...own("resource", ""),
      bases: [],
      properties: [
        property("id", "string"),
        property("name", "string"),
        property("tags", "dictionary[string, string]"),
        property("ctime", "datetime"),
        { ...property("kind", "string"), required: true },
      ],
    },
    ...["cloud", "account", "region", "zone"].map((fqn) => own(fqn, "resource")),
    own("c_account", "account"),
    own("c_region", "region"),
    own("c_disk", "resource", property("disk_size", "int64")),
    own("c_quota", "resource"),
  ];
}

async function embedded(): Promise<WorldCore> {
  const store = await worldStore();
  return {
    core: embeddedCore(store, { rule: "" }),
    dialect: "ckcore",
    unread: () => [],
    [Symbol.asyncDispose]: () => Promise.resolve(store[Symbol.dispose]()),
  };
}

/** A store with the contract's graph in it. */
export async function worldStore(path = ":memory:", now = () => WORLD_NOW): Promise<Store> {
  const store = await openTest({ kinds: WORLD_KINDS, path, now });
  collectWorld(store, "r1");
  return store;
}

/** Collects the contract's graph once more. @param changes what is different of nodes this time */
export function collectWorld(
  store: Store,
  run: string,
  changes: Readonly<Record<string, { readonly name?: string; readonly outcome?: Outcome }>> = {},
): void {
  const writer = store.beginRun({
    id: run,
    startedAt: WORLD_NOW,
    collectors: ["sky"],
    clouds: ["sky"],
    version: "0.0.0",
  });
  WORLD.forEach(({ id, kind, account = "", region = "", reported = {} }, seq) => {
    const scope = { cloud: "sky", account, region, resource: `${seq}` };
    const number = writer.open(scope, region);
    const { name = id, outcome = "complete" } = changes[id] ?? {};
    if (outcome !== "complete") return void writer.close(number, outcome, []);
    writer.stage(number, {
      seq,
      nodeId: worldId(name),
      kind,
      cloud: "sky",
      account: account || "undefined",
      region: region || "undefined",
      zone: "undefined",
      id,
      name,
      extras: {},
      body: new TextEncoder().encode(JSON.stringify({ tags: {}, ...reported })),
    });
    writer.close(number, "complete", []);
  });
  if (Object.values(changes).some(({ outcome }) => outcome !== undefined)) return finish(writer);
  const keys = writer.keys(WORLD.length);
  const keyOf = (id: string) => keys[WORLD.findIndex((each) => each.id === id)] ?? 0;
  const edges = WORLD.filter(({ parent }) => parent !== "top")
    .map(({ id, parent }) => ({ from: keyOf(parent), to: keyOf(id), type: "dependency" as const }));
  writer.writeEdges(["sky"], edges);
  writer.finish({ finishedAt: WORLD_NOW, exitCode: 0, summary: {}, calls: [], budgets: [] });
}

/** The id in the embedded graph of a node with this name. */
export function worldId(name: string): string {
  return name.padEnd(22, "_");
}
