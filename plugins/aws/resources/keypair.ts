import { call, change, defineResource } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Key pairs; instances name theirs. */
export const keypair = defineResource({
  kind: "aws_ec2_keypair",
  bases: ["aws_resource", "keypair"],
  pythonClass: "AWSEC2KeyPair",
  description: "Public half of a key that opens instances.",
  service: "ec2",
  scope: "region",
  collector: "keypairs",
  list: call("DescribeKeyPairs", "KeyPairs[]"),
  id: "KeyPairId",
  name: "KeyName",
  ctime: "CreateTime",
  properties: { fingerprint: "KeyFingerprint" },
  targets: ["name"],
  read: call("DescribeKeyPairs", "KeyPairs[]", { KeyPairIds: ["$id"] }),
  missing: ["InvalidKeyPair.NotFound"],
  change: { ...ec2Tagging, delete: [change("DeleteKeyPair", { KeyName: "$name" })] },
});
