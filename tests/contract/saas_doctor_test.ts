import assert from "node:assert/strict";
import { askDoctor } from "../../lib/sandbox/mod.ts";
import type { DoctorReport } from "../../lib/sdk/mod.ts";
import { exampleRequest } from "../support/guest_request.ts";
import { startGithub } from "../support/saas/github_api.ts";
import { ALL, ESTATE } from "../support/saas/github_estate.ts";
import { startOneLogin } from "../support/saas/onelogin_api.ts";
import { pluginOf } from "../support/saas/saas_store.ts";
import { startSlack } from "../support/saas/slack_api.ts";

function ask(plugin: string, given: Readonly<Record<string, unknown>>): Promise<DoctorReport> {
  const entry = pluginOf(plugin);
  const options = entry.manifest.options.parse(given);
  return askDoctor(exampleRequest({
    entry,
    options,
    permissions: entry.manifest.permissions(options, { env: {}, files: {} }),
    base: new URL("../support/fast_saas/main.ts", import.meta.url).href,
  }));
}

/** What is said to be denied: kinds, and the permission that would cure it. */
function deniedOf({ accounts }: DoctorReport) {
  return accounts.flatMap(({ denied }) =>
    denied.map(({ call, kinds, permission }) => [call, ...kinds, permission])
  );
}

Deno.test("GitHub doctor: tells the credentials and what is denied", async () => {
  await using github = startGithub(ESTATE);
  const options = { ...ALL, base_url: github.url };
  const well = await ask("github", options);
  assert.deepEqual(well, {
    credentials: "access token",
    accounts: [{ id: "GitHub", regions: ["Global"], denied: [] }],
  });
  const denied = { type: "answer", status: 403 } as const;
  github.setRules([{ path: /^\/orgs\/acme\/teams/, effect: denied }]);
  const report = await ask("github", options);
  assert.deepEqual(deniedOf(report), [
    ["github:ListOrganizationTeams", "github_team", "read:org"],
  ]);
  github.setRules([{ path: /^\/users\/eve/, effect: { type: "answer", status: 401 } }]);
  assert.match((await ask("github", options)).accounts[0]?.problem ?? "", /401/);
});

Deno.test("Slack doctor: tells the workspace and the scopes that are missing", async () => {
  await using slack = startSlack({ users: ["U1"], usergroups: {}, conversations: {} });
  const body = JSON.stringify({ ok: false, error: "missing_scope", needed: "users:read" });
  slack.setRules([{ path: /users\.list/, effect: { type: "answer", status: 200, body } }]);
  const report = await ask("slack", { bot_token: "xoxb-1", base_url: slack.url });
  assert.deepEqual([report.credentials, report.accounts[0]?.name], ["bot token", "Acme"]);
  assert.deepEqual(deniedOf(report), [["slack:users.list", "slack_user", "users:read"]]);
});

Deno.test("OneLogin doctor: tells the client and what is denied", async () => {
  await using onelogin = startOneLogin({ users: [], groups: [], roles: [] });
  onelogin.setRules([{ path: /roles/, effect: { type: "answer", status: 403 } }]);
  const client = { client_id: "id", client_secret: "s3cr3t" };
  const report = await ask("onelogin", { ...client, base_url: onelogin.url });
  assert.equal(report.credentials, "client id");
  assert.deepEqual(deniedOf(report), [["onelogin:ListRoles", "onelogin_role", "Read users"]]);
});
