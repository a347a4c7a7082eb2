import { defineManifest } from "ckworker";
import { z } from "zod";

/** A collector that makes nodes out of nothing, to measure what comes behind it. */
export const manifest = defineManifest({
  name: "load",
  type: "collector",
  description: "Synthetic nodes for measuring the pipeline",
  clouds: ["load"],
  options: z.object({
    nodes: z.number().int().positive().default(10_000).describe("how many nodes"),
    scopes: z.number().int().positive().default(10).describe("over how many scopes"),
  }),
  permissions: () => ({}),
  onlyWhenNamed: true,
});
