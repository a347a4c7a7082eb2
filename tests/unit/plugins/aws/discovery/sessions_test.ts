import assert from "node:assert/strict";
import { Connection } from "../../../../../plugins/aws/client/connection.ts";
import { createNetwork } from "../../../../../plugins/aws/discovery/network.ts";
import { findStart, Sessions } from "../../../../../plugins/aws/discovery/sessions.ts";
import { options as schema } from "../../../../../plugins/aws/options.ts";
import { FakeAws } from "../../../../support/fake_aws.ts";

const NOBODY = () => Promise.reject(new Error("nobody helps"));

Deno.test("Sessions: a role is renewed even when calls that wait for it hold every slot", async () => {
  const aws = new FakeAws().on("ec2:DescribeVpcs", () => ({ Vpcs: [] }));
  const options = schema.parse({ access_key_id: "key", secret_access_key: "secret" });
  const machine = aws.machine();
  const network = createNetwork(
    { signal: new AbortController().signal, budgets: [] },
    machine,
    machine.pool(""),
    undefined,
    new Map([["ec2:DescribeVpcs", []], ["sts:AssumeRole", []]]),
  );
  const start = await findStart({ options, helper: NOBODY }, machine, {});
  using sessions = new Sessions(network, start, options);
  const session = sessions.assume(sessions.base("111111111111"), "222222222222", "reader");
  using connection = new Connection(network, session, "eu-west-1");
  await aws.clock.run(session.credentials());
  await aws.clock.run(aws.clock.sleep(3_600_001, new AbortController().signal));
  const expired = aws.clock.now();
  await aws.clock.run(
    Promise.all(Array.from({ length: 200 }, () => connection.send("ec2", "DescribeVpcs", {}))),
  );
  assert.equal(aws.made("sts:AssumeRole").length, 2);
  assert.equal(aws.clock.now(), expired, "nothing had to wait");
});
