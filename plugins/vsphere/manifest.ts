import { defineManifest } from "ckworker";
import { options } from "./options.ts";
import { missingOption, placeOf } from "./setup.ts";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "vsphere",
  type: "collector",
  description: "Collects VMware vSphere: virtual machines and what they run on",
  clouds: ["vsphere"],
  options,
  permissions: (given) => {
    const place = placeOf(given);
    return { net: place === undefined ? [] : [place] };
  },
  configured: (given) => {
    const missing = missingOption(given);
    return missing === undefined
      ? { configured: true, reason: `${given.user} at ${given.host}` }
      : { configured: false, reason: `no ${missing}; give --vsphere-${missing}` };
  },
});
