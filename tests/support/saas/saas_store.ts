import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import type { CollectRequest, RunSummary } from "../../../lib/collect/mod.ts";
import type { PluginEntry } from "../../../lib/sdk/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { collectChecked } from "../collect_checked.ts";
import { collectRequest } from "../collect_request.ts";

/** What a store holds of one cloud, in texts that can be compared. */
export interface Stored {
  /** `region kind id name`; `-` stands for no region. */
  readonly nodes: readonly string[];
  /** Those of them that are kept from an earlier run. */
  readonly stale: readonly string[];
  /** `kind id > kind id`. */
  readonly edges: readonly string[];
  /** Outcomes of the last run by resource, or `region/resource` where there is a region. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Properties by `kind id`. */
  readonly reported: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

/** A store that a plugin collects into, from source; goes when disposed. */
export interface SaasStore extends AsyncDisposable {
  readonly folder: string;
  /** One run of a real guest, whose clock goes a hundred times faster. */
  collect(
    options: Readonly<Record<string, unknown>>,
    env?: Record<string, string>,
    more?: {
      readonly files?: Record<string, string>;
      readonly request?: Partial<CollectRequest>;
    },
  ): Promise<RunSummary>;
  read(): Stored;
}

/** Makes an empty store for runs of a built-in plugin, with what is special about its requests. */
export async function makeSaasStore(
  name: string,
  request: Partial<CollectRequest> = {},
): Promise<SaasStore> {
  const entry = pluginOf(name);
  const folder = await Deno.makeTempDir({ prefix: `ckworker-${name}-` });
  const path = join(folder, "store.db");
  return {
    folder,
    collect: (options, env = {}, { files = {}, request: own = {} } = {}) => {
      const all = entry.manifest.options.parse(options);
      return collectChecked(collectRequest([entry], path, {
        plugins: [{ entry, options: all, seen: { env, files }, named: true }],
        base: new URL("../fast_saas/main.ts", import.meta.url).href,
        now: () => new Date("2026-01-02T03:04:05Z"),
        ...request,
        ...own,
      }));
    },
    read: () => readStore(path, entry.manifest.clouds[0] ?? name),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** A built-in plugin as the host sees it. */
export function pluginOf(name: string): PluginEntry {
  const entry = plugins.find(({ manifest }) => manifest.name === name);
  if (entry === undefined) throw new Error(`no plugin ${name}`);
  return entry;
}

/** Faults of a summary, as `outcome call code permission`. */
export function faultsOf({ accounts }: RunSummary): readonly string[] {
  return accounts.flatMap(({ faults }) =>
    faults.map(({ outcome, call, code, permission }) =>
      [outcome, call, code, permission].filter((each) => each !== undefined).join(" ")
    )
  ).sort();
}

/** Reads what a store holds of a cloud, by the views that every SQLite tool can use. */
export function readStore(path: string, cloud: string): Stored {
  using opened = openForReading(path);
  const { db } = opened;
  const rows = db.prepare(
    "SELECT region, kind, id, name, stale, body FROM node WHERE cloud = ? AND account IS NOT NULL",
  ).all(cloud);
  const text = (row: Row) => `${row["region"] ?? "-"} ${row["kind"]} ${row["id"]} ${row["name"]}`;
  const outcomes = db.prepare(
    `SELECT region, resource, outcome FROM scope
    WHERE cloud = ? AND account <> '' AND run = (SELECT id FROM runs ORDER BY run DESC LIMIT 1)`,
  ).all(cloud);
  return {
    nodes: rows.map(text).sort(),
    stale: rows.filter(({ stale }) => stale === 1).map(text).sort(),
    edges: db.prepare(
      `SELECT a.kind || ' ' || a.id || ' > ' || b.kind || ' ' || b.id AS text
      FROM edge JOIN node a ON a.key = from_key JOIN node b ON b.key = to_key
      WHERE a.cloud = ? AND a.account IS NOT NULL`,
    ).all(cloud).map((row) => String(row["text"])).sort(),
    outcomes: Object.fromEntries(
      outcomes.map(({ region, resource, outcome }) => [
        region === "" ? String(resource) : `${region}/${resource}`,
        String(outcome),
      ]),
    ),
    reported: new Map(
      rows.map((row) => [`${row["kind"]} ${row["id"]}`, JSON.parse(String(row["body"]))]),
    ),
  };
}

type Row = Readonly<Record<string, unknown>>;

function openForReading(path: string): Disposable & { readonly db: DatabaseSync } {
  const db = new DatabaseSync(path, { readOnly: true });
  return { db, [Symbol.dispose]: () => db.close() };
}
