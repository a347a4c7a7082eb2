import { textAt } from "ckworker";
import { resourcePath } from "../engine/link.ts";
import type { Attach } from "../resource.ts";
import { AUTO_DELETE } from "./machine_type.ts";

/** Whether a disk is deleted with its instance, which only the instance tells. */
export const deletedWithInstance: Attach = {
  operations: [],
  gives: [],
  run(raw, tools) {
    const disks = tools.noted(AUTO_DELETE, "gcp_instance");
    const link = textAt(raw, "selfLink") ?? "";
    return Promise.resolve(
      disks === undefined
        ? { $keep: ["delete_with_instance"] }
        : { $autoDelete: disks.has(resourcePath(link)) },
    );
  },
};
