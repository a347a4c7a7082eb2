import assert from "node:assert/strict";
import { z } from "zod";
import { type ActionEntry, defineActionManifest } from "../../../lib/sdk/mod.ts";
import type { StepsSummary, WorkflowSummary } from "../../../lib/workflow/mod.ts";
import { NO_STEPS, runCli, summaryOf } from "../../support/cli.ts";
import { CLOUDY } from "../../support/cli_plugins.ts";

/** An action plugin of one step, on with the flag of its name. */
function actionOf(name: string, action: string): ActionEntry {
  return {
    manifest: defineActionManifest({
      name,
      type: "action",
      description: "Of the tests",
      action,
      subscriber: "TestPlugin",
      may: ["mark"],
      options: z.object({
        enabled: z.boolean().default(false).describe("Do it").meta({ bare: true }),
        age: z.int().default(7).describe("Days"),
      }),
      enabled: ({ enabled }) => ({ enabled, reason: `--${name}` }),
    }),
    source: { type: "built-in", name },
  };
}

const SETUP = {
  plugins: [CLOUDY],
  actions: [actionOf("planner", "cleanup_plan"), actionOf("keeper", "post_collect")],
  env: { CLOUD_KEY: "k" },
};

/** A workflow that came to this. */
function working(parts: Partial<StepsSummary>, collected = summaryOf()) {
  const summary: WorkflowSummary = { collected, workflow: { ...NO_STEPS, ...parts } };
  return { ...SETUP, work: () => Promise.resolve(summary) };
}

for (
  const [args, steps] of [
    [["--planner"], ["collect", "cleanup_plan"]],
    [["--planner", "--keeper"], ["collect", "post_collect", "cleanup_plan"]],
    [["--cleanup"], ["collect", "cleanup_plan", "cleanup"]],
    [["--cleanup-dry-run"], ["collect", "cleanup_plan", "cleanup"]],
    [["--steps", "post_collect", "collect"], ["collect", "post_collect"]],
    [["--steps", "cleanup", "--cleanup"], ["cleanup"]],
  ] as const
) {
  Deno.test(`once ${args.join(" ")}: does ${steps.join(", ")}`, async () => {
    const { code, stderr, worked, collected } = await runCli(["--once", ...args], SETUP);
    assert.equal(code, 0, stderr);
    assert.deepEqual(worked[0]?.steps, steps);
    assert.deepEqual(collected, []);
  });
}

Deno.test("once: without anything to do behind it a collection is one as before", async () => {
  for (const args of [[], ["--steps", "collect"], ["--steps", "collect", "--planner"]]) {
    const { collected, worked } = await runCli(["--once", ...args], SETUP);
    assert.deepEqual([collected.length, worked.length], [1, 0]);
  }
});

Deno.test("once: settings reach the steps", async () => {
  const args = ["--planner", "--planner-age", "3", "--cleanup", "--cleanup-pool-size", "4"];
  const guards = ["--cleanup-max", "5%", "--cleanup-deny-accounts", "prod", "--max-age", "1h"];
  const { worked } = await runCli(["--once", ...args, ...guards, "--timeout", "9"], SETUP);
  const [request] = worked;
  assert.deepEqual(request?.actions.map(({ entry, options }) => [entry.manifest.name, options]), [
    ["planner", { enabled: true, age: 3 }],
  ]);
  assert.deepEqual(request?.cleanup, {
    allowed: true,
    dryRun: false,
    poolSize: 4,
    limits: {
      accounts: [],
      denyAccounts: ["prod"],
      cap: { form: "percent", percent: 5 },
      maxAgeMs: 3_600_000,
      trustUnknown: false,
    },
  });
  assert.deepEqual(request?.changers.map(({ entry, seen }) => [entry.manifest.name, seen.env]), [
    ["cloudy", { CLOUD_KEY: "k" }],
  ]);
  assert.equal(request?.timeoutSeconds, 9);
});

Deno.test("once: steps behind the collection need no credentials", async () => {
  const { code, worked } = await runCli(["--once", "--steps", "cleanup_plan"], {
    ...SETUP,
    env: {},
  });
  assert.equal(code, 0);
  assert.equal(worked[0]?.collect, undefined);
});

const CORE = ["--ckcore-uri", "http://core:8900"];

for (
  const [args, message] of [
    [["--once", "--cleanup", ...CORE], /--once --cleanup works on the store alone/],
    [["--once", "--steps", "cleanup_plan", ...CORE], /--once --steps works on the store alone/],
    [["--once", "--steps", "clean"], /--steps/],
    [["--once", "--steps", "cleanup"], /Add --cleanup to delete/],
    [["--steps", "collect"], /--steps goes with --once/],
    [["--once", "--cleanup-max", "some"], /--cleanup-max/],
    [["--once", "--planner", "--planner-age", "old"], /--planner-age/],
  ] as const
) {
  Deno.test(`${args.join(" ")}: is exit 2 and does nothing`, async () => {
    const { code, stderr, worked, collected, served } = await runCli(args, SETUP);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(worked.length + collected.length + served.length, 0);
  });
}

Deno.test("once: for a core action plugins do nothing, which is told", async () => {
  const accepted = summaryOf();
  const collect = () => Promise.resolve(accepted);
  const args = ["--once", "--planner", "--steps", "collect", ...CORE];
  const { code, stderr, collected, worked } = await runCli(args, { ...SETUP, collect });
  assert.equal(code, 0);
  assert.match(stderr, /planner does nothing here/);
  assert.deepEqual([collected.length, worked.length], [1, 0]);
});

for (
  const [troubles, exitCode, code] of [
    [[], 0, 0],
    [["cleanup"], 3, 4],
    [["failed", "cleanup"], 0, 1],
    [["usage", "failed"], 0, 2],
    [["interrupted", "failed"], 0, 130],
    [[], 3, 3],
  ] as const
) {
  Deno.test(`once: troubles ${JSON.stringify(troubles)} behind a code of ${exitCode} are ${code}`, async () => {
    const setup = working({ troubles }, summaryOf({ exitCode }));
    const result = await runCli(["--once", "--planner", "--quiet"], setup);
    assert.equal(result.code, code);
    assert.equal(result.stdout === "", code === 0, "all is well: nothing is printed");
    assert.equal(/^Exit code/m.test(result.stdout), code !== 0);
  });
}

const ACTED: Partial<StepsSummary> = {
  steps: ["collect", "cleanup_plan", "cleanup"],
  actions: [
    {
      plugin: "planner",
      step: "cleanup_plan",
      status: "done",
      dryRun: false,
      decisions: [
        {
          ...{ type: "mark", outcome: "done", cloud: "cloudy", account: "1", kind: "cloudy_disks" },
          ...{ count: 2, reasons: ["unused", "old"] },
        },
        {
          ...{ type: "mark", outcome: "refused", cloud: "cloudy", account: "2" },
          ...{ kind: "cloudy_disks", count: 1, reasons: ["it is protected"] },
        },
      ],
    },
    {
      plugin: "keeper",
      step: "post_collect",
      status: "failed",
      dryRun: false,
      decisions: [],
      error: {
        code: "config.invalid",
        message: "x.yaml:1:1: no list",
        context: {},
        hint: "Write one.",
      },
    },
  ],
  dropped: [{ rule: "planner", count: 1 }],
  cleanup: {
    dryRun: true,
    groups: [{
      ...{ outcome: "dry_run", isWell: true, cloud: "cloudy", account: "1", kind: "cloudy_disks" },
      ...{ count: 2, reasons: ["unused"] },
    }],
  },
  troubles: ["usage"],
};

Deno.test("once: the summary tells what plugins and clean-up did, and why", async () => {
  const { code, stdout } = await runCli(["--once", "--planner"], working(ACTED));
  assert.equal(code, 2);
  assert.equal(
    stdout.split("\n").slice(1).map((line) => line.trimEnd()).join("\n"),
    `
ACTION PLUGIN  DID            NODES  ACCOUNT  KIND          WHY
planner        marked             2  1        cloudy_disks  unused, …
planner        refused: mark      1  2        cloudy_disks  it is protected

keeper failed: x.yaml:1:1: no list Write one.

1 mark of planner ended: no rule sets them now

CLEAN-UP  NODES  CLOUD   ACCOUNT  KIND          WHY
dry run       2  cloudy  1        cloudy_disks  unused
Dry run of the clean-up: nothing was changed

Exit code 2: the configuration of an action plugin is not usable
`,
  );
});

Deno.test("once --output json: the steps are data beside the run", async () => {
  const { stdout } = await runCli(["--once", "--planner", "--output", "json"], working(ACTED));
  const printed = JSON.parse(stdout);
  assert.equal(printed.run, "r1");
  assert.equal(printed.exitCode, 2);
  assert.deepEqual(printed.workflow, ACTED);
});

Deno.test("once: a clean-up that is withheld says why", async () => {
  const cleanup = { dryRun: false, withheld: "keeper failed", groups: [] };
  const { stdout } = await runCli(["--once", "--cleanup"], working({ cleanup }));
  assert.match(stdout, /^Nothing is cleaned up: keeper failed$/m);
});
