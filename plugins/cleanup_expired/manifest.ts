import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "cleanup_expired",
  type: "action",
  description: "Marks nodes whose expiration tag says that their time is over",
  action: "cleanup_plan",
  subscriber: "CleanupExpiredPlugin",
  may: ["mark"],
  options: z.object({
    enabled: z.boolean().default(false).describe("Mark expired nodes to be cleaned up")
      .meta({ bare: true }),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--cleanup-expired" }),
});
