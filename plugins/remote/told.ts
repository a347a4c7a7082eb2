import type { LentKinds } from "./graph/lent_kinds.ts";
import type { Survey } from "./graph/survey.ts";
import type { RemoteRun } from "./run.ts";

/** Reports are messages, of which a host takes so many a second. */
const BURST = 500;
const PAUSE_MS = 1_000;

/** What one file holds of one cloud: names of regions by account. */
interface Holding {
  readonly source: string;
  readonly names: Map<string, string>;
  readonly regions: Map<string, Set<string>>;
}

/** What the files of a run say about accounts and regions, told when all of them were read. */
export class Told {
  readonly #byCloud: ReadonlyMap<string, Holding[]>;
  #isWhole = true;

  constructor(lent: LentKinds) {
    this.#byCloud = new Map(lent.clouds.map((cloud) => [cloud, []]));
  }

  add(source: string, survey: Survey): void {
    for (const [cloud, holdings] of this.#byCloud) {
      const holding = holdingOf(cloud, source, survey);
      if (holding.regions.size > 0) holdings.push(holding);
      this.#isWhole &&= survey.isWhole;
    }
  }

  /**
   * Tells each account, and which regions it has. A list is whole when every file is. A file without
   * any account of a cloud says nothing about those that it named before.
   * @param isAll every endpoint could be read
   */
  async tell({ context, reading }: RemoteRun, isAll: boolean): Promise<void> {
    let sent = 0;
    for (const [cloud, holdings] of this.#byCloud) {
      const complete = isAll && this.#isWhole;
      for (const { source, regions, names } of holdings) {
        const accounts = [...regions.keys()].map((id) => ({ id, name: names.get(id) ?? id }));
        context.accounts({
          cloud,
          source,
          complete,
          accounts,
          unfiltered: false,
          filters: ["accounts"],
        });
      }
      if (!complete) continue;
      for (const [account, whole] of union(holdings)) {
        if (++sent % BURST === 0) await reading.machine.clock.sleep(PAUSE_MS, context.signal);
        context.regions({ cloud, account, notEnabled: [], whole: [...whole] });
      }
    }
  }
}

function holdingOf(cloud: string, source: string, survey: Survey): Holding {
  const regions = new Map<string, Set<string>>();
  for (const place of survey.places.all()) {
    if (place.cloud !== cloud || place.account === "") continue;
    let names = regions.get(place.account);
    if (names === undefined) regions.set(place.account, names = new Set());
    if (place.region !== undefined) names.add(place.region.name);
  }
  const accounts = [...survey.containers.values()].filter(({ level, place }) =>
    level === "account" && place.cloud === cloud
  );
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  return { source, names, regions };
}

/** Regions of each account over all files. */
function union(holdings: readonly Holding[]): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, ReadonlySet<string>>();
  for (const { regions } of holdings) {
    for (const [account, names] of regions) {
      all.set(account, (all.get(account) ?? new Set()).union(names));
    }
  }
  return all;
}
