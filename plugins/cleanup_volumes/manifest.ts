import { defineActionManifest, parseDelta } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "cleanup_volumes",
  type: "action",
  description: "Marks volumes that are attached to nothing and were not used for a while",
  action: "cleanup_plan",
  subscriber: "CleanupVolumesPlugin",
  may: ["mark"],
  options: z.object({
    enabled: z.boolean().default(false).describe("Mark unused volumes to be cleaned up")
      .meta({ bare: true }),
    age: z.string().default("14 days")
      .refine((text) => parseDelta(text) !== undefined, "must be a span of time such as 14 days")
      .describe("How long a volume must be unused"),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--cleanup-volumes" }),
});
