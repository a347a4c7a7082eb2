import { defineManifest } from "ckworker";
import { options } from "./options.ts";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "random",
  type: "collector",
  description: "Makes up a cloud of any size, the same one for the same options",
  clouds: ["random"],
  options,
  // It asks for nothing, so its guest has no right at all.
  permissions: () => ({}),
  onlyWhenNamed: true,
});
