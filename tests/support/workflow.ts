import type { FlagEvent } from "../../lib/store/mod.ts";
import type { ActionEntry, ActionManifest, PluginEntry } from "../../lib/sdk/mod.ts";
import { BASE_KINDS } from "../../lib/model/mod.ts";
import { listFlags, openStore, type Store } from "../../lib/store/mod.ts";
import { cleanStore } from "../../lib/workflow/clean_store.ts";
import {
  type ActionOrder,
  runWorkflow,
  type WorkflowPorts,
  type WorkflowRequest,
  type WorkflowSummary,
} from "../../lib/workflow/mod.ts";
import { ACTOR } from "./action_run.ts";
import { summaryOf } from "./cli.ts";
import { collectRequest } from "./collect_request.ts";
import { WORLD_KINDS, WORLD_NOW, worldId, worldStore } from "./core_world.ts";
import { type FakeChange, FakeChangers } from "./fake_changer.ts";
import { fakeEntry } from "./fake_guest.ts";
import { recordingLogger } from "./guest_request.ts";
import { temporaryFolder } from "./store.ts";

/** The plugin of the contract's cloud. */
export const SKY: PluginEntry = { ...fakeEntry("sky", []), model: { kinds: WORLD_KINDS } };

/** An action plugin that does what a script says. */
export function actor(
  script: string,
  text: unknown = [],
  manifest: Partial<ActionManifest> & { readonly node?: string } = {},
): ActionOrder {
  const { node = "a-1", ...changes } = manifest;
  const entry: ActionEntry = { ...ACTOR, manifest: { ...ACTOR.manifest, ...changes } };
  return { entry, options: { script, text: JSON.stringify(text), node: worldId(node) } };
}

/** Marks nodes, by their names. */
export function marks(names: readonly string[], manifest: Partial<ActionManifest> = {}) {
  const decisions = names.map((name) => ({ type: "mark", node: worldId(name), reason: "unused" }));
  return actor("decide", decisions, manifest);
}

/** A store in a file, and the runs of a workflow over it. */
export interface Stage extends Disposable {
  readonly path: string;
  /** Log records of all runs. */
  readonly told: readonly unknown[];
  /** Changes that were asked of the cloud: `delete a-1`. */
  readonly asked: readonly string[];
  readonly run: (changes: StageRun) => Promise<WorkflowSummary>;
  readonly open: () => Promise<Store>;
  /** Marked or protected nodes with their events: `a-1 marked: unused`. */
  readonly flags: () => Promise<readonly string[]>;
  /** What the log of a node says. */
  readonly logOf: (id: string) => Promise<readonly Omit<FlagEvent, "at">[]>;
}

/** What is different about one run. */
export type StageRun =
  & Partial<Omit<WorkflowRequest, "cleanup">>
  & {
    readonly cleanup?: Partial<WorkflowRequest["cleanup"]>;
    readonly ports?: Partial<WorkflowPorts>;
  };

/** Makes a stage with the contract's graph collected. @param change what the cloud does */
export async function workflowStage(
  change: FakeChange = () => ({ outcome: "done" }),
): Promise<Stage> {
  const folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  (await worldStore(path))[Symbol.dispose]();
  const told: unknown[] = [];
  const asked: string[] = [];
  const { startChanger } = new FakeChangers((node, asking, signal) => {
    asked.push(`${asking.type} ${node.id}`);
    return change(node, asking, signal);
  });
  const open = () =>
    openStore({
      path,
      kinds: [...BASE_KINDS, ...WORLD_KINDS],
      mode: "write",
      now: () => WORLD_NOW,
    });
  return {
    path,
    told,
    asked,
    open,
    run: ({ cleanup, ports, ...changes }) => {
      const all: WorkflowPorts = {
        collect: () => Promise.resolve(summaryOf()),
        startChanger,
        cleanUp: (store, request) => cleanStore(store, request, all),
        sleep: (_ms, signal) =>
          new Promise((_, reject) =>
            signal.addEventListener("abort", () => reject(signal.reason), { once: true })
          ),
        ...ports,
      };
      return runWorkflow({
        steps: ["cleanup_plan"],
        collect: collectRequest([SKY], path),
        actions: [],
        cleanup: { allowed: false, dryRun: false, poolSize: 2, limits: LIMITS, ...cleanup },
        store: { path, kinds: WORLD_KINDS },
        changers: [{ entry: SKY, options: {}, seen: { env: {}, files: {} } }],
        changer: { fork: false, base: BASE, allowHelpers: [] },
        timeoutSeconds: 60,
        readText: () => "",
        log: recordingLogger(told),
        now: () => WORLD_NOW,
        signal: new AbortController().signal,
        ...changes,
      }, all);
    },
    flags: async () => {
      using store = await open();
      return listFlags(store).map(({ id, marked, protected: kept, reason }) =>
        `${id} ${
          [...(marked ? ["marked"] : []), ...(kept ? ["protected"] : [])].join(" ")
        }: ${reason}`
      );
    },
    logOf: async (id) => {
      using store = await open();
      const row = store.db.get<{ log: string }>("SELECT log FROM flags WHERE id = ?", id);
      const log: readonly FlagEvent[] = JSON.parse(row?.log ?? "[]");
      return log.map(({ what, text }) => ({ what, text }));
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const BASE = new URL("../fixtures/hostile/main.ts", import.meta.url).href;

const LIMITS: WorkflowRequest["cleanup"]["limits"] = {
  accounts: [],
  denyAccounts: [],
  cap: { form: "default" },
  maxAgeMs: 24 * 3_600_000,
  trustUnknown: false,
};
