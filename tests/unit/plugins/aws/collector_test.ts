import assert from "node:assert/strict";
import { CloudError } from "ckworker";
import calls from "../../../../plugins/aws/calls.json" with { type: "json" };
import { createCollector } from "../../../../plugins/aws/collector.ts";
import { toMapping } from "../../../../plugins/aws/engine/mapping.ts";
import mapping from "../../../../plugins/aws/mapping.json" with { type: "json" };
import { options as schema } from "../../../../plugins/aws/options.ts";
import { call } from "../../../../plugins/aws/resource.ts";
import { subnet } from "../../../../plugins/aws/resources/subnet.ts";
import {
  cloud,
  collect,
  collector,
  CURRENT,
  fail,
  MEMBER,
  OTHER,
  outcomes,
} from "../../../support/aws_cloud.ts";
import { type Answer, awsError } from "../../../support/fake_aws.ts";
import { FakeContext } from "../../../support/fake_context.ts";

Deno.test("createCollector: every scope of the current account is opened and closed", async () => {
  const context = await collect(cloud());
  assert.deepEqual(outcomes(context), {
    "111111111111//aws_account": "complete",
    "111111111111/global/aws_region": "complete",
    "111111111111/global/aws_iam_server_certificate": "complete",
    "111111111111/eu-west-1/aws_region": "complete",
    "111111111111/eu-west-1/aws_ec2_subnet": "complete",
    "111111111111/eu-west-1/aws_eks_cluster": "complete",
    "111111111111/eu-west-1/aws_eks_nodegroup": "complete",
  });
  assert.equal(context.nodes("aws_ec2_subnet").length, 2);
});

Deno.test("createCollector: the node global has the id of the partition's first region", async () => {
  const context = await collect(cloud());
  assert.deepEqual(context.nodes("aws_region").map(({ id, name }) => [id, name]), [
    ["us-east-1", "global"],
    ["eu-west-1", "eu-west-1"],
  ]);
  const [region] = context.nodes("aws_region");
  assert.equal(region?.reported.ctime, "2006-03-19T00:00:00Z");
});

for (
  const [name, fault] of [
    ["InvalidClientTokenId", "no_credentials"],
    ["AuthFailure", "no_credentials"],
    ["ExpiredToken", "expired_credentials"],
    ["CredentialsProviderError", "no_credentials"],
  ] as const
) {
  Deno.test(`createCollector: ${name} at the start is an error, never an empty cloud`, async () => {
    const aws = cloud().on("sts:GetCallerIdentity", fail(name, "no", 403));
    const context = new FakeContext({
      options: schema.parse({ access_key_id: "key", secret_access_key: "secret" }),
    });
    await assert.rejects(
      aws.clock.run(collector(aws).collect(context)),
      (error) =>
        error instanceof CloudError && error.fault === fault &&
        /--aws-profile/.test(error.hint ?? ""),
    );
    assert.deepEqual([context.scopes, context.accountReports], [[], []]);
  });
}

Deno.test("createCollector: given regions need no list of regions, and STS is asked in the first", async () => {
  const aws = cloud();
  const context = await collect(aws, { region: ["eu-central-1", "eu-west-1"] });
  assert.deepEqual(aws.made("ec2:DescribeRegions"), []);
  assert.deepEqual(aws.made("sts:GetCallerIdentity").map(({ region }) => region), ["eu-central-1"]);
  assert.deepEqual(
    context.nodes("aws_ec2_subnet").length,
    4,
  );
});

Deno.test("createCollector: a denied list of regions is told, and regions of every account are collected", async () => {
  const aws = cloud().on("ec2:DescribeRegions", fail("UnauthorizedOperation", "no", 403));
  const context = await collect(aws);
  const scope = context.scope(CURRENT, "", "aws_region");
  assert.equal(scope?.result?.outcome, "denied");
  assert.equal(scope?.result?.faults[0]?.permission, "ec2:DescribeRegions");
  const regions = new Set(aws.made("ec2:DescribeSubnets").map(({ region }) => region));
  assert.equal(regions.size, 17);
});

Deno.test("createCollector: regions that are not opted in are reported and not called", async () => {
  const aws = cloud().on("ec2:DescribeRegions", ({ input }) => {
    assert.equal(input.AllRegions, true);
    return {
      Regions: [
        { RegionName: "eu-west-1", OptInStatus: "opt-in-not-required" },
        { RegionName: "af-south-1", OptInStatus: "opted-in" },
        { RegionName: "me-south-1", OptInStatus: "not-opted-in" },
      ],
    };
  });
  const context = await collect(aws);
  assert.deepEqual(context.regionReports, [{ account: CURRENT, notEnabled: ["me-south-1"] }]);
  const regions = aws.made("ec2:DescribeSubnets").map(({ region }) => region).sort();
  assert.deepEqual(regions, ["af-south-1", "eu-west-1"]);
});

Deno.test("createCollector: a given region that is not opted in is not_enabled, nothing of it is gone", async () => {
  const denied: Answer = ({ region }) => {
    if (region === "me-south-1") throw awsError("AuthFailure", "not able to validate", 401);
    return { Subnets: [], clusters: [] };
  };
  const aws = cloud().on("ec2:DescribeSubnets", denied).on("eks:ListClusters", denied);
  const context = await collect(aws, { region: ["eu-west-1", "me-south-1"] });
  const found = outcomes(context);
  assert.equal(found["111111111111/me-south-1/aws_ec2_subnet"], "not_enabled");
  assert.equal(found["111111111111/me-south-1/aws_eks_cluster"], "not_enabled");
  assert.equal(found["111111111111/me-south-1/aws_eks_nodegroup"], "not_enabled");
  assert.equal(found["111111111111/eu-west-1/aws_ec2_subnet"], "complete");
  const calls = aws.requests.filter(({ region }) => region === "me-south-1");
  assert.deepEqual(calls.map(({ call }) => call), ["ec2:DescribeSubnets"], "one call finds out");
});

Deno.test("createCollector: a denied listing does not cost the others of its region", async () => {
  const aws = cloud().on("ec2:DescribeSubnets", fail("UnauthorizedOperation", "no", 403));
  const context = await collect(aws);
  const found = outcomes(context);
  assert.equal(found["111111111111/eu-west-1/aws_ec2_subnet"], "denied");
  assert.equal(found["111111111111/eu-west-1/aws_eks_cluster"], "complete");
  assert.equal(context.nodes("aws_eks_nodegroup").length, 1);
});

Deno.test("createCollector: a bug in one listing does not cost the others", async () => {
  const aws = cloud().on(
    "ec2:DescribeSubnets",
    () => ({ Subnets: [{ SubnetId: 7n, Tags: [null] }] }),
  );
  const context = await collect(aws);
  const found = outcomes(context);
  assert.equal(found["111111111111/eu-west-1/aws_ec2_subnet"], "failed");
  assert.equal(found["111111111111/eu-west-1/aws_eks_cluster"], "complete");
});

Deno.test("createCollector: a page that stays throttled ends in throttled_out, not in fewer nodes", async () => {
  const aws = cloud().on(
    "ec2:DescribeSubnets",
    () => ({ Subnets: [{ SubnetId: "subnet-1" }], NextToken: "more" }),
    fail("RequestLimitExceeded", "slow down", 503),
  );
  const context = await collect(aws);
  const scope = context.scope(CURRENT, "eu-west-1", "aws_ec2_subnet");
  assert.equal(scope?.result?.outcome, "throttled_out");
});

Deno.test("createCollector: China has its own partition, home and role ARN", async () => {
  const aws = cloud();
  const context = await collect(aws, {
    role: "reader",
    account: [MEMBER],
    partition: "aws-cn",
    region: ["cn-northwest-1"],
  });
  const [assumed] = aws.made("sts:AssumeRole");
  assert.equal(assumed?.input.RoleArn, `arn:aws-cn:iam::${MEMBER}:role/reader`);
  assert.equal(assumed?.region, "cn-northwest-1");
  assert.equal(context.nodes("aws_region")[0]?.id, "cn-north-1");
});

Deno.test("createCollector: the account has alias, role and figures; no password policy is no fault", async () => {
  const aws = cloud()
    .on("iam:ListAccountAliases", () => ({ AccountAliases: ["prod"] }))
    .on("iam:GetAccountSummary", () => ({ SummaryMap: { Users: 3, AccountMFAEnabled: 1 } }));
  const context = await collect(aws, { role: "reader", account: [MEMBER] });
  const [account] = context.nodes("aws_account");
  assert.deepEqual([account?.id, account?.name], [MEMBER, "prod"]);
  const { account_alias, role, users, groups, account_mfa_enabled, require_symbols } =
    account?.reported ?? {};
  assert.deepEqual(
    [account_alias, role, users, groups, account_mfa_enabled, require_symbols],
    ["prod", "reader", 3, 0, 1, undefined],
  );
  assert.equal(context.scope(MEMBER, "", "aws_account")?.result?.outcome, "complete");
});

Deno.test("createCollector: of a password policy what is absent is false", async () => {
  const aws = cloud().on("iam:GetAccountPasswordPolicy", () => ({
    PasswordPolicy: { MinimumPasswordLength: 12, RequireSymbols: true },
  }));
  const [account] = (await collect(aws)).nodes("aws_account");
  const { minimum_password_length, require_symbols, hard_expiry } = account?.reported ?? {};
  assert.deepEqual([minimum_password_length, require_symbols, hard_expiry], [12, true, false]);
});

Deno.test("createCollector: figures of the account that cannot be read keep their last value", async () => {
  const aws = cloud().on("iam:GetAccountSummary", fail("AccessDenied", "no", 403));
  const context = await collect(aws);
  const [account] = context.nodes("aws_account");
  assert.ok(account?.keep?.includes("users"));
  assert.ok(!account?.keep?.includes("require_symbols"));
  assert.equal(context.scope(CURRENT, "", "aws_account")?.result?.outcome, "partial");
});

Deno.test("createCollector: an alias that cannot be read keeps the account's name", async () => {
  const aws = cloud().on("iam:ListAccountAliases", fail("AccessDenied", "no", 403));
  const [account] = (await collect(aws)).nodes("aws_account");
  assert.ok(account?.keep?.includes("name"));
  assert.ok(account?.keep?.includes("account_alias"));
});

Deno.test("createCollector: what is left out makes no calls, its account figures are kept", async () => {
  const aws = cloud();
  const context = await collect(aws, { collect: ["subnets"] });
  assert.deepEqual(aws.made("eks:ListClusters"), []);
  assert.deepEqual(aws.made("iam:GetAccountSummary"), []);
  assert.ok(context.nodes("aws_account")[0]?.keep?.includes("users"));
  assert.equal(context.scope(CURRENT, "", "aws_account")?.result?.outcome, "complete");
  assert.equal(context.accountReports[0]?.unfiltered, false);
});

Deno.test("createCollector: scopes that an interrupted run closed are not repeated", async () => {
  const aws = cloud();
  const context = await collect(aws, {}, {
    resumed: ({ resource }) => resource === "aws_ec2_subnet",
  });
  assert.deepEqual(aws.made("ec2:DescribeSubnets"), []);
  assert.equal(context.scope(CURRENT, "eu-west-1", "aws_ec2_subnet"), undefined);
  assert.ok(context.scope(CURRENT, "eu-west-1", "aws_eks_cluster"));
});

Deno.test("createCollector: an account that is out of reach is told beside what an interrupted run closed", async () => {
  const aws = cloud().on("sts:AssumeRole", fail("AccessDenied", "no", 403));
  const context = await collect(aws, { role: "reader", account: [MEMBER] }, {
    resumed: ({ resource }) => resource === "aws_account",
  });
  assert.deepEqual(outcomes(context), { "222222222222//aws_region": "denied" });
});

Deno.test("createCollector: a stopped run ends with the reason, scopes stay open", async () => {
  const stop = new AbortController();
  const aws = cloud().on("ec2:DescribeSubnets", () => {
    stop.abort(new Error("stopped by the user"));
    throw awsError("InternalError", "no", 500);
  });
  const context = new FakeContext({
    options: schema.parse({ access_key_id: "key", secret_access_key: "secret" }),
    signal: stop.signal,
  });
  await assert.rejects(aws.clock.run(collector(aws).collect(context)), /stopped by the user/);
  assert.equal(context.scope(CURRENT, "eu-west-1", "aws_ec2_subnet")?.result, undefined);
});

Deno.test("createCollector: reports progress up to the end, calls, and learned budgets", async () => {
  const aws = cloud().on(
    "ec2:DescribeSubnets",
    fail("RequestLimitExceeded", "slow down", 503),
    () => ({ Subnets: [] }),
  );
  const context = await collect(aws);
  const last = context.steps.at(-1);
  assert.deepEqual(last, [CURRENT, 4, 4]);
  const subnets = context.calls.find(({ call }) => call === "ec2:DescribeSubnets");
  assert.deepEqual([subnets?.count, subnets?.throttles], [2, 1]);
  assert.deepEqual(context.learnedBudgets.map(({ key }) => key), [`${CURRENT}/eu-west-1/ec2`]);
});

Deno.test("createCollector: every client is destroyed", async () => {
  const aws = cloud();
  await collect(aws, {
    region: ["eu-west-1", "eu-west-2"],
    role: "reader",
    account: [MEMBER, OTHER],
  });
  await Promise.resolve();
  assert.ok(aws.clients.made > 0);
  assert.equal(aws.clients.destroyed, aws.clients.made);
});

Deno.test("createCollector: of two lists of one resource the other ends before the scope closes", async () => {
  const aws = cloud().on("iam:ListPolicies", async ({ input }) => {
    if (input.Scope === "Local") throw awsError("ValidationError", "no", 400);
    await aws.clock.sleep(1_000, new AbortController().signal);
    return { Policies: [{ PolicyId: "late", PolicyName: "late" }] };
  });
  const context = new FakeContext({
    options: schema.parse({
      access_key_id: "key",
      secret_access_key: "secret",
      region: ["eu-west-1"],
    }),
  });
  const resources = [{
    ...subnet,
    list: [
      call("ListPolicies", "Policies[]", { Scope: "Local" }),
      call("ListPolicies", "Policies[]"),
    ],
    service: "iam" as const,
    id: "PolicyId",
  }];
  const parts = { resources, mapping: toMapping(mapping), calls };
  await aws.clock.run(createCollector(parts, aws.machine()).collect(context));
  const scope = context.scope(CURRENT, "eu-west-1", "aws_ec2_subnet");
  assert.equal(scope?.result?.outcome, "failed");
  assert.deepEqual(scope?.nodes.map(({ id }) => id), ["late"]);
});

Deno.test("createCollector: credentials of a program that the profile names come from the host", async () => {
  const aws = cloud({
    env: { AWS_PROFILE: "work", HOME: "/home/me" },
    files: {
      "/home/me/.aws/config":
        `[profile work]\nregion = eu-west-1\ncredential_process = "/opt/my tools/creds" --for work\n`,
    },
  });
  const asked: (readonly [string, readonly string[]])[] = [];
  await collect(aws, { access_key_id: undefined, secret_access_key: undefined }, {
    helper: (path, args) => {
      asked.push([path, args]);
      return Promise.resolve(
        JSON.stringify({ Version: 1, AccessKeyId: "from program", SecretAccessKey: "secret" }),
      );
    },
  });
  assert.deepEqual(asked[0], ["/opt/my tools/creds", ["--for", "work"]]);
  assert.equal(aws.made("ec2:DescribeSubnets")[0]?.key, "from program");
});
