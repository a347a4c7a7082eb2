import {
  type CleanChange,
  type Cloud,
  type ExecuteOptions,
  type Limits,
} from "../../lib/cleanup/mod.ts";
import { CloudError } from "../../lib/errors/mod.ts";
import type { Kind, NodeIdentity, Outcome } from "../../lib/model/mod.ts";
import type { ChangeNode, ChangeResult } from "../../lib/sdk/mod.ts";
import { changeFlags, openStore, type Store } from "../../lib/store/mod.ts";
import { silentLogger } from "./silent_logger.ts";

/** Kinds of the world: one for each way in which a clean-up may meet a kind. */
export const WORLD_KINDS: readonly Kind[] = [
  kind("world_plain", ["delete", "read"]),
  kind("world_tied", ["prepare", "delete", "read"], { loose: { ties: [] } }),
  kind("world_blind", ["delete"]),
  kind("world_fixed", ["read"]),
  kind("world_never", ["delete", "read"], { never: [{ main: [true] }] }),
  kind("world_along", ["delete", "read"], {
    along: [{ with: ["world_plain", "world_tied"], when: { main: [true] }, only: true }],
  }),
  { ...kind("world_phantom", ["delete", "read"]), phantom: true },
];

function kind(name: string, changes: Kind["changes"], cleanup?: Kind["cleanup"]): Kind {
  return {
    name,
    bases: ["resource"],
    properties: [
      { name: "value", type: "int64" },
      { name: "main", type: "boolean" },
      { name: "ties", type: "string[]" },
      { name: "load", type: "int64", volatile: true },
    ],
    ...(changes === undefined ? {} : { changes }),
    ...(cleanup === undefined ? {} : { cleanup }),
  };
}

/** What happens to a node between the plan and its end, and how its cloud behaves. */
export const TROUBLES = [
  "none",
  "changed",
  "tagged",
  "busy",
  "gone",
  "protected",
  "unmarked",
  "guarded",
  "read_fails",
  "prepare_fails",
  "delete_fails",
  "lingers",
  "stays",
] as const;
export type Trouble = typeof TROUBLES[number];

/** A node of the world. */
export interface WorldNode {
  readonly kind: string;
  readonly account: 0 | 1;
  /** Scope that it lies in. */
  readonly scope: 0 | 1;
  readonly marked: boolean;
  readonly protected: boolean;
  /** Its own phantom mark, not that of its kind. */
  readonly phantom: boolean;
  readonly main: boolean;
  readonly trouble: Trouble;
}

/** Everything that is chosen at random. */
export interface World {
  readonly nodes: readonly WorldNode[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly type: "dependency" | "delete";
  }[];
  /** How the scopes were looked at, by account and number. */
  readonly outcomes: readonly Outcome[];
  /** How long ago, hours. */
  readonly hours: readonly number[];
  /** The process dies at its n-th call, before or after it is made. */
  readonly kills: readonly { readonly at: number; readonly after: boolean }[];
}

/** When everything happens. */
export const NOW = Date.UTC(2030, 0, 2);

/** Limits without any; what the store does not know stays. */
export const NO_LIMITS: Limits = {
  accounts: [],
  denyAccounts: [],
  cap: { form: "none" },
  maxAgeMs: 24 * 3_600_000,
  trustUnknown: false,
};

/** Thrown in the place of a kill. */
export class Killed extends Error {}

/** What a node of the world is in a store. */
export function identityAt(world: World, index: number): NodeIdentity {
  const node = world.nodes[index];
  return {
    kind: node?.kind ?? "",
    cloud: "world",
    account: `a${node?.account}`,
    region: "undefined",
    zone: "undefined",
    id: `n${index}`,
    twin: "",
  };
}

/** Properties that a collect finds. */
export function reportedAt(world: World, index: number): Record<string, unknown> {
  return {
    tags: {},
    value: index,
    main: world.nodes[index]?.main ?? false,
    ties: ["a", "b"],
    load: 1,
  };
}

/** The world's cloud: it does everything that it is told to, so that every order shows. */
export class WorldCloud implements Cloud {
  readonly world: World;
  /** Calls that changed something, in their order. */
  readonly log: { readonly change: CleanChange; readonly index: number }[] = [];
  /** Length of the log when nodes went by themselves. */
  readonly went = new Map<number, number>();
  /** All calls. */
  calls = 0;
  /** Whether nodes behave as their troubles say. */
  troubled = true;
  readonly #gone = new Set<number>();
  readonly #reads = new Map<number, number>();
  readonly #prepared = new Set<number>();
  readonly #kinds = new Map(WORLD_KINDS.map((each) => [each.name, each]));
  #kills: World["kills"];
  #process = 0;
  #isKilled = false;

  constructor(world: World) {
    this.world = world;
    this.#kills = world.kills;
  }

  has(node: { readonly kind: string }, change: CleanChange): boolean {
    return this.#kinds.get(node.kind)?.changes?.includes(change) === true;
  }

  /** Whether a node exists. */
  exists(index: number): boolean {
    return !this.#gone.has(index);
  }

  change(node: ChangeNode, change: CleanChange): Promise<ChangeResult> {
    const call = ++this.calls;
    const kill = this.#kills.find(({ at }) => at === call);
    this.#isKilled = kill !== undefined;
    if (kill?.after === false) return Promise.reject(new Killed());
    const result = this.#make(Number(node.id.slice(1)), change);
    return kill === undefined ? result : result.catch(() => {}).then(() => {
      throw new Killed();
    });
  }

  /**
   * The cloud as one process sees it: when that is killed, none of its calls is made any more, those
   * under way included, whatever comes after it.
   */
  process(kills: World["kills"]): Cloud {
    this.#kills = kills;
    this.calls = 0;
    this.#isKilled = false;
    const number = ++this.#process;
    return {
      has: (node, change) => this.has(node, change),
      change: (node, change) =>
        number === this.#process && !this.#isKilled
          ? this.change(node, change)
          : Promise.reject(new Killed()),
    };
  }

  /** What happened outside since the plan was made. */
  happen(store: Store): void {
    this.world.nodes.forEach(({ trouble }, index) => {
      const identity = [identityAt(this.world, index)];
      if (trouble === "gone") this.#gone.add(index);
      if (trouble === "protected") changeFlags(store, identity, { what: "protect", reason: "" });
      if (trouble === "unmarked") changeFlags(store, identity, { what: "unmark", why: "" });
    });
  }

  #make(index: number, change: CleanChange): Promise<ChangeResult> {
    const trouble = this.troubled ? this.world.nodes[index]?.trouble : "none";
    if (trouble === `${change}_fails`) return Promise.reject(new CloudError("request", "broken"));
    if (this.#gone.has(index)) return Promise.resolve({ outcome: "gone" });
    if (change === "read") return Promise.resolve(this.#read(index, trouble));
    this.log.push({ change, index });
    if (change === "prepare") this.#prepared.add(index);
    else if (trouble === "lingers") this.#reads.set(index, 2);
    else if (trouble !== "stays") this.#gone.add(index);
    if (change === "delete" && trouble !== "stays") this.#takeAlong(index);
    return Promise.resolve({ outcome: "done" });
  }

  /** What goes along does so a few looks later. */
  #takeAlong(index: number): void {
    if (!["world_plain", "world_tied"].includes(this.world.nodes[index]?.kind ?? "")) return;
    for (const { from, to } of this.world.edges) {
      if (from !== index && to !== index) continue;
      const other = from === index ? to : from;
      const { kind, main, trouble } = this.world.nodes[other] ?? {};
      if (kind !== "world_along" || main !== true || trouble === "stays") continue;
      if (!this.#reads.has(other)) this.#reads.set(other, 2);
    }
  }

  #read(index: number, trouble: string | undefined): ChangeResult {
    const left = this.#reads.get(index);
    if (left === 0 && this.exists(index)) {
      this.#gone.add(index);
      this.went.set(index, this.log.length);
    }
    if (left !== undefined) this.#reads.set(index, left - 1);
    if (this.#gone.has(index)) return { outcome: "gone" };
    const reported = reportedAt(this.world, index);
    return {
      outcome: "done",
      read: {
        name: `n${index}`,
        reported: {
          ...reported,
          load: 7,
          ...(trouble === "changed" ? { value: -1 } : {}),
          ...(trouble === "tagged" ? { tags: { expiration: "never" } } : {}),
          ...(trouble === "busy" ? { ties: ["a", "b", "c"] } : {}),
          ...(this.#prepared.has(index) && trouble !== "busy" ? { ties: ["a"] } : {}),
        },
        unknown: [],
        ...(trouble === "guarded" ? { protected: true } : {}),
      },
    };
  }
}

/** A store that holds the world as it was collected and marked. */
export async function storeOf(world: World): Promise<Store> {
  const clock = { at: NOW };
  const store = await openStore({
    path: ":memory:",
    kinds: WORLD_KINDS,
    mode: "write",
    now: () => new Date(clock.at),
  });
  collect(world, store, clock);
  clock.at = NOW;
  const marked = world.nodes.flatMap((node, index) =>
    node.marked ? [identityAt(world, index)] : []
  );
  changeFlags(store, marked, { what: "mark", reason: "because", rule: "" });
  // Marks of protected nodes end; a core may mark them all the same, so the flags are put back.
  const both = world.nodes.flatMap((node, index) => node.protected ? [index] : []);
  changeFlags(store, both.map((index) => identityAt(world, index)), {
    what: "protect",
    reason: "",
  });
  for (const index of both) {
    if (world.nodes[index]?.marked) {
      store.db.run("UPDATE flags SET marked = 1 WHERE id = ?", `n${index}`);
    }
  }
  return store;
}

function collect(world: World, store: Store, clock: { at: number }): void {
  const scopes = [0, 1, 2, 3];
  const opened = (scope: number) => NOW - (world.hours[scope] ?? 0) * 3_600_000;
  for (const [run, conclusive] of [["r1", true], ["r2", false]] as const) {
    clock.at = NOW - 1_000 * 3_600_000;
    const writer = store.beginRun({
      id: run,
      startedAt: new Date(clock.at),
      collectors: ["world"],
      clouds: ["world"],
      version: "0",
    });
    for (const scope of scopes) {
      clock.at = opened(scope);
      const key = {
        cloud: "world",
        account: `a${scope >> 1}`,
        region: "",
        resource: `s${scope & 1}`,
      };
      const number = writer.open(key, "");
      const outcome = conclusive ? "complete" : world.outcomes[scope] ?? "complete";
      world.nodes.forEach((node, index) => {
        if (node.account * 2 + node.scope !== scope) return;
        const { zone, region, id, kind, account } = identityAt(world, index);
        writer.stage(number, {
          ...{
            seq: index,
            nodeId: id.padEnd(22, "_"),
            kind,
            cloud: "world",
            account,
            region,
            zone,
          },
          ...{ id, name: id, extras: node.phantom ? { ph: 1 as const } : {} },
          body: new TextEncoder().encode(JSON.stringify(reportedAt(world, index))),
        });
      });
      writer.close(number, outcome, []);
    }
    const keys = writer.keys(world.nodes.length);
    const edges = new Map(world.edges.map((edge) => [JSON.stringify(edge), edge]));
    writer.writeEdges(
      ["world"],
      [...edges.values()].map(({ from, to, type }) => ({
        from: keys[from] ?? 0,
        to: keys[to] ?? 0,
        type,
      })),
    );
    writer.finish({
      finishedAt: new Date(clock.at),
      exitCode: 0,
      summary: {},
      calls: [],
      budgets: [],
    });
  }
}

/** Options of an execution in the world. */
export function executeOptions(
  cloud: Cloud,
  more: Partial<ExecuteOptions> = {},
): Omit<ExecuteOptions, "kinds" | "knowledge" | "journal" | "refused"> {
  let time = NOW;
  return {
    cloud,
    limits: NO_LIMITS,
    poolSize: 3,
    dryRun: false,
    verifyMs: 20_000,
    metrics: { cleanupFinished: () => {}, nodeCleaned: () => {}, cleanupFailed: () => {} },
    log: silentLogger,
    clock: {
      now: () => new Date(time),
      sleep: (ms) => Promise.resolve(void (time += ms)),
    },
    signal: new AbortController().signal,
    ...more,
  };
}

/** Nodes that have to be gone before another one, by the edges alone: all of them, however far. */
export function belowInWorld(world: World, index: number): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [index];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const other of world.nodes.keys()) {
      const pair = world.edges.filter(({ from, to }) =>
        from === next && to === other || from === other && to === next
      );
      const deletes = pair.filter(({ type }) => type === "delete");
      const counting = deletes.length > 0 ? deletes : pair;
      if (
        other === next || other === index || found.has(other) ||
        !counting.some(({ from }) => from === next)
      ) {
        continue;
      }
      found.add(other);
      open.push(other);
    }
  }
  return found;
}
