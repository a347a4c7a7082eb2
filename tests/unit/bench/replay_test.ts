import { DescribeVpcsCommand, EC2Client, GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import { ListAccountsCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { Recorder } from "../../../scripts/bench/replay/record.ts";
import type { Recording } from "../../../scripts/bench/replay/recording.ts";
import { startReplay } from "../../../scripts/bench/replay/serve.ts";

const RECORDING: Recording = {
  account: "123456789012",
  region: "us-east-1",
  calls: [{
    service: "ec2",
    operation: "DescribeVpcs",
    key: "",
    status: 200,
    headers: { "content-type": "text/xml" },
    body: "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-0a1b2c3d4e5f60718</vpcId>" +
      "<ownerId>123456789012</ownerId></item></vpcSet></DescribeVpcsResponse>",
  }, {
    service: "ec2",
    operation: "DescribeVpcs",
    key: "VpcId.1=vpc-0a1b2c3d4e5f60718",
    status: 200,
    headers: { "content-type": "text/xml" },
    body:
      "<DescribeVpcsResponse><vpcSet><item><state>found</state></item></vpcSet></DescribeVpcsResponse>",
  }],
};
const REGIONS = ["us-east-1", "eu-west-1"];

function settings(endpoint: string, region: string, accessKeyId = "AKIATEST") {
  return {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: false }) }),
  };
}

Deno.test("startReplay: each account and region has its own ids, and finds them again", async () => {
  await using server = startReplay({ recording: RECORDING, accounts: 2, regions: REGIONS });
  const seen: string[] = [];
  for (const account of server.accounts) {
    const sts = new STSClient(settings(server.url, "us-east-1"));
    const role = `arn:aws:iam::${account}:role/any`;
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: "bench" }),
    );
    for (const region of REGIONS) {
      const ec2 = new EC2Client(settings(server.url, region, Credentials?.AccessKeyId));
      const vpc = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0];
      assert.equal(vpc?.OwnerId, account);
      const id = vpc?.VpcId ?? "";
      seen.push(id);
      const again = await ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }));
      assert.equal(again.Vpcs?.[0]?.State, "found");
    }
  }
  assert.equal(new Set(seen).size, 4);
  assert.equal(seen[0], "vpc-0a1b2c3d4e5f60718");
});

Deno.test("startReplay: lists its accounts", async () => {
  await using server = startReplay({ recording: RECORDING, accounts: 3, regions: REGIONS });
  const client = new OrganizationsClient(settings(server.url, "us-east-1"));
  const { Accounts } = await client.send(new ListAccountsCommand({}));
  assert.deepEqual(Accounts?.map(({ Id }) => Id), server.accounts);
  assert.equal(server.accounts.length, 3);
});

Deno.test("startReplay: an unrecorded call is empty or denied, and counted as such", async () => {
  for (const unknown of ["empty", "denied"] as const) {
    await using server = startReplay({ recording: RECORDING, regions: REGIONS, unknown });
    const client = new EC2Client(settings(server.url, "us-east-1"));
    const call = client.send(new GetConsoleOutputCommand({ InstanceId: "i-1" }));
    if (unknown === "empty") assert.equal((await call).Output, undefined);
    else await assert.rejects(call, { name: "AccessDenied" });
    assert.deepEqual(server.stats.operations, { "ec2:GetConsoleOutput (unknown)": 1 });
  }
});

Deno.test("startReplay latency: every call waits, calls overlap", async () => {
  await using server = startReplay({ recording: RECORDING, regions: REGIONS, latency: 80 });
  const client = new EC2Client(settings(server.url, "us-east-1"));
  const started = performance.now();
  await Promise.all([1, 2, 3].map(() => client.send(new DescribeVpcsCommand({}))));
  assert(performance.now() - started >= 75);
  assert.equal(server.stats.maxInFlight, 3);
  assert.equal(server.stats.calls, 3);
});

Deno.test("Recorder: what it recorded replays", async () => {
  await using source = startReplay({ recording: RECORDING, regions: REGIONS });
  await using recorder = new Recorder(source.url);
  const client = new EC2Client(settings(recorder.url, "us-east-1"));
  await client.send(new DescribeVpcsCommand({ MaxResults: 5 }));
  assert.deepEqual(recorder.calls, RECORDING.calls.slice(0, 1));
});
