import assert from "node:assert/strict";
import { type SlackEstate, startSlack } from "../support/saas/slack_api.ts";
import { faultsOf, makeSaasStore, pluginOf } from "../support/saas/saas_store.ts";
import type { FakeRule } from "../support/saas/fake_api.ts";
import { assertCostsNothing, collectWithFaults } from "../support/saas/with_faults.ts";

const MANY = Array.from({ length: 250 }, (_, number) => `UM${number}`);

const ESTATE: SlackEstate = {
  users: ["U1", "no-name-1", ...MANY],
  usergroups: { S1: ["U1", "UM249"], S2: [] },
  conversations: { C1: ["U1", ...MANY], C2: [], C3: ["no-name-1"] },
  archived: ["C9"],
};
const few = (texts: readonly string[]) => texts.filter((text) => !text.includes("UM"));

Deno.test("Slack: everything is collected, over all pages", async () => {
  await using slack = startSlack(ESTATE);
  await using store = await makeSaasStore("slack");
  const summary = await store.collect({ bot_token: "xoxb-1", base_url: slack.url });
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const { nodes, edges, outcomes } = store.read();
  assert.deepEqual(outcomes, {
    slack_team: "complete",
    slack_region: "complete",
    "members/slack_user": "complete",
    "usergroups/slack_usergroup": "complete",
    "conversations/slack_conversation": "complete",
  });
  assert.deepEqual(few(nodes), [
    "- slack_team T1 Acme",
    "conversations slack_conversation C1 channel-c1",
    "conversations slack_conversation C2 channel-c2",
    "conversations slack_conversation C3 channel-c3",
    "conversations slack_region conversations conversations",
    "members slack_region members members",
    "members slack_user U1 Display U1",
    "members slack_user no-name-1 ",
    "usergroups slack_region usergroups usergroups",
    "usergroups slack_usergroup S1 Group S1",
    "usergroups slack_usergroup S2 Group S2",
  ]);
  assert.deepEqual(few(edges), [
    "slack_region conversations > slack_conversation C1",
    "slack_region conversations > slack_conversation C2",
    "slack_region conversations > slack_conversation C3",
    "slack_region members > slack_user U1",
    "slack_region members > slack_user no-name-1",
    "slack_region usergroups > slack_usergroup S1",
    "slack_region usergroups > slack_usergroup S2",
    "slack_team T1 > slack_region conversations",
    "slack_team T1 > slack_region members",
    "slack_team T1 > slack_region usergroups",
    "slack_user U1 > slack_conversation C1",
    "slack_user no-name-1 > slack_conversation C3",
    "slack_usergroup S1 > slack_user U1",
  ]);
  assert.equal(edges.filter((edge) => edge.endsWith("> slack_conversation C1")).length, 252);
  assert.deepEqual([...slack.authorisations], ["Bearer xoxb-1"]);
});

Deno.test("Slack: values have the names, types and times of the model", async () => {
  await using slack = startSlack(ESTATE);
  await using store = await makeSaasStore("slack");
  await store.collect({ bot_token: "xoxb-1", base_url: slack.url });
  const { reported } = store.read();
  assert.deepEqual(reported.get("slack_team T1"), {
    tags: {},
    domain: "acme",
    email_domain: "acme.test",
    icon: "https://acme.test/icon.png",
  });
  const user = reported.get("slack_user U1") ?? {};
  assert.deepEqual(
    [user["ctime"], user["mtime"], user["is_admin"], user["is_owner"], user["email"]],
    ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z", true, false, "u1@acme.test"],
  );
  const group = reported.get("slack_usergroup S1") ?? {};
  assert.deepEqual(
    [group["ctime"], group["mtime"], group["user_count"], group["is_external"], group["users"]],
    ["2020-09-13T12:26:40Z", "2023-11-14T22:13:20Z", 2, false, undefined],
  );
  const conversation = reported.get("slack_conversation C1") ?? {};
  assert.deepEqual(
    [conversation["topic"], conversation["topic_last_set"], conversation["purpose"]],
    ["Talk", 1_650_000_000, ""],
  );
  assert.deepEqual(
    [conversation["pending_shared"], conversation["previous_names"], conversation["ctime"]],
    [[], ["before"], undefined],
  );
});

Deno.test("Slack: archived conversations come when asked for", async () => {
  await using slack = startSlack(ESTATE);
  await using store = await makeSaasStore("slack");
  const options = { bot_token: "xoxb-1", base_url: slack.url };
  await store.collect({ ...options, include_archived: true });
  assert.ok(store.read().nodes.includes("conversations slack_conversation C9 channel-c9"));
});

Deno.test("Slack: an empty workspace", async () => {
  await using slack = startSlack({ users: [], usergroups: {}, conversations: {} });
  await using store = await makeSaasStore("slack");
  const summary = await store.collect({ bot_token: "xoxb-1", base_url: slack.url });
  assert.equal(summary.exitCode, 0);
  assert.equal(store.read().nodes.length, 4);
});

Deno.test("Slack: certificates cannot be left unverified, and the refusal says what to do", () => {
  const { options } = pluginOf("slack").manifest;
  const { error } = options.safeParse({ do_not_verify_cert: true });
  assert.match(error?.message ?? "", /--ca-cert/);
  assert.ok(options.safeParse({ do_not_verify_cert: false }).success);
});

Deno.test("Slack: the token may come from the variable of Slack's own tools", () => {
  const { manifest } = pluginOf("slack");
  const options = manifest.options.parse({});
  const configured = (env: Record<string, string>) =>
    manifest.configured?.(options, { env, files: {} }).configured;
  assert.equal(configured({ SLACK_BOT_TOKEN: "xoxb-1" }), true);
  assert.deepEqual([configured({}), configured({ SLACK_BOT_TOKEN: "" })], [false, false]);
});

Deno.test("Slack: without a token nothing is asked and nothing is removed", async () => {
  await using slack = startSlack(ESTATE);
  await using store = await makeSaasStore("slack");
  await store.collect({ bot_token: "xoxb-1", base_url: slack.url });
  const before = store.read();
  const asked = slack.requests.length;
  const summary = await store.collect({ base_url: slack.url });
  assert.equal(summary.exitCode, 1);
  assert.match(JSON.stringify(summary.collectors), /no bot token.*SLACK_BOT_TOKEN/);
  assert.equal(slack.requests.length, asked);
  assert.deepEqual(store.read().nodes, before.nodes);
});

async function withFaults(...rules: readonly FakeRule[]) {
  await using slack = startSlack(ESTATE);
  return await collectWithFaults("slack", slack, { bot_token: "x", base_url: slack.url }, rules);
}

function refuse(error: string, more: object = {}) {
  return {
    type: "answer",
    status: 200,
    body: JSON.stringify({ ok: false, error, ...more }),
  } as const;
}

const LIMITED = {
  type: "answer",
  status: 429,
  headers: { "retry-after": "30" },
  body: '{"ok":false,"error":"ratelimited"}',
} as const;

Deno.test("Slack: limits and faults that pass delay pages and drop none", async () => {
  assertCostsNothing(
    await withFaults(
      { path: /users\.list/, first: 3, effect: LIMITED },
      { path: /usergroups\.list/, first: 1, effect: refuse("ratelimited") },
      { path: /conversations\.members/, first: 2, effect: refuse("internal_error") },
      { path: /conversations\.list/, first: 1, effect: { type: "answer", status: 500 } },
      { path: /conversations\.members/, first: 1, effect: { type: "truncate" } },
      {
        path: /conversations\.list/,
        first: 1,
        effect: { type: "answer", status: 200, body: "<html>" },
      },
      { path: /team\.info/, first: 1, effect: { type: "hang" } },
    ),
  );
});

Deno.test("Slack: what never gets an answer costs its own scope, whose data is kept", async () => {
  const { summary, outcomes, faults } = await withFaults(
    { path: /users\.list/, effect: { ...LIMITED, headers: { "retry-after": "3600" } } },
    { path: /usergroups\.list/, effect: { type: "answer", status: 503 } },
    { path: /conversations\.members/, effect: refuse("internal_error") },
  );
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(outcomes, {
    "members/slack_user": "throttled_out",
    "usergroups/slack_usergroup": "failed",
    "conversations/slack_conversation": "partial",
  });
  assert.deepEqual(faults, [
    "failed slack:usergroups.list 503",
    "partial slack:conversations.members internal_error",
    "throttled_out slack:users.list ratelimited",
  ]);
});

Deno.test("Slack: a missing scope is named", async () => {
  const lacks = (needed: string) => refuse("missing_scope", { needed, provided: "team:read" });
  const { outcomes, faults } = await withFaults(
    { path: /users\.list/, effect: lacks("users:read") },
    { path: /conversations\.list/, effect: lacks("groups:read") },
    { path: /usergroups\.list/, effect: refuse("plan_upgrade_required") },
  );
  assert.deepEqual(outcomes, {
    "members/slack_user": "denied",
    "conversations/slack_conversation": "denied",
    "usergroups/slack_usergroup": "not_enabled",
  });
  assert.deepEqual(faults, [
    "denied slack:conversations.list missing_scope groups:read",
    "denied slack:users.list missing_scope users:read",
    "not_enabled slack:usergroups.list plan_upgrade_required",
  ]);
});

Deno.test("Slack: a token that has expired loses nothing", async () => {
  const { outcomes } = await withFaults(
    { path: /(users|usergroups|conversations)\.list/, effect: refuse("token_expired") },
  );
  assert.deepEqual([...new Set(Object.values(outcomes))], ["failed"]);
  const { summary } = await withFaults({ path: /./, effect: refuse("invalid_auth") });
  assert.equal(summary.exitCode, 1);
});

Deno.test("Slack: a bad record costs no other", async () => {
  const spoil = (list: string, change: (record: object) => unknown) => ({
    type: "change",
    change: (value: unknown) => {
      const records: unknown = Reflect.get(Object(value), list);
      const [first, ...rest] = Array.isArray(records) ? records : [];
      return { ...Object(value), [list]: [change(first), ...rest] };
    },
  } as const);
  const { outcomes, after } = await withFaults(
    { path: /users\.list/, first: 1, effect: spoil("members", (user) => ({ ...user, id: null })) },
    {
      path: /usergroups\.list/,
      effect: spoil("usergroups", (group) => ({ ...group, users: [null], user_count: "two" })),
    },
    {
      path: /conversations\.list/,
      effect: spoil("channels", (channel) => ({ ...channel, num_members: {}, topic: "Talk" })),
    },
  );
  assert.deepEqual(outcomes, {
    "members/slack_user": "failed",
    "usergroups/slack_usergroup": "partial",
    "conversations/slack_conversation": "partial",
  });
  assert.deepEqual(after.stale, ["members slack_user U1 Display U1"]);
});

Deno.test("Slack: an answer without a list and a cursor that comes twice leave a list open", async () => {
  const again = { ok: true, members: [], response_metadata: { next_cursor: "x" } };
  const { outcomes, faults } = await withFaults(
    { path: /usergroups\.list/, effect: { type: "answer", status: 200, body: '{"ok":true}' } },
    { path: /users\.list/, effect: { type: "answer", status: 200, body: JSON.stringify(again) } },
  );
  assert.deepEqual(outcomes, {
    "members/slack_user": "failed",
    "usergroups/slack_usergroup": "failed",
  });
  assert.deepEqual(faults, [
    "failed slack:usergroups.list NoList",
    "failed slack:users.list RepeatedCursor",
  ]);
});
