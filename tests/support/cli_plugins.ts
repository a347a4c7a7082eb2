import { z } from "zod";
import { defineManifest, type PluginEntry } from "../../lib/sdk/mod.ts";

/** A collector that finds configuration in the variable CLOUD_KEY, with an option of each type. */
export const CLOUDY: PluginEntry = {
  manifest: defineManifest({
    name: "cloudy",
    type: "collector",
    description: "A cloud of the tests",
    clouds: ["cloudy"],
    options: z.object({
      region: z.array(z.string()).default([]).describe("Regions; all when empty"),
      role_override: z.boolean().default(false).describe("Always use the role given"),
      page_size: z.int().min(1).max(500).default(100).describe("Things per page"),
      role: z.string().optional().describe("Role to assume"),
      partition: z.enum(["main", "island"]).default("main").describe("Part of the cloud"),
      collect: z.array(z.enum(["disks", "nets"])).default([]).describe("Only these"),
      key: z.string().optional().describe("Access key").meta({ secret: true }),
    }),
    sees: () => ({ env: ["CLOUD_*"], files: ["/etc/cloudy"] }),
    permissions: (options, seen) => ({
      net: options.region.length === 0
        ? ["*.cloudy.test:443"]
        : options.region.map((region) => `${region}.cloudy.test:443`),
      env: Object.keys(seen.env),
    }),
    configured: (options, { env }) =>
      options.key !== undefined || env.CLOUD_KEY !== undefined
        ? { configured: true, reason: "key found" }
        : { configured: false, reason: "no key; set CLOUD_KEY" },
    enabledCalls: (options, calls) =>
      options.collect.length === 0
        ? calls
        : calls.filter(({ kinds }) =>
          kinds.some((kind) => kind === `cloudy_${options.collect[0]}`)
        ),
  }),
  model: {
    kinds: [
      {
        name: "cloudy_disks",
        bases: ["volume"],
        properties: [{ name: "spin", type: "int64", description: "Turns a minute" }],
        description: "Disks",
      },
      { name: "cloudy_nets", bases: ["network"], properties: [] },
    ],
  },
  calls: [
    call("disk:List", ["disk:List", "disk:Read"], "read", "cloudy_disks"),
    call("net:List", ["net:List"], "read", "cloudy_nets"),
    call("disk:Delete", ["disk:Delete"], "change", "cloudy_disks"),
  ],
  source: { type: "built-in", name: "cloudy" },
};

/** A collector that runs only when it is named. */
export const DEMO: PluginEntry = {
  manifest: defineManifest({
    name: "demo",
    type: "collector",
    description: "Made-up things",
    clouds: ["demo"],
    options: z.object({ size: z.int().default(3).describe("How many") }),
    permissions: () => ({}),
    onlyWhenNamed: true,
  }),
  model: { kinds: [] },
  calls: [],
  source: { type: "built-in", name: "demo" },
};

function call(call: string, permissions: string[], purpose: "read" | "change", kind: string) {
  return { call, permissions, purpose, kinds: [kind] };
}
