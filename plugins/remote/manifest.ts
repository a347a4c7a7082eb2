import { defineManifest, hostOf } from "ckworker";
import { options } from "./options.ts";
import { readEndpoint } from "./source/endpoint.ts";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "remote",
  type: "collector",
  description: "Reads graphs that another ckworker has exported, from addresses and files",
  clouds: ["remote"],
  options,
  borrows: ({ cloud }) => cloud,
  permissions: ({ endpoint }) => {
    const all = endpoint.map((each) => readEndpoint(each));
    return {
      net: [...new Set(all.flatMap((each) => each.type === "http" ? [hostOf(each.address)] : []))],
      read: all.flatMap((each) => each.type === "file" ? [each.path] : []),
    };
  },
  configured: ({ endpoint, cloud }) => {
    if (endpoint.length === 0) {
      return { configured: false, reason: "no endpoint; give --remote-endpoint" };
    }
    if (cloud.length === 0) {
      return { configured: false, reason: "no cloud to take; name them with --remote-cloud" };
    }
    return {
      configured: true,
      reason: `${cloud.join(", ")} of ${endpoint.length} endpoint${
        endpoint.length === 1 ? "" : "s"
      }`,
    };
  },
});
