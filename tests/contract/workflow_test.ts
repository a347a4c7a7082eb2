/** The workflow of a worker that works alone, with the guests of real plugins. */
import assert from "node:assert/strict";
import { listFlags, openStore } from "../../lib/store/mod.ts";
import { workOnce } from "../../lib/workflow/main.ts";
import type { WorkflowRequest } from "../../lib/workflow/mod.ts";
import { actions, plugins } from "../../plugins/mod.ts";
import { collectRequest } from "../support/collect_request.ts";
import { recordingLogger } from "../support/guest_request.ts";
import { temporaryFolder } from "../support/store.ts";

const BASE = new URL("../../main.ts", import.meta.url).href;
const FILES: Readonly<Record<string, string>> = {
  "tags.yaml": `default: {expiration: 1h}
kinds: [example_instance]
accounts: {example: {Example Account: {name: example}}}
`,
  "snowflakes.yaml": `example:
  Example Account:
    us-west: {example_instance: [someInstance1]}
`,
};
const EXAMPLE = plugins.filter(({ manifest }) => manifest.name === "example");

const LIMITS: WorkflowRequest["cleanup"]["limits"] = {
  accounts: [],
  denyAccounts: [],
  cap: { form: "default" },
  maxAgeMs: 86_400_000,
  trustUnknown: false,
};

function actionOf(name: string, options: Record<string, unknown>) {
  const entry = actions.find(({ manifest }) => manifest.name === name);
  assert.ok(entry);
  return { entry, options: entry.manifest.options.parse(options) };
}

function work(path: string, told: unknown[], changes: Partial<WorkflowRequest>) {
  const kinds = EXAMPLE.flatMap(({ model }) => model.kinds);
  const now = () => new Date();
  return workOnce({
    steps: ["collect", "post_collect", "pre_cleanup_plan", "cleanup_plan", "cleanup"],
    collect: collectRequest(EXAMPLE, path, { base: BASE, now }),
    actions: [
      actionOf("protect_snowflakes", { config: "snowflakes.yaml" }),
      actionOf("tagvalidator", { config: "tags.yaml" }),
      actionOf("cleanup_expired", { enabled: true }),
    ],
    cleanup: { allowed: true, dryRun: false, poolSize: 2, limits: LIMITS },
    store: { path, kinds },
    changers: EXAMPLE.map((entry) => ({
      entry,
      options: { region: [] },
      seen: { env: {}, files: {} },
    })),
    changer: { fork: false, base: BASE, allowHelpers: [] },
    timeoutSeconds: 60,
    readText: (path) => FILES[path] ?? "",
    log: recordingLogger(told),
    now,
    signal: new AbortController().signal,
    ...changes,
  });
}

/** What the plugins decided, `tag done 1 example_instance`. */
function decisionsOf({ workflow }: Awaited<ReturnType<typeof work>>): readonly string[] {
  return workflow.actions.flatMap(({ decisions }) =>
    decisions.map(({ type, outcome, count, kind }) => `${type} ${outcome} ${count} ${kind}`)
  );
}

Deno.test("workOnce(): collects, protects, shortens tags, marks and cleans up", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/s.db`;
  const told: unknown[] = [];
  const cleanup = { allowed: true, dryRun: true, poolSize: 1, limits: LIMITS };
  const dry = await work(path, told, { cleanup });
  assert.equal(dry.collected?.exitCode, 0);
  assert.deepEqual(decisionsOf(dry), [
    "protect done 1 example_instance",
    "note recorded 1 example_instance",
    "tag recorded 1 example_instance",
    "mark done 1 example_instance",
  ]);
  assert.deepEqual(dry.workflow.cleanup?.groups.map(({ outcome }) => outcome), ["dry_run"]);
  assert.doesNotMatch(JSON.stringify(told), /example\.change/, "no cloud was asked for anything");
  const real = await work(path, told, {});
  assert.deepEqual(decisionsOf(real), [
    "protect unneeded 1 example_instance",
    "note done 1 example_instance",
    "tag done 1 example_instance",
    "mark done 1 example_instance",
  ]);
  assert.match(JSON.stringify(told), /setTag of someInstance2/);
  assert.match(JSON.stringify(told), /delete of someInstance2/);
  assert.doesNotMatch(JSON.stringify(told), /(setTag|delete) of someInstance1/);
  // The made-up cloud cannot be asked whether something is gone.
  assert.deepEqual(real.workflow.cleanup?.groups.map(({ outcome }) => outcome), ["unverified"]);
  assert.deepEqual(real.workflow.troubles, ["cleanup"]);
  using store = await openStore({
    ...{ path, mode: "read", now: () => new Date() },
    kinds: EXAMPLE.flatMap(({ model }) => model.kinds),
  });
  assert.deepEqual(
    listFlags(store).filter((flags) => flags.protected).map(({ id, reason }) => [id, reason]),
    [["someInstance1", "It is listed in snowflakes.yaml"]],
  );
});
