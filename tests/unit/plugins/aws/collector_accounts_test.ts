import assert from "node:assert/strict";
import {
  cloud,
  collect,
  CURRENT,
  fail,
  MEMBER,
  OTHER,
  outcomes,
} from "../../../support/aws_cloud.ts";
import { type Answer, awsError, type FakeAws } from "../../../support/fake_aws.ts";

Deno.test("createCollector: an account whose role is denied costs itself only", async () => {
  const aws = cloud().on("sts:AssumeRole", ({ input }) => {
    if (String(input.RoleArn).includes(MEMBER)) {
      throw awsError("AccessDenied", "User: x is not authorized to perform: sts:AssumeRole", 403);
    }
    return {
      Credentials: { AccessKeyId: "assumed", SecretAccessKey: "secret", SessionToken: "token" },
    };
  });
  const context = await collect(aws, { role: "reader", account: [MEMBER, OTHER] });
  assert.deepEqual(
    context.scopes.filter(({ scope }) => scope.account === MEMBER).map(({ result }) => result),
    [{
      outcome: "denied",
      faults: [{
        call: "sts:AssumeRole",
        code: "AccessDenied",
        message: "User: x is not authorized to perform: sts:AssumeRole",
        permission: "sts:AssumeRole",
        count: 1,
      }],
    }],
  );
  assert.equal(context.scope(OTHER, "eu-west-1", "aws_ec2_subnet")?.nodes.length, 2);
});

Deno.test("createCollector: one AssumeRole per account, with path, external id and session name", async () => {
  const aws = cloud();
  await collect(aws, {
    role: "/service/reader",
    account: [MEMBER, OTHER],
    external_id: "shared",
    role_session_name: "inventory",
  });
  const assumed = aws.made("sts:AssumeRole").map(({ input }) => input).sort((a, b) =>
    a.RoleArn < b.RoleArn ? -1 : 1
  );
  assert.deepEqual(
    assumed,
    [MEMBER, OTHER].map((id) => ({
      RoleArn: `arn:aws:iam::${id}:role/service/reader`,
      RoleSessionName: "inventory",
      ExternalId: "shared",
    })),
  );
});

Deno.test("createCollector: calls of an account are signed with its role", async () => {
  const aws = cloud();
  await collect(aws, { role: "reader", account: [MEMBER] });
  const keys = new Set(aws.made("ec2:DescribeSubnets").map(({ key }) => key));
  assert.deepEqual([...keys], [`key of arn:aws:iam::${MEMBER}:role/reader`]);
});

Deno.test("createCollector: an assumed role that expires is renewed before it does", async () => {
  const aws = cloud();
  const waiting: Answer = async () => {
    await aws.clock.sleep(3_000_000, new AbortController().signal);
    return { Subnets: [] };
  };
  aws.on("ec2:DescribeSubnets", waiting);
  aws.on("eks:ListClusters", async () => {
    await aws.clock.sleep(3_400_000, new AbortController().signal);
    return { clusters: ["one"] };
  });
  const context = await collect(aws, { role: "reader", account: [MEMBER] });
  assert.equal(context.scope(MEMBER, "eu-west-1", "aws_eks_cluster")?.result?.outcome, "complete");
  assert.equal(aws.made("sts:AssumeRole").length, 2);
});

Deno.test("createCollector: the organisation's accounts, suspended ones skipped", async () => {
  const context = await collect(cloud(), { role: "reader", scrape_org: true });
  assert.deepEqual(context.accountReports, [{
    complete: true,
    accounts: [{ id: MEMBER, name: "member" }, { id: CURRENT, name: "root" }],
    skipped: [{ id: OTHER, reason: "suspended" }],
    unfiltered: true,
  }]);
  assert.equal(outcomes(context)["//aws_account"], "complete");
  assert.ok(context.scope(MEMBER, "eu-west-1", "aws_ec2_subnet"));
});

Deno.test("createCollector: a denied organisation is told, and the current account is collected", async () => {
  const aws = cloud().on("organizations:ListAccounts", fail("AccessDeniedException", "no", 400));
  const context = await collect(aws, { role: "reader", scrape_org: true });
  assert.equal(outcomes(context)["//aws_account"], "denied");
  assert.equal(context.accountReports[0]?.complete, false);
  assert.ok(context.scope(CURRENT, "eu-west-1", "aws_ec2_subnet"));
});

for (
  const [title, accounts] of Object.entries({
    "names nobody": undefined,
    "leaves out who asked": [{ Id: MEMBER, State: "ACTIVE" }],
    "holds an account without id": [{ Id: CURRENT }, { Name: "lost" }],
  })
) {
  Deno.test(`createCollector: a list of the organisation that ${title} makes no account gone`, async () => {
    const aws = cloud().on("organizations:ListAccounts", () => ({ Accounts: accounts }));
    const context = await collect(aws, { role: "reader", scrape_org: true });
    assert.equal(outcomes(context)["//aws_account"], "failed");
    assert.deepEqual(context.accountReports.map(({ complete }) => complete), [false]);
  });
}

Deno.test("createCollector: a role of its own lists the organisation", async () => {
  const aws = cloud();
  await collect(aws, {
    role: "reader",
    scrape_org: true,
    org_role: `arn:aws:iam::${OTHER}:role/list`,
  });
  assert.deepEqual(aws.made("organizations:ListAccounts").map(({ key }) => key), [
    `key of arn:aws:iam::${OTHER}:role/list`,
  ]);
});

Deno.test("createCollector: guests share the accounts, and one of them tells of the organisation", async () => {
  const contexts = await asGuests([cloud(), cloud(), cloud()]);
  const accounts = contexts.flatMap((
    context,
  ) => [...new Set(context.scopes.map(({ scope }) => scope.account))]);
  assert.deepEqual(accounts.sort(), ["", MEMBER, CURRENT].sort());
});

Deno.test("createCollector: a guest that cannot list the organisation says that its share is missing", async () => {
  const denied = cloud().on("organizations:ListAccounts", fail("AccessDeniedException", "no", 403));
  const [, second] = await asGuests([cloud(), denied]);
  assert.ok(second !== undefined);
  assert.equal(outcomes(second)["//aws_account_1"], "denied");
  assert.deepEqual(second.accountReports.map(({ complete }) => complete), [false]);
});

/** Collects the organisation with one guest for each cloud, which all show the same accounts. */
function asGuests(clouds: readonly FakeAws[]) {
  return Promise.all(
    clouds.map((aws, index) =>
      collect(aws, { role: "reader", scrape_org: true }, { shard: { index, of: clouds.length } })
    ),
  );
}

Deno.test("createCollector: roles are assumed through one client, however many accounts there are", async () => {
  const one = cloud();
  await collect(one, { role: "reader", account: [MEMBER], region: ["eu-west-1"] });
  const two = cloud();
  await collect(two, { role: "reader", account: [MEMBER, OTHER], region: ["eu-west-1"] });
  // Clients of the start: one to ask who we are, one to assume roles.
  assert.equal(two.clients.made - 2, 2 * (one.clients.made - 2));
});
