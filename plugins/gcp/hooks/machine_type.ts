import { lastSegment, resourcePath } from "../engine/link.ts";
import { at, records, text } from "../engine/path.ts";
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
    for (const disk of records(raw, "disks")) {
      const source = text(disk, "source");
      if (disk["autoDelete"] === true && source !== undefined) {
        tools.note(AUTO_DELETE, resourcePath(source));
      }
    }
    const link = text(raw, "machineType");
    const found = link === undefined
      ? undefined
      : await tools.object("compute", ["machineTypes"], link);
    return found === undefined ? {} : { $machineType: found };
  },
};

/** Size of an instance by its machine type; custom types have sizes, too. */
export function sizesOf(raw: Raw): Readonly<Record<string, unknown>> {
  const link = text(raw, "machineType");
  return {
    instance_type: link === undefined ? undefined : lastSegment(link),
    instance_cores: at(raw, "$machineType.guestCpus"),
    instance_memory: memoryOf(at(raw, "$machineType")),
  };
}

/** GiB of a machine type. */
export function memoryOf(machineType: unknown): number | undefined {
  const mebibytes = at(machineType, "memoryMb");
  return typeof mebibytes === "number" ? mebibytes / 1024 : undefined;
}
