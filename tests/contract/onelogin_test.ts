import assert from "node:assert/strict";
import { spanText } from "../../plugins/onelogin/time_span.ts";
import type { FakeRule } from "../support/saas/fake_api.ts";
import { type OneLoginEstate, startOneLogin } from "../support/saas/onelogin_api.ts";
import { faultsOf, makeSaasStore, pluginOf } from "../support/saas/saas_store.ts";
import { assertCostsNothing, collectWithFaults } from "../support/saas/with_faults.ts";

const MANY = Array.from({ length: 120 }, (_, number) => `many-${number}`);
const ESTATE: OneLoginEstate = {
  users: ["ada", "bob", ...MANY],
  groups: ["Staff"],
  roles: ["Admin", "Reader"],
};
const CLIENT = { client_id: "id", client_secret: "s3cr3t" } as const;
const few = (texts: readonly string[]) => texts.filter((text) => !/many| \d{1,3}$/.test(text));

Deno.test("OneLogin: everything is collected, over all pages", async () => {
  await using onelogin = startOneLogin(ESTATE);
  await using store = await makeSaasStore("onelogin");
  const summary = await store.collect({ ...CLIENT, base_url: onelogin.url });
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const { nodes, edges, outcomes } = store.read();
  assert.deepEqual([...new Set(Object.values(outcomes))], ["complete"]);
  assert.deepEqual(few(nodes), [
    "- onelogin_account id id",
    "us onelogin_group 100 Staff",
    "us onelogin_region us us",
    "us onelogin_role 100 Admin",
    "us onelogin_role 101 Reader",
    "us onelogin_user 1 ada",
    "us onelogin_user 2 bob",
  ]);
  assert.equal(nodes.filter((node) => node.includes("many")).length, MANY.length);
  assert.deepEqual(edges.filter((edge) => !edge.startsWith("onelogin_region")), [
    "onelogin_account id > onelogin_region us",
    "onelogin_group 100 > onelogin_user 1",
    "onelogin_role 100 > onelogin_user 1",
    "onelogin_role 101 > onelogin_user 1",
  ]);
});

Deno.test("OneLogin: values have the names, types and times of the model", async () => {
  await using onelogin = startOneLogin(ESTATE);
  await using store = await makeSaasStore("onelogin");
  await store.collect({ ...CLIENT, base_url: onelogin.url });
  assert.deepEqual(store.read().reported.get("onelogin_user 1"), {
    tags: {},
    user_id: 1,
    username: "ada",
    email: "ada@acme.test",
    firstname: "Some",
    lastname: "Body",
    status: 1,
    state: 1,
    group_id: 100,
    role_ids: [100, 101],
    custom_attributes: { team: "core" },
    invalid_login_attempts: 0,
    manager_user_id: "77",
    created_at: "2020-01-02T03:04:05Z",
    updated_at: "2025-01-02T03:04:05Z",
    last_login: "2025-12-24T12:00:00Z",
    password_changed_at: "2025-12-21T00:00:00Z",
    password_age: "12 days, 3:04:05",
    ctime: "2020-01-02T03:04:05Z",
    mtime: "2025-01-02T03:04:05Z",
    atime: "2025-12-24T12:00:00Z",
  });
});

Deno.test("OneLogin: an account without anything", async () => {
  await using onelogin = startOneLogin({ users: [], groups: [], roles: [] });
  await using store = await makeSaasStore("onelogin");
  const summary = await store.collect({ ...CLIENT, region: "eu", base_url: onelogin.url });
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(store.read().nodes, [
    "- onelogin_account id id",
    "eu onelogin_region eu eu",
  ]);
});

Deno.test("OneLogin: credentials may come from the variables of its own tools", () => {
  const { manifest } = pluginOf("onelogin");
  const options = manifest.options.parse({});
  const env = { ONELOGIN_CLIENT_ID: "id", ONELOGIN_CLIENT_SECRET: "x" };
  const configured = (given: Record<string, string>) =>
    manifest.configured?.(options, { env: given, files: {} });
  assert.equal(configured(env)?.configured, true);
  assert.match(configured({ ...env, ONELOGIN_CLIENT_SECRET: "" })?.reason ?? "", /client secret/);
  assert.match(configured({})?.reason ?? "", /client id/);
});

Deno.test("OneLogin: a region cannot lead to another host", () => {
  const { manifest } = pluginOf("onelogin");
  assert.equal(manifest.options.safeParse({ region: "evil.test/" }).success, false);
  const env = { ONELOGIN_REGION: "evil.test/" };
  const { net } = manifest.permissions(manifest.options.parse({}), { env, files: {} });
  assert.deepEqual(net, ["api.us.onelogin.com:443"]);
});

Deno.test("OneLogin: without credentials nothing is asked and nothing is removed", async () => {
  await using onelogin = startOneLogin(ESTATE);
  await using store = await makeSaasStore("onelogin");
  await store.collect({ ...CLIENT, base_url: onelogin.url });
  const before = store.read();
  const asked = onelogin.requests.length;
  const summary = await store.collect({ client_id: "id", base_url: onelogin.url });
  assert.equal(summary.exitCode, 1);
  assert.match(JSON.stringify(summary.collectors), /ONELOGIN_CLIENT_SECRET/);
  assert.equal(onelogin.requests.length, asked);
  assert.deepEqual(store.read().nodes, before.nodes);
});

async function withFaults(...rules: readonly FakeRule[]) {
  await using onelogin = startOneLogin(ESTATE);
  return await collectWithFaults(
    "onelogin",
    onelogin,
    { ...CLIENT, base_url: onelogin.url },
    rules,
  );
}

function refuse(code: number, message: string, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ status: { error: true, code, message } });
  return { type: "answer", status: code, headers, body } as const;
}

Deno.test("OneLogin: limits and faults that pass delay pages and drop none", async () => {
  assertCostsNothing(
    await withFaults(
      { path: /token/, first: 1, effect: refuse(429, "slow down", { "retry-after": "20" }) },
      { path: /groups/, first: 1, effect: refuse(429, "slow down", { "x-ratelimit-reset": "30" }) },
      { path: /roles/, first: 1, effect: refuse(400, "rate_limit_exceeded") },
      { path: /users$/, first: 2, effect: refuse(500, "oops") },
      { path: /users\?/, first: 1, effect: { type: "truncate" } },
      { path: /users\?/, first: 1, effect: { type: "answer", status: 200, body: "<html>" } },
      { path: /users\?/, first: 1, effect: { type: "hang" } },
    ),
  );
});

Deno.test("OneLogin: what never gets an answer costs its own scope, whose data is kept", async () => {
  const { summary, outcomes, faults } = await withFaults(
    { path: /users\?/, effect: refuse(503, "oops") },
    { path: /groups/, effect: refuse(429, "slow down", { "x-ratelimit-reset": "36000" }) },
    { path: /roles/, effect: refuse(403, "Forbidden") },
  );
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(outcomes, {
    "us/onelogin_group": "throttled_out",
    "us/onelogin_role": "denied",
    "us/onelogin_user": "failed",
  });
  assert.deepEqual(faults, [
    "denied onelogin:ListRoles 403 Read users",
    "failed onelogin:ListUsers 503",
    "throttled_out onelogin:ListGroups 429",
  ]);
});

Deno.test("OneLogin: a token that expires in the middle is renewed once", async () => {
  const found = await withFaults({
    path: /users\?/,
    first: 1,
    effect: refuse(401, "Unauthorized"),
  });
  assertCostsNothing(found);
  assert.equal(found.requests.filter((path) => path.includes("/token")).length, 2);
});

Deno.test("OneLogin: a secret that is no good any more loses nothing", async () => {
  const { outcomes, faults } = await withFaults(
    { path: /token/, effect: refuse(401, "Authentication Failure") },
  );
  assert.deepEqual([...new Set(Object.values(outcomes))], ["failed"]);
  assert.deepEqual(faults, ["failed onelogin:GenerateToken 401"]);
});

Deno.test("OneLogin: a bad record costs no other", async () => {
  const spoil = (change: (record: object) => unknown) => ({
    type: "change",
    change: (value: unknown) => {
      const data: unknown = Reflect.get(Object(value), "data");
      const [first, ...rest] = Array.isArray(data) ? data : [];
      return { ...Object(value), data: [change(first), ...rest] };
    },
  } as const);
  const { outcomes, after } = await withFaults(
    { path: /roles/, effect: spoil(() => null) },
    {
      path: /users$/,
      effect: spoil((user) => ({ ...user, custom_attributes: { a: {} }, role_id: "all" })),
    },
  );
  assert.deepEqual(outcomes, { "us/onelogin_role": "failed", "us/onelogin_user": "partial" });
  assert.deepEqual(after.stale, ["us onelogin_role 100 Admin"]);
});

Deno.test("OneLogin: an answer without a list and a cursor that comes twice leave a list open", async () => {
  const again = { data: [], pagination: { after_cursor: "x" } };
  const answer = (body: unknown) =>
    ({ type: "answer", status: 200, body: JSON.stringify(body) }) as const;
  const { faults } = await withFaults(
    { path: /groups/, effect: answer({ status: { error: false } }) },
    { path: /roles/, effect: answer({ status: { error: true, message: "no" }, data: [] }) },
    { path: /users/, effect: answer(again) },
  );
  assert.deepEqual(faults, [
    "failed onelogin:ListGroups NoList",
    "failed onelogin:ListRoles 200",
    "failed onelogin:ListUsers RepeatedCursor",
  ]);
});

Deno.test("a time span is told in days, hours, minutes and seconds", () => {
  const day = 86_400_000;
  assert.deepEqual(
    [0, 5_000, day, 12 * day + 11_045_120, -1_000].map(spanText),
    ["0:00:00", "0:00:05", "1 day, 0:00:00", "12 days, 3:04:05.120000", "-1 day, 23:59:59"],
  );
});
