import assert from "node:assert/strict";
import { z } from "zod";
import { builtInAction, defineActionManifest } from "../../../lib/sdk/mod.ts";
import { runCli } from "../../support/cli.ts";
import { CLOUDY } from "../../support/cli_plugins.ts";

const TIDY = builtInAction(defineActionManifest({
  name: "tidy_up",
  type: "action",
  description: "Tidies up",
  action: "cleanup_plan",
  subscriber: "TidyUpPlugin",
  may: ["mark", "note"],
  options: z.object({
    enabled: z.boolean().default(false).describe("Tidy up").meta({ bare: true }),
    age: z.string().default("7 days").describe("How old"),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--tidy-up" }),
}));
const SETUP = { plugins: [CLOUDY], actions: [TIDY] };

Deno.test("plugins: lists action plugins with their step and whether they are on", async () => {
  const off = await runCli(["plugins"], SETUP);
  assert.match(off.stdout, /^ACTION +STEP +ENABLED +DESCRIPTION$/m);
  assert.match(off.stdout, /^tidy_up +cleanup_plan +no: --tidy-up +Tidies up$/m);
  const on = await runCli(["plugins", "--tidy-up", "--output", "json"], SETUP);
  const action = JSON.parse(on.stdout).at(-1);
  assert.deepEqual([action.name, action.subscriber, action.enabled], [
    "tidy_up",
    "TidyUpPlugin",
    "yes: --tidy-up",
  ]);
});

Deno.test("plugins: a variable and a file key switch an action on", async () => {
  const env = await runCli(["plugins"], { ...SETUP, env: { CKWORKER_TIDY_UP: "true" } });
  assert.match(env.stdout, /yes: --tidy-up/);
  const files = { "w.yaml": "tidy-up: true\ntidy-up-age: 3d\n" };
  const file = await runCli(["plugins", "--config", "w.yaml"], { ...SETUP, files });
  assert.match(file.stdout, /yes: --tidy-up/);
});

Deno.test("permissions: an action has none, and shows what it may ask for", async () => {
  const named = await runCli(["permissions", "tidy_up"], SETUP);
  assert.equal(
    named.stdout,
    "tidy_up\n  network: none\n  variables: none\n  read: none\n  system: none\n" +
      "  may ask the host to mark, note nodes\n  all else: denied\n",
  );
  const off = await runCli(["permissions"], SETUP);
  assert.doesNotMatch(off.stdout, /tidy_up/);
  const on = await runCli(["permissions", "--tidy-up"], SETUP);
  assert.match(on.stdout, /^tidy_up$/m);
  assert.match((await runCli(["permissions", "tidy"], SETUP)).stderr, /there is no plugin tidy/);
});

Deno.test("help: the flag of a bare option is the plugin's name", async () => {
  const { stdout } = await runCli(["--help"], SETUP);
  assert.match(stdout, /Action tidy_up:\n +--tidy-up +Tidy up\n +--tidy-up-age VALUE +How old/);
});
