import assert from "node:assert/strict";
import { makeAppKey } from "../support/saas/app_key.ts";
import { numberOf, startGithub } from "../support/saas/github_api.ts";
import { ALL, ESTATE, MANY } from "../support/saas/github_estate.ts";
import { makeSaasStore } from "../support/saas/saas_store.ts";

const few = (texts: readonly string[]) => texts.filter((text) => !text.includes("member-"));
const id = (name: string) => String(numberOf(name));

Deno.test("GitHub: everything is collected, over all pages", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  const summary = await store.collect({ ...ALL, base_url: github.url });
  assert.equal(summary.exitCode, 0);
  const { nodes, edges, outcomes } = store.read();
  assert.deepEqual([...new Set(Object.values(outcomes))], ["complete"]);
  assert.deepEqual(few(nodes).filter((node) => !/webhook|pull_request/.test(node)), [
    "- github_account GitHub GitHub",
    "Global github_org acme acme",
    "Global github_org other other",
    "Global github_region Global Global",
    "Global github_repo acme/.github .github",
    "Global github_repo eve/web web",
    "Global github_repo other/.github .github",
    "Global github_repo web web",
    `Global github_team ${id("night")} Team night`,
    `Global github_team ${id("core")} Team core`,
    "Global github_user ada ada",
    "Global github_user bob bob",
    "Global github_user eve eve",
    "Global github_user oscar oscar",
  ]);
  assert.equal(nodes.filter((node) => node.includes("member-")).length, MANY.length);
  for (const edge of EDGES) assert.ok(edges.includes(edge), edge);
  const team = `github_team ${id("core")}`;
  assert.equal(edges.filter((edge) => edge.startsWith(`${team} > github_user`)).length, 231);
});

/** One edge of each sort. */
const EDGES = [
  "github_account GitHub > github_region Global",
  "github_region Global > github_org acme",
  "github_region Global > github_repo web",
  "github_region Global > github_user ada",
  "github_org acme > github_user ada",
  "github_org other > github_user ada",
  "github_org acme > github_user member-229",
  "github_org acme > github_repo web",
  "github_org acme > github_repo acme/.github",
  `github_org acme > github_team ${id("core")}`,
  `github_org acme > github_webhook ${id("hook acme")}`,
  `github_team ${id("core")} > github_team ${id("night")}`,
  `github_team ${id("core")} > github_repo web`,
  "github_user oscar > github_repo web",
  `github_repo eve/web > github_pull_request ${id("pull eve/web")}`,
  `github_user ada > github_pull_request ${id("pull eve/web")}`,
  `github_repo acme/.github > github_webhook ${id("hook acme/.github")}`,
];

Deno.test("GitHub: values have the names, types and times of the model", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  await store.collect({ ...ALL, base_url: github.url });
  const { reported } = store.read();
  const user = reported.get("github_user eve");
  assert.deepEqual(
    [user?.["user_id"], user?.["node_id"], user?.["user_type"], user?.["ctime"]],
    [numberOf("eve"), numberOf("eve"), "User", "2008-01-14T04:33:35Z"],
  );
  const repo = reported.get("github_repo web");
  assert.deepEqual(
    [repo?.["repo_id"], repo?.["full_name"], repo?.["pushed_at"], repo?.["private"]],
    [numberOf("acme/web"), "acme/web", "2011-01-26T19:06:43Z", false],
  );
  const org = reported.get("github_org acme");
  assert.deepEqual([org?.["org_id"], org?.["org_type"]], [numberOf("acme"), "Organization"]);
});

Deno.test("GitHub: what an address of a webhook may hold is not kept", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  await store.collect({ ...ALL, base_url: github.url });
  const all = JSON.stringify([...store.read().reported]);
  assert.ok(all.includes("hooks.example.com"));
  assert.ok(!all.includes("s3cr3t") && !all.includes(ALL.access_token));
});

Deno.test("GitHub: parts that are not asked for make no call and keep their data", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  const options = { ...ALL, base_url: github.url };
  await store.collect(options);
  const before = store.read();
  const known = github.requests.length;
  const summary = await store.collect({
    ...options,
    collect: [],
    no_collect: ["members", "teams", "repos"],
  });
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(github.requests.slice(known).sort(), [
    "/orgs/acme",
    "/orgs/other",
    "/repos/acme/web",
    "/repos/eve/web",
    "/users/ada",
    "/users/eve",
  ]);
  assert.deepEqual(store.read().nodes, before.nodes);
});

Deno.test("GitHub: what is not asked for by name any more is gone", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  const options = { ...ALL, collect: [], base_url: github.url };
  await store.collect(options);
  await store.collect({ access_token: "t0ken", base_url: github.url });
  assert.deepEqual(store.read().nodes, [
    "- github_account GitHub GitHub",
    "Global github_region Global Global",
  ]);
});

Deno.test("GitHub: an organisation with nothing in it", async () => {
  const nothing = { members: { acme: [] }, outsiders: {}, repos: { acme: [] }, teams: {} };
  await using github = startGithub({ ...nothing, users: [], collaborators: {} });
  await using store = await makeSaasStore("github");
  const summary = await store.collect({ access_token: "t", org: ["acme"], base_url: github.url });
  assert.equal(summary.exitCode, 0);
  assert.equal(store.read().nodes.length, 3);
});

Deno.test("GitHub: names are the same in upper and lower case", async () => {
  await using github = startGithub({ ...ESTATE, members: { ...ESTATE.members } });
  await using store = await makeSaasStore("github");
  const options = { access_token: "t", repo: ["acme/web"], org: ["acme"], user: ["ada", "Ada"] };
  await store.collect({ ...options, base_url: github.url });
  const { nodes } = store.read();
  assert.deepEqual(nodes.filter((node) => /github_user ada/i.test(node)).length, 1);
});

Deno.test("GitHub: an app collects with a token of its installation", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  const summary = await store.collect({
    app_id: "12",
    app_private_key: await makeAppKey(),
    app_installation_id: "34",
    org: ["acme"],
    base_url: github.url,
  });
  assert.equal(summary.exitCode, 0);
  const [first, ...rest] = [...github.authorisations];
  assert.match(first ?? "", /^bearer \S+\.\S+\.\S+$/);
  assert.deepEqual(rest, ["token installation-34"]);
  assert.ok(store.read().nodes.length > MANY.length);
});

Deno.test("GitHub: half the credentials of an app are said to be so", async () => {
  await using github = startGithub(ESTATE);
  await using store = await makeSaasStore("github");
  const summary = await store.collect({ app_id: "12", org: ["acme"], base_url: github.url });
  assert.equal(summary.exitCode, 1);
  assert.match(JSON.stringify(summary.collectors), /no access token.*app-installation-id/);
  assert.deepEqual(github.requests, []);
});
