import { defineManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "example",
  type: "collector",
  description: "Yields a small fixed graph; the plugin to read before writing one",
  clouds: ["example"],
  options: z.object({
    region: z.array(z.string()).default([]).describe("Example regions (accepted and ignored)"),
  }),
  // It asks for nothing, so its guest has no right at all.
  permissions: () => ({}),
  onlyWhenNamed: true,
});
