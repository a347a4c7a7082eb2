import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import {
  collectOnce,
  type CollectorRequest,
  type CollectPorts,
  type CollectRequest,
  type RunSummary,
} from "../../../lib/collect/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { collectChecked } from "../collect_checked.ts";
import { collectRequest } from "../collect_request.ts";
import { pluginOf } from "../saas/saas_store.ts";

/** What a plugin is configured with. */
export interface Configuration {
  /** Before their schema has seen them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Texts of the files that its manifest asks to see, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Everything that a store holds, in texts that can be compared. */
export interface Held {
  /** `cloud account region kind id name`; `-` stands for none. */
  readonly nodes: readonly string[];
  /** Those of them that are kept from an earlier run. */
  readonly stale: readonly string[];
  /** `cloud kind id > kind id`. */
  readonly edges: readonly string[];
  /** Properties by the text of their node. */
  readonly reported: ReadonlyMap<string, unknown>;
  readonly kinds: ReadonlySet<string>;
}

/** A store that built-in plugins collect into, from source; goes when disposed. */
export interface PluginStore extends AsyncDisposable {
  readonly path: string;
  /** One run of real guests. */
  collect(
    collectors: readonly CollectorRequest[],
    more?: Partial<CollectRequest>,
    ports?: CollectPorts,
  ): Promise<RunSummary>;
  read(): Held;
}

/** A built-in collector with what it is configured with, and the clouds that it borrows. */
export function collectorOf(plugin: string, given: Configuration): CollectorRequest {
  const entry = pluginOf(plugin);
  const options = entry.manifest.options.parse(given.options);
  const lent = (entry.manifest.borrows?.(options) ?? []).map((cloud) => ({
    cloud,
    kinds: plugins.find(({ manifest }) => manifest.clouds.includes(cloud))?.model.kinds ?? [],
  }));
  const seen = { env: given.env ?? {}, files: given.files ?? {} };
  return { entry, options, seen, named: true, ...(lent.length === 0 ? {} : { lent }) };
}

/**
 * Makes an empty store.
 * @param base main module of the program whose guests are started
 * @param check whether a core would take the graph of each run; large ones take long
 */
export async function makePluginStore(base: URL, check = true): Promise<PluginStore> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-plugins-" });
  const path = join(folder, "store.db");
  // All runs are of one moment: what tells the time of its run would else be a change.
  const now = new Date();
  return {
    path,
    collect: (collectors, more, ports) =>
      (check ? collectChecked : collectOnce)(
        collectRequest([], path, {
          plugins: collectors,
          kinds: plugins.flatMap(({ model }) => model.kinds),
          base: base.href,
          now: () => now,
          ...more,
        }),
        ports,
      ),
    read: () => read(path),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Faults of a summary, as `outcome call code`. */
export function faultsOf({ accounts }: RunSummary): readonly string[] {
  const all = accounts.flatMap(({ faults }) =>
    faults.map(({ outcome, call, code }) => `${outcome} ${call} ${code}`)
  );
  return [...new Set(all)].sort();
}

function read(path: string): Held {
  using opened = openForReading(path);
  const rows = opened.db.prepare(
    "SELECT cloud, account, region, kind, id, name, stale, body FROM node",
  ).all();
  const edges = opened.db.prepare(
    `SELECT a.cloud || ' ' || a.kind || ' ' || a.id || ' > ' || b.kind || ' ' || b.id AS text
    FROM edge JOIN node a ON a.key = from_key JOIN node b ON b.key = to_key`,
  ).all();
  return {
    nodes: rows.map(textOf).sort(),
    stale: rows.filter(({ stale }) => stale === 1).map(textOf).sort(),
    edges: edges.map(({ text }) => String(text)).sort(),
    reported: new Map(rows.map((row) => [textOf(row), JSON.parse(String(row["body"]))])),
    kinds: new Set(rows.map(({ kind }) => String(kind))),
  };
}

function textOf(row: Readonly<Record<string, unknown>>): string {
  const { cloud, account, region, kind, id, name } = row;
  return [cloud, account ?? "-", region ?? "-", kind, id, name].join(" ");
}

function openForReading(path: string): Disposable & { readonly db: DatabaseSync } {
  const db = new DatabaseSync(path, { readOnly: true });
  return { db, [Symbol.dispose]: () => db.close() };
}
