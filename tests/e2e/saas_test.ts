import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryPath, runProgram } from "../support/binary.ts";
import { makeAppKey } from "../support/saas/app_key.ts";
import { startGithub } from "../support/saas/github_api.ts";
import { ALL, ESTATE } from "../support/saas/github_estate.ts";
import { startOneLogin } from "../support/saas/onelogin_api.ts";
import { readStore } from "../support/saas/saas_store.ts";
import { startSlack } from "../support/saas/slack_api.ts";

/** Runs the binary for one collector into a new store and returns the nodes, without a place. */
async function collect(
  collector: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const folder = await Deno.makeTempDir();
  await using _folder = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  const store = join(folder, "store.db");
  const all = ["--once", "--collector", collector, "--store", store, ...args];
  const { code, stdout, stderr } = await runProgram(binaryPath(), all, { cwd: folder, env });
  assert.equal(code, 0, stdout + stderr);
  for (const secret of Object.values(env)) assert.ok(!(stdout + stderr).includes(secret));
  return readStore(store, collector).nodes;
}

Deno.test("binary: collects GitHub as an app", async () => {
  await using github = startGithub(ESTATE);
  const nodes = await collect("github", [
    "--github-base-url",
    github.url,
    "--github-org",
    "acme",
    "--github-app-id",
    "12",
    "--github-app-installation-id",
    "34",
    "--github-collect",
    ...ALL.collect,
  ], { CKWORKER_GITHUB_APP_PRIVATE_KEY: await makeAppKey() });
  assert.ok(nodes.includes("Global github_repo acme/web web"));
  assert.ok(nodes.includes("Global github_user member-229 member-229"));
});

Deno.test("binary: collects Slack with the variable of Slack's own tools", async () => {
  await using slack = startSlack({ users: ["U1"], usergroups: {}, conversations: { C1: ["U1"] } });
  const args = ["--slack-base-url", slack.url];
  const nodes = await collect("slack", args, { SLACK_BOT_TOKEN: "xoxb-s3cr3t" });
  assert.ok(nodes.includes("members slack_user U1 Display U1"));
  assert.deepEqual([...slack.authorisations], ["Bearer xoxb-s3cr3t"]);
});

Deno.test("binary: collects OneLogin with the variables of OneLogin's own tools", async () => {
  await using onelogin = startOneLogin({ users: ["ada"], groups: ["Staff"], roles: [] });
  const args = ["--onelogin-base-url", onelogin.url, "--onelogin-client-id", "id"];
  const nodes = await collect("onelogin", args, { ONELOGIN_CLIENT_SECRET: "s3cr3t" });
  assert.ok(nodes.includes("us onelogin_user 1 ada"));
});
