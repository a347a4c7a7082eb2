import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "cleanup_aws_vpcs",
  type: "action",
  description:
    "Marks what is in an AWS VPC that is to be cleaned up, or spares one with live instances",
  action: "post_cleanup_plan",
  subscriber: "CleanupAWSVPCsPlugin",
  may: ["mark", "unmark", "note"],
  options: z.object({
    enabled: z.boolean().default(false).describe("Mark what is in a marked VPC to be cleaned up")
      .meta({ bare: true }),
    config: z.string().optional().describe("YAML file with the accounts to do it in; all without")
      .meta({ placeholder: "FILE" }),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--cleanup-aws-vpcs" }),
  files: ({ enabled, config }) => enabled && config !== undefined ? [config] : [],
});
