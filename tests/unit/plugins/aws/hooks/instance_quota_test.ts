import assert from "node:assert/strict";
import {
  GROUP_QUOTAS,
  quotaGroup,
  TYPE_QUOTAS,
} from "../../../../../plugins/aws/hooks/instance_quota.ts";
import { createTools } from "../../../../support/aws_tools.ts";

Deno.test("quotaGroup: families share the limit that AWS counts them under", () => {
  const groups: Readonly<Record<string, readonly string[]>> = {
    standard_ondemand_quota: [
      "a1.medium",
      "c5.large",
      "d3.xlarge",
      "h1.2xlarge",
      "i3.large",
      "im4gn.large",
      "is4gen.large",
      "m5.large",
      "r6i.large",
      "t3.micro",
      "z1d.large",
    ],
    inf_ondemand_quota: ["inf1.xlarge", "inf2.8xlarge"],
    f_ondemand_quota: ["f1.2xlarge"],
    g_ondemand_quota: ["g4dn.xlarge", "gr6.4xlarge", "vt1.3xlarge"],
    p_ondemand_quota: ["p4d.24xlarge"],
    x_ondemand_quota: ["x2idn.16xlarge"],
    dl_ondemand_quota: ["dl1.24xlarge"],
    trn_ondemand_quota: ["trn1.2xlarge"],
    hpc_ondemand_quota: ["hpc7g.4xlarge"],
  };
  for (const [id, types] of Object.entries(groups)) {
    for (const type of types) {
      const group = quotaGroup(type);
      assert.deepEqual([type, group.id, group.unit], [type, id, "vcpu"]);
    }
  }
});

Deno.test("quotaGroup: a type that runs on hosts has a limit of its own", () => {
  for (const type of ["u-6tb1.metal", "mac1.metal"]) {
    const { id, unit } = quotaGroup(type);
    assert.deepEqual([id, unit], [`${type}_quota`, "standard"]);
  }
});

Deno.test("TYPE_QUOTAS: inf types get the limit of Inf, not the one of I", async () => {
  const tools = createTools({
    quotas: {
      "ec2/Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances": 1152,
      "ec2/Running On-Demand Inf instances": 8,
    },
  });
  const types = ["inf1.xlarge", "i3.large"].map((InstanceType) => ({ InstanceType }));
  assert.deepEqual(await TYPE_QUOTAS.run(types, tools), [8, 1152]);
});

Deno.test("TYPE_QUOTAS: an earlier name of a limit is found, too", async () => {
  for (const name of ["Running On-Demand G instances", "Running On-Demand G and VT instances"]) {
    const tools = createTools({ quotas: { [`ec2/${name}`]: 64 } });
    assert.deepEqual(await TYPE_QUOTAS.run([{ InstanceType: "g4dn.xlarge" }], tools), [64]);
  }
});

Deno.test("GROUP_QUOTAS: limits of hosts, by type or by family; none where there is none", async () => {
  const tools = createTools({
    quotas: {
      "ec2/Running On-Demand u-6tb1.metal hosts": 1,
      "ec2/Running Dedicated mac1 Hosts": 3,
    },
  });
  const groups = ["u-6tb1.metal", "mac1.metal", "mac2.metal"].map((type) => ({
    Names: quotaGroup(type).names,
  }));
  assert.deepEqual(await GROUP_QUOTAS.run(groups, tools), [1, 3, undefined]);
});
