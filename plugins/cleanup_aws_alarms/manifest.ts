import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "cleanup_aws_alarms",
  type: "action",
  description: "Marks AWS alarms on instances that are gone",
  action: "cleanup_plan",
  subscriber: "CleanupAWSAlarmsPlugin",
  may: ["mark"],
  options: z.object({
    enabled: z.boolean().default(false).describe("Mark alarms on gone instances to be cleaned up")
      .meta({ bare: true }),
    config: z.string().optional().describe("YAML file with the accounts to do it in; all without")
      .meta({ placeholder: "FILE" }),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--cleanup-aws-alarms" }),
  files: ({ enabled, config }) => enabled && config !== undefined ? [config] : [],
});
