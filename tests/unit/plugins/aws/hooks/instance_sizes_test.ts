import assert from "node:assert/strict";
import { INSTANCE_SIZES } from "../../../../../plugins/aws/hooks/instance_sizes.ts";
import { createTools } from "../../../../support/aws_tools.ts";

const M5 = {
  InstanceType: "m5.large",
  VCpuInfo: { DefaultVCpus: 2 },
  MemoryInfo: { SizeInMiB: 8192 },
};
const NANO = {
  InstanceType: "t3.nano",
  VCpuInfo: { DefaultVCpus: 2 },
  MemoryInfo: { SizeInMiB: 512 },
};

function instances(...types: readonly string[]) {
  return types.map((InstanceType) => ({ InstanceType }));
}

Deno.test("INSTANCE_SIZES: memory is in GiB, one call for all types of a page", async () => {
  const tools = createTools({ answers: { DescribeInstanceTypes: () => [NANO, M5] } });
  assert.deepEqual(await INSTANCE_SIZES.run(instances("m5.large", "t3.nano", "m5.large"), tools), [
    { Cores: 2, Memory: 8 },
    { Cores: 2, Memory: 0.5 },
    { Cores: 2, Memory: 8 },
  ]);
  assert.deepEqual(tools.calls.map(({ input }) => input), [
    { Filters: [{ Name: "instance-type", Values: ["m5.large", "t3.nano"] }] },
  ]);
});

Deno.test("INSTANCE_SIZES: a type that EC2 does not describe has no size, the others do", async () => {
  const tools = createTools({ answers: { DescribeInstanceTypes: () => [M5] } });
  assert.deepEqual(await INSTANCE_SIZES.run(instances("cg1.4xlarge", "m5.large"), tools), [
    undefined,
    { Cores: 2, Memory: 8 },
  ]);
});

Deno.test("INSTANCE_SIZES: a filter takes a hundred types", async () => {
  const tools = createTools({ answers: { DescribeInstanceTypes: () => [] } });
  const types = Array.from({ length: 130 }, (_, index) => `m${index}.large`);
  await INSTANCE_SIZES.run(instances(...types), tools);
  const asked = tools.calls.map(({ input }) => JSON.stringify(input).match(/large/g)?.length);
  assert.deepEqual(asked, [100, 30]);
});
