import { DatabaseSync } from "node:sqlite";
import { collectOnce, type CollectRequest } from "../../lib/collect/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { fakeEntry, fakeGuests, type GuestScript } from "./fake_guest.ts";

/** Two clouds. */
export const SKY = fakeEntry("sky", ["sky_disk", "sky_net"]);
export const SEA = fakeEntry("sea", ["sea_ship"]);
/** A region of theirs. */
export const REGION = { id: "r1", name: "r1" };

/** Collects a scope of one disk for each given region. */
export function disks(regions: readonly string[], visited: string[] = []): GuestScript {
  return async (context) => {
    context.accounts({ complete: false, accounts: [{ id: "1", name: "one" }], unfiltered: false });
    for (const name of regions) {
      const place = { account: "1", region: { id: name, name }, resource: "sky_disk" };
      if (context.resumed(place)) continue;
      if (context.signal.aborted) throw context.signal.reason;
      visited.push(name);
      const scope = await context.open(place);
      await scope.node({ kind: "sky_disk", id: `disk-${name}`, reported: { value: 1 } });
      await scope.close();
    }
  };
}

/** Gives a test the path of a store that does not exist, and removes it. */
export async function withStore(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/ckworker.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Collects with fake guests of the clouds that the scripts are for. */
export function run(
  path: string,
  scripts: Readonly<Record<string, GuestScript>>,
  more: Partial<CollectRequest> = {},
) {
  const entries = [SKY, SEA].filter((entry) => entry.manifest.name in scripts);
  return collectOnce(collectRequest(entries, path, more), { startGuest: fakeGuests(scripts) });
}

/** Rows of the store. */
export function query(path: string, sql: string): Record<string, unknown>[] {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare(sql).all();
}

/** Where the disks of a region are listed. */
export const DISKS = { account: "1", region: REGION, resource: "sky_disk" };

/** One disk that hangs below a net, where there is one. */
export const disk: GuestScript = async (context) => {
  const disks = await context.open(DISKS);
  const edges = [{ direction: "from", kind: "sky_net", by: "id", value: "n" }] as const;
  await disks.node({ kind: "sky_disk", id: "d", reported: {}, edges });
  await disks.close();
};

/** Edges as `from to`, by the ids of their ends. */
export function edgesOf(path: string): string[] {
  const sql = `SELECT a.id || ' ' || b.id AS edge FROM edges e JOIN nodes a ON a.key = e.from_key
    JOIN nodes b ON b.key = e.to_key ORDER BY 1`;
  return query(path, sql).map((row) => String(row["edge"]));
}
