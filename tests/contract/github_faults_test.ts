import assert from "node:assert/strict";
import { startGithub } from "../support/saas/github_api.ts";
import { ALL, ESTATE } from "../support/saas/github_estate.ts";
import type { FakeRule } from "../support/saas/fake_api.ts";
import { assertCostsNothing, collectWithFaults } from "../support/saas/with_faults.ts";

async function withFaults(...rules: readonly FakeRule[]) {
  await using github = startGithub(ESTATE);
  return await collectWithFaults("github", github, { ...ALL, base_url: github.url }, rules);
}

function answer(status: number, headers: Record<string, string> = {}, body: unknown = undefined) {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return { type: "answer", status, headers, ...text } as const;
}

const SECONDARY = { message: "You have exceeded a secondary rate limit." };

Deno.test("GitHub: limits that pass delay pages and drop none", async () => {
  const reset = String(Math.floor(Date.now() / 1_000) + 20);
  assertCostsNothing(
    await withFaults(
      {
        path: /members\?.*page=2/,
        first: 2,
        effect: answer(403, { "retry-after": "30" }, SECONDARY),
      },
      { path: /^\/orgs\/acme\/repos/, first: 1, effect: answer(429, { "retry-after": "5" }) },
      { path: /^\/users\/eve/, first: 1, effect: answer(403, {}, SECONDARY) },
      {
        path: /^\/orgs\/acme\/teams/,
        first: 1,
        effect: answer(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }),
      },
    ),
  );
});

Deno.test("GitHub: faults of the service that pass cost nothing", async () => {
  assertCostsNothing(
    await withFaults(
      { path: /^\/orgs\/acme$/, first: 2, effect: answer(500) },
      {
        path: /^\/orgs\/acme\/members/,
        first: 1,
        effect: answer(502, { "content-type": "text/html" }),
      },
      {
        path: /^\/users\/eve/,
        first: 1,
        effect: { type: "answer", status: 200, body: '{"login":' },
      },
      { path: /^\/orgs\/other\/repos/, first: 1, effect: { type: "truncate" } },
      { path: /^\/repos\/eve\/web$/, first: 1, effect: { type: "hang" } },
    ),
  );
});

Deno.test("GitHub: what never gets an answer costs its own scope, whose data is kept", async () => {
  const later = String(Math.floor(Date.now() / 1_000) + 24 * 3_600);
  const { summary, outcomes, faults } = await withFaults(
    { path: /members\?.*page=3/, effect: answer(500) },
    {
      path: /^\/orgs\/acme\/repos/,
      effect: answer(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": later }),
    },
    { path: /hooks/, effect: { type: "answer", status: 200, body: "<html>" } },
  );
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(outcomes, {
    "Global/github_user": "partial",
    "Global/github_org_member": "failed",
    "Global/github_org_repo": "throttled_out",
    "Global/github_team": "partial",
    "Global/github_webhook": "failed",
    "Global/github_pull_request": "throttled_out",
  });
  assert.ok(faults.includes("throttled_out github:ListOrganizationRepositories RateLimit"));
});

Deno.test("GitHub: a token that has expired loses nothing", async () => {
  const { summary, outcomes, faults } = await withFaults(
    { path: /./, effect: answer(401, {}, { message: "Bad credentials" }) },
  );
  assert.equal(summary.exitCode, 3);
  const failed = Object.entries(outcomes).filter(([, outcome]) => outcome === "failed");
  assert.equal(failed.length, 8);
  assert.ok(faults.includes("failed github:GetOrganization 401"));
});

Deno.test("GitHub: what a token may not do names the permission that it lacks", async () => {
  const { outcomes, faults } = await withFaults(
    {
      path: /^\/orgs\/acme\/teams/,
      effect: answer(403, {
        "x-oauth-scopes": "repo",
        "x-accepted-oauth-scopes": "admin:org, read:org",
      }),
    },
    {
      path: /^\/repos\/acme\/web\/collaborators/,
      effect: answer(403, { "x-accepted-github-permissions": "metadata=read" }),
    },
    { path: /^\/orgs\/acme\/hooks/, effect: answer(404) },
    { path: /^\/repos\/eve\/web$/, effect: answer(404) },
    {
      path: /^\/orgs\/other$/,
      effect: answer(403, { "x-github-sso": "required; url=https://x.test" }),
    },
  );
  assert.deepEqual(outcomes, {
    "Global/github_org": "denied",
    "Global/github_repo": "denied",
    "Global/github_team": "denied",
    "Global/github_webhook": "denied",
  });
  assert.deepEqual(faults, [
    "denied github:GetOrganization 403 an authorisation of the token for single sign-on",
    "denied github:GetRepository 404 repo",
    "denied github:ListOrganizationTeams 403 admin:org",
    "denied github:ListOrganizationWebhooks 404 admin:org_hook",
    "denied github:ListRepositoryCollaborators 403 metadata=read",
  ]);
});

Deno.test("GitHub: a bad record costs no other", async () => {
  const spoil = (change: (record: object) => unknown) => ({
    type: "change",
    change: (value: unknown) =>
      Array.isArray(value) ? [change(value[0]), ...value.slice(1)] : value,
  } as const);
  const { outcomes, faults, after } = await withFaults(
    { path: /^\/orgs\/other\/members/, effect: spoil((user) => ({ ...user, login: null })) },
    {
      path: /^\/orgs\/acme\/teams\/night\/members/,
      effect: spoil((user) => ({ ...user, login: 7 })),
    },
    { path: /collaborators/, effect: spoil((user) => ({ ...user, login: null })) },
    {
      path: /^\/orgs\/other\/repos/,
      effect: spoil((repo) => ({ ...repo, forks: "many", archived: 1, created_at: "soon" })),
    },
  );
  assert.deepEqual(outcomes, {
    "Global/github_org_member": "failed",
    "Global/github_org_repo": "partial",
    "Global/github_repo": "partial",
    "Global/github_team": "partial",
    "Global/github_user": "partial",
  });
  assert.ok(faults.every((fault) => fault.endsWith(" BadRecord")), faults.join());
  assert.deepEqual(after.stale.filter((node) => !node.includes("github_user")), []);
});

Deno.test("GitHub: a list that is none, ends in a conflict or in a circle is not whole", async () => {
  const link = '<{url}>; rel="next"';
  const { outcomes, faults, requests } = await withFaults(
    { path: /^\/orgs\/other\/members/, effect: answer(200, {}, {}) },
    { path: /^\/orgs\/other\/repos/, effect: answer(409, {}, { message: "Conflict" }) },
    {
      path: /teams/,
      effect: answer(200, { link: link.replace("{url}", "/orgs/acme/teams?page=2") }, []),
    },
  );
  assert.deepEqual(
    [
      outcomes["Global/github_org_member"],
      outcomes["Global/github_org_repo"],
      outcomes["Global/github_team"],
    ],
    ["failed", "failed", "failed"],
  );
  assert.ok(faults.includes("failed github:ListOrganizationMembers NoList"));
  assert.ok(faults.includes("failed github:ListOrganizationRepositories 409"));
  assert.ok(faults.includes("failed github:ListOrganizationTeams RepeatedPage"));
  assert.ok(requests.filter((path) => path.startsWith("/orgs/acme/teams")).length <= 3);
});

Deno.test("GitHub: a page on another host is not asked for", async () => {
  const asked: string[] = [];
  await using elsewhere = startGithub(ESTATE);
  const there = elsewhere.url.replace("127.0.0.1", "localhost");
  const { outcomes, faults } = await withFaults({
    path: /^\/orgs\/other\/members/,
    effect: answer(200, { link: `<${there}/orgs/other/members?page=2>; rel="next"` }, []),
  });
  assert.deepEqual([elsewhere.requests, asked], [[], []]);
  assert.equal(outcomes["Global/github_org_member"], "failed");
  assert.ok(faults.some((fault) => fault.includes("sandbox.denied")), faults.join());
});
