import assert from "node:assert/strict";
import calls from "../../../../../plugins/aws/calls.json" with { type: "json" };
import { createCollector } from "../../../../../plugins/aws/collector.ts";
import { toMapping } from "../../../../../plugins/aws/engine/mapping.ts";
import mapping from "../../../../../plugins/aws/mapping.json" with { type: "json" };
import { options as schema } from "../../../../../plugins/aws/options.ts";
import { eksCluster } from "../../../../../plugins/aws/resources/eks.ts";
import { subnet } from "../../../../../plugins/aws/resources/subnet.ts";
import { awsError, FakeAws } from "../../../../support/fake_aws.ts";
import { FakeContext } from "../../../../support/fake_context.ts";

async function examine(aws: FakeAws, options: Readonly<Record<string, unknown>> = {}) {
  const context = new FakeContext({
    options: schema.parse({ access_key_id: "key", secret_access_key: "secret", ...options }),
  });
  const parts = { resources: [subnet, eksCluster], mapping: toMapping(mapping), calls };
  const collector = createCollector(parts, aws.machine());
  const report = await aws.clock.run(collector.doctor?.(context) ?? assert.fail("no doctor"));
  assert.deepEqual(context.scopes, [], "a doctor writes nothing");
  return report;
}

function cloud(): FakeAws {
  return new FakeAws()
    .on("ec2:DescribeSubnets", () => ({ Subnets: [], NextToken: "more" }))
    .on("eks:ListClusters", () => ({ clusters: ["one"] }));
}

Deno.test("createCollector doctor: credentials, regions and one page of each list", async () => {
  const aws = cloud();
  const report = await examine(aws);
  assert.equal(report.credentials, "static keys, account 111111111111");
  assert.deepEqual(report.accounts, [{ id: "111111111111", regions: ["eu-west-1"], denied: [] }]);
  assert.equal(aws.made("ec2:DescribeSubnets").length, 1);
});

Deno.test("createCollector doctor: a denied list with all kinds that it costs", async () => {
  const aws = cloud().on("eks:ListClusters", () => {
    throw awsError("AccessDeniedException", "no", 403);
  });
  const [account] = (await examine(aws)).accounts;
  assert.deepEqual(account?.denied, [{
    call: "eks:ListClusters",
    code: "AccessDeniedException",
    message: "no",
    permission: "eks:ListClusters",
    count: 1,
    kinds: ["aws_eks_cluster", "aws_eks_nodegroup"],
  }]);
});

Deno.test("createCollector doctor: an account without access is a problem, not an end", async () => {
  const aws = cloud().on("sts:AssumeRole", ({ input }) => {
    if (String(input.RoleArn).includes("222222222222")) throw awsError("AccessDenied", "no", 403);
    return { Credentials: { AccessKeyId: "a", SecretAccessKey: "b" } };
  });
  const { accounts } = await examine(aws, {
    role: "reader",
    account: ["222222222222", "333333333333"],
  });
  assert.match(accounts[0]?.problem ?? "", /sts:AssumeRole/);
  assert.equal(accounts[1]?.problem, undefined);
});

Deno.test("createCollector doctor: an organisation that cannot be listed is told", async () => {
  const aws = cloud().on("organizations:ListAccounts", () => {
    throw awsError("AccessDeniedException", "no", 400);
  });
  const { accounts } = await examine(aws, { role: "reader", scrape_org: true });
  assert.deepEqual(accounts.map(({ id }) => id), ["111111111111", "organisation"]);
});
