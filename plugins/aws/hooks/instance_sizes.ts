import { list, number, text } from "../engine/path.ts";
import type { Hook, Operation, Tools } from "../resource.ts";

/** Describes instance types. */
export const DESCRIBE_TYPES: Operation = {
  operation: "DescribeInstanceTypes",
  service: "ec2",
  result: "InstanceTypes[]",
};

/** Processors and memory of an instance type. */
export interface InstanceSize {
  /** Virtual processors. */
  readonly Cores: number | undefined;
  /** GiB. */
  readonly Memory: number | undefined;
}

/** Values that a filter takes. */
const CHUNK = 100;

/** Size of the instance type of each structure; undefined for types that EC2 no longer describes. */
export const INSTANCE_SIZES: Hook = {
  operations: [DESCRIBE_TYPES],
  async run(raws, tools) {
    const types = raws.map((raw) => text(raw, "InstanceType") ?? "");
    const sizes = await sizesOf([...new Set(types)].filter((type) => type !== "").sort(), tools);
    return types.map((type) => sizes.get(type));
  },
};

async function sizesOf(
  types: readonly string[],
  tools: Tools,
): Promise<ReadonlyMap<string, InstanceSize>> {
  const sizes = new Map<string, InstanceSize>();
  for (let start = 0; start < types.length; start += CHUNK) {
    const chunk = types.slice(start, start + CHUNK);
    for (const found of await describe(chunk, tools)) {
      const memory = number(found, "MemoryInfo.SizeInMiB");
      sizes.set(text(found, "InstanceType") ?? "", {
        Cores: number(found, "VCpuInfo.DefaultVCpus"),
        Memory: memory === undefined ? undefined : memory / 1024,
      });
    }
  }
  return sizes;
}

/** A filter, as naming a type that the region does not have would fail the whole call. */
function describe(types: readonly string[], tools: Tools): Promise<readonly unknown[]> {
  return tools.once(`instance sizes/${types.join()}`, async () => {
    const found = await tools.call(DESCRIBE_TYPES, {
      Filters: [{ Name: "instance-type", Values: types }],
    });
    return list({ found }, "found");
  });
}
