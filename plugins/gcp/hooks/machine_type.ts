import { recordsAt, textAt, valueAt } from "ckworker";
import { lastSegment, resourcePath } from "../engine/link.ts";
import type { Raw } from "../raw.ts";
import type { Attach } from "../resource.ts";

/** Disks that are deleted with their instance: links. */
export const AUTO_DELETE = "auto_delete";

/**
 * The machine type of an instance. Google has thousands of them, one in each zone, so only those that
 * an instance has are asked for, each once.
 */
export const instanceParts: Attach = {
  operations: ["machineTypes.get"],
  gives: ["instance_cores", "instance_memory"],
  async run(raw, tools) {
    for (const disk of recordsAt(raw, "disks")) {
      const source = textAt(disk, "source");
      if (disk["autoDelete"] === true && source !== undefined) {
        tools.note(AUTO_DELETE, resourcePath(source));
      }
    }
    const link = textAt(raw, "machineType");
    const found = link === undefined
      ? undefined
      : await tools.object("compute", ["machineTypes"], link);
    return found === undefined ? {} : { $machineType: found };
  },
};

/** Size of an instance by its machine type; custom types have sizes, too. */
export function sizesOf(raw: Raw): Readonly<Record<string, unknown>> {
  const link = textAt(raw, "machineType");
  return {
    instance_type: link === undefined ? undefined : lastSegment(link),
    instance_cores: valueAt(raw, "$machineType.guestCpus"),
    instance_memory: memoryOf(valueAt(raw, "$machineType")),
  };
}

/** GiB of a machine type. */
export function memoryOf(machineType: unknown): number | undefined {
  const mebibytes = valueAt(machineType, "memoryMb");
  return typeof mebibytes === "number" ? mebibytes / 1024 : undefined;
}
