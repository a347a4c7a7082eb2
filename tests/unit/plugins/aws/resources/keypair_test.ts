import assert from "node:assert/strict";
import { keypair } from "../../../../../plugins/aws/resources/keypair.ts";
import { listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

Deno.test("keypair: its name is the key's, and instances find it by that", async () => {
  const listed = await listFrom({ DescribeKeyPairs: () => recorded("DescribeKeyPairs") }, keypair);
  const node = theNode(listed, "aws_ec2_keypair");
  assert.deepEqual([node.id, node.name, node.targets], ["key-1", "ops", { name: "ops" }]);
  assert.equal(node.reported["fingerprint"], "1f:51:ae");
});
