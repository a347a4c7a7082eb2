import assert from "node:assert/strict";
import { z } from "zod";
import { pluginOptionSet } from "../../../lib/config/mod.ts";

const PLUGIN = {
  name: "cleanup_volumes",
  type: "action" as const,
  options: z.object({
    enabled: z.boolean().default(false).meta({ bare: true }),
    age: z.string().default("14 days"),
  }),
};

Deno.test("pluginOptionSet(): a bare option has the plugin's name alone", () => {
  const { options } = pluginOptionSet(PLUGIN);
  assert.deepEqual(options.map(({ key, name, env, group }) => [key, name, env, group]), [
    ["enabled", "cleanup-volumes", "CKWORKER_CLEANUP_VOLUMES", "Action cleanup_volumes"],
    ["age", "cleanup-volumes-age", "CKWORKER_CLEANUP_VOLUMES_AGE", "Action cleanup_volumes"],
  ]);
});
