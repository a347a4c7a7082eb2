import assert from "node:assert/strict";
import { z } from "zod";
import { defineManifest, type PluginEntry } from "../../../lib/sdk/mod.ts";
import { openStore } from "../../../lib/store/mod.ts";
import { cleanStore } from "../../../lib/workflow/clean_store.ts";
import {
  runWorkflow,
  type WorkflowPorts,
  type WorkflowRequest,
} from "../../../lib/workflow/mod.ts";
import { CLI_NOW, type CliSetup, runCli, summaryOf } from "../../support/cli.ts";
import { type FakeChange, FakeChangers } from "../../support/fake_changer.ts";
import { runOnce, scopeKey } from "../../support/store.ts";

const PLUGIN: PluginEntry = {
  manifest: defineManifest({
    name: "demo",
    type: "collector",
    description: "A cloud of the tests",
    clouds: ["demo"],
    options: z.object({ size: z.int().default(3) }),
    permissions: () => ({}),
  }),
  model: {
    kinds: [
      { name: "demo_account", bases: ["account"], properties: [] },
      {
        name: "demo_instance",
        bases: ["instance"],
        properties: [{ name: "state", type: "string" }],
        changes: ["delete", "read"],
      },
    ],
  },
  calls: [],
  source: { type: "built-in", name: "demo" },
};
const BODY = { tags: {}, state: "on" };

interface Estate extends Disposable {
  readonly path: string;
  readonly plan: string;
  readonly run: (args: readonly string[], setup?: CliSetup) => ReturnType<typeof runCli>;
}

/** A store file with three instances, collected an hour before. */
async function estate(): Promise<Estate> {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/s.db`;
  using store = await openStore({
    path,
    kinds: PLUGIN.model.kinds,
    mode: "write",
    now: () => new Date(CLI_NOW.getTime() - 3_600_000),
  });
  const nodes = ["i-1", "i-2", "i-3"].map((id) => ({ id, body: BODY }));
  runOnce(store, "r1", [{ scope: scopeKey(), nodes }]);
  return {
    path,
    plan: `${folder}/plan.json`,
    run: (args, setup = {}) => {
      const plan = readIfThere(`${folder}/plan.json`);
      const files = plan === undefined ? {} : { [`${folder}/plan.json`]: plan };
      return runCli([...args, "--store", path], { plugins: [PLUGIN], files, ...setup });
    },
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** A cloud that holds the estate, and the changes that were asked of it. */
function cloud(more: FakeChange = () => ({ outcome: "done" })) {
  const gone = new Set<string>();
  const asked: string[] = [];
  const changers = new FakeChangers((node, change, signal) => {
    asked.push(`${change.type} ${node.id}`);
    if (gone.has(node.id)) return { outcome: "gone" };
    if (change.type === "read") {
      return { outcome: "done", read: { name: node.id, reported: BODY, unknown: [] } };
    }
    if (change.type === "delete") gone.add(node.id);
    return more(node, change, signal);
  });
  return { asked, startChanger: changers.startChanger };
}

Deno.test("clean: marked, planned, applied, and a second time there is nothing to do", async () => {
  using made = await estate();
  const marked = await made.run(["clean", "mark", "i-1", "--reason", "old"]);
  assert.equal(marked.code, 0);
  assert.match(marked.stdout, /demo_instance +i-1 +done/);
  const planned = await made.run(["clean", "plan", "--out", made.plan]);
  assert.equal(planned.code, 0);
  assert.match(planned.stdout, /^ *1 +delete +a1 +eu +demo_instance +i-1 +old$/m);
  assert.equal((Deno.statSync(made.plan).mode ?? 0) & 0o777, 0o600);
  const { asked, startChanger } = cloud();
  const applied = await made.run(["clean", "apply", made.plan, "--yes"], { startChanger });
  assert.equal(applied.code, 0, applied.stderr);
  assert.match(applied.stdout, /^cleaned +a1 +demo_instance +i-1/m);
  assert.deepEqual(asked, ["read i-1", "delete i-1", "read i-1"]);
  const again = await made.run(["clean", "apply", made.plan, "--yes"]);
  assert.match(again.stdout, /cleaned \(before\)/);
  assert.match((await made.run(["clean", "plan"])).stdout, /Nothing to clean up/);
});

Deno.test("clean apply: asks on a terminal, naming accounts and counts; never in a pipe", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  await made.run(["clean", "plan", "--out", made.plan]);
  const piped = await made.run(["clean", "apply", made.plan]);
  assert.equal(piped.code, 2);
  assert.match(piped.stderr, /nothing was deleted.*--yes/);
  const refused = await made.run(["clean", "apply", made.plan], { answers: ["n"] });
  assert.match(refused.stderr, /Delete 1 node \(1 in account a1\)\? \[y\/N\]/);
  assert.equal(refused.code, 2);
  const { asked, startChanger } = cloud();
  const agreed = await made.run(["clean", "apply", made.plan], { answers: ["y"], startChanger });
  assert.equal(agreed.code, 0);
  assert.ok(asked.includes("delete i-1"));
});

Deno.test("clean apply: a dry run starts no guest and needs no consent", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  await made.run(["clean", "plan", "--out", made.plan]);
  const dry = await made.run(["clean", "apply", made.plan, "--cleanup-dry-run"]);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /^dry run +a1 +demo_instance +i-1/m);
  assert.match((await made.run(["clean", "plan"])).stdout, /delete .*i-1/);
});

Deno.test("clean apply: an edited, a foreign and an old plan are refused, and say so", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  await made.run(["clean", "plan", "--out", made.plan]);
  const text = Deno.readTextFileSync(made.plan);
  const apply = (content: string, more: readonly string[] = []) =>
    made.run(["clean", "apply", made.plan, "--yes", ...more], { files: { [made.plan]: content } });
  for (
    const [content, expected, more] of [
      [text.replace('"i-1"', '"i-2"'), /was edited/, []],
      [text.replace('"version": 1', '"version": 2'), /version 2/, []],
      ["{", /no JSON document/, []],
      ['{"format":"x"}', /no clean-up plan/, []],
    ] as const
  ) {
    const { code, stderr } = await apply(content, more);
    assert.equal(code, 2);
    assert.match(stderr, expected);
    assert.match(stderr, /Nothing was deleted/);
  }
  using other = await estate();
  Deno.writeTextFileSync(other.plan, text);
  const foreign = await other.run(["clean", "apply", other.plan, "--yes"]);
  assert.match(foreign.stderr, /was made from .*, not from/);
});

Deno.test("clean apply: what changed since is left alone, and the exit code says so", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  await made.run(["clean", "plan", "--out", made.plan]);
  const asked: string[] = [];
  const changers = new FakeChangers((node, change) => {
    asked.push(change.type);
    const reported = { ...BODY, tags: { expiration: "never" } };
    return { outcome: "done", read: { name: node.id, reported, unknown: [] } };
  });
  const { code, stdout } = await made.run(["clean", "apply", made.plan, "--yes"], {
    startChanger: changers.startChanger,
  });
  assert.equal(code, 4);
  assert.match(stdout, /^refused .*changed: it has changed: tags$/m);
  assert.deepEqual(asked, ["read"]);
});

Deno.test("clean protect: keeps from marking and from being deleted by an older plan", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  await made.run(["clean", "plan", "--out", made.plan]);
  await made.run(["clean", "protect", "i-1", "--reason", "precious"]);
  const marked = await made.run(["clean", "mark", "i-1"]);
  assert.equal(marked.code, 4);
  assert.match(marked.stdout, /protected/);
  const { asked, startChanger } = cloud();
  const applied = await made.run(["clean", "apply", made.plan, "--yes"], { startChanger });
  assert.equal(applied.code, 4);
  assert.equal(asked.length, 0);
  await made.run(["clean", "unprotect", "i-1"]);
  assert.equal((await made.run(["clean", "mark", "i-1"])).code, 0);
});

Deno.test("clean plan: every refusal has its reason; caps, accounts and age", async () => {
  using made = await estate();
  for (const id of ["i-1", "i-2"]) await made.run(["clean", "mark", id]);
  const plan = async (...args: string[]) => (await made.run(["clean", "plan", ...args])).stdout;
  assert.match(await plan("--cleanup-max", "1"), /^cap .*--cleanup-max allows 1$/m);
  assert.match(await plan("--cleanup-accounts", "a2"), /^account .*not among those allowed$/m);
  assert.match(await plan("--cleanup-deny-accounts", "a1"), /^account .*nothing may be deleted/m);
  assert.match(await plan("--max-age", "30m"), /^stale .*the last look at its scope was at/m);
  const wrong = await made.run(["clean", "plan", "--cleanup-max", "many"]);
  assert.equal(wrong.code, 2);
});

Deno.test("clean plan: as data, tree and pictures", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  const as = async (format: string) =>
    (await made.run(["clean", "plan", "--format", format])).stdout;
  assert.equal(JSON.parse(await as("json")).plan.entries[0].id, "i-1");
  assert.match(await as("tree"), /^demo_instance i-1: delete, marked by hand$/m);
  assert.match(await as("dot"), /^digraph plan \{[^]*n0 \[label="demo_instance i-1"\];/);
  assert.match(await as("mermaid"), /^flowchart LR\n {2}n0\["demo_instance i-1"\]/);
});

Deno.test("clean: what is no action is told; what nothing matches changes nothing", async () => {
  using made = await estate();
  for (const args of [["clean"], ["clean", "burn"], ["clean", "apply"], ["clean", "plan", "x"]]) {
    const { code, stderr } = await made.run(args);
    assert.equal(code, 2);
    assert.match(stderr, /Write one of: plan, apply FILE/);
  }
  assert.match((await made.run(["clean", "mark", "i-9"])).stdout, /Nothing in the store matches/);
});

Deno.test("clean: a query finds what it marks, and what it no longer finds loses its mark", async () => {
  using made = await estate();
  const text = "is(demo_instance) and state == on and id in [i-1, i-2]";
  assert.equal((await made.run(["clean", "mark", text])).code, 0);
  const { stdout } = await made.run(["clean", "plan", "--format", "json"]);
  const ids = JSON.parse(stdout).plan.entries.map(({ id }: { id: string }) => id);
  assert.deepEqual(ids.toSorted(), ["i-1", "i-2"]);
  for (const wrong of ["is(demo_instance", "state = ", "is(no_such_kind)", ""]) {
    const { code, stderr } = await made.run(["clean", "mark", wrong]);
    assert.equal(code, 2, stderr);
  }
});

Deno.test("--once --cleanup: deletes only with --cleanup, never with a core, and a dry run wins", async () => {
  using made = await estate();
  await made.run(["clean", "mark", "i-1"]);
  const { asked, startChanger } = cloud();
  const setup = { startChanger, work: (request: WorkflowRequest) => worked(request, startChanger) };
  const plain = await made.run(["--once"], setup);
  assert.equal(plain.code, 0, plain.stderr);
  const withCore = await made.run(["--once", "--cleanup", "--ckcore-uri", "http://x"], setup);
  assert.equal(withCore.code, 2);
  assert.match(withCore.stderr, /--once --cleanup works on the store alone/);
  const dry = await made.run(["--once", "--cleanup", "--cleanup-dry-run"], setup);
  assert.match(dry.stdout, /Dry run of the clean-up: nothing was changed/);
  assert.equal(asked.length, 0);
  const real = await made.run(["--once", "--cleanup"], setup);
  assert.equal(real.code, 0, real.stderr);
  assert.ok(asked.includes("delete i-1"));
});

/** The steps of a run that collects nothing new. */
function worked(request: WorkflowRequest, startChanger: WorkflowPorts["startChanger"]) {
  const ports: WorkflowPorts = {
    collect: () => Promise.resolve(summaryOf()),
    startChanger,
    cleanUp: (store, request) => cleanStore(store, request, ports),
    sleep: (_ms, signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      ),
  };
  return runWorkflow(request, ports);
}
