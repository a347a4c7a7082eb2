import { defineActionManifest, parseDelta } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin. */
export const manifest = defineActionManifest({
  name: "cleanup_aws_loadbalancers",
  type: "action",
  description: "Marks AWS load balancers and target groups behind which nothing is",
  action: "cleanup_plan",
  subscriber: "CleanupAWSLoadbalancersPlugin",
  may: ["mark"],
  options: z.object({
    enabled: z.boolean().default(false).describe("Mark unused load balancers to be cleaned up")
      .meta({ bare: true }),
    age: z.string().default("7 days")
      .refine((text) => parseDelta(text) !== undefined, "must be a span of time such as 7 days")
      .describe("How old a load balancer must be"),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--cleanup-aws-loadbalancers" }),
});
