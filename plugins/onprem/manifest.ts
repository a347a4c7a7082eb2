import { defineManifest } from "ckworker";
import { keyPaths, knownHostsPaths, VARIABLES } from "./access/places.ts";
import { addressOf } from "./access/server.ts";
import { options, serversOf } from "./options.ts";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "onprem",
  type: "collector",
  description: "Collects machines of your own over SSH",
  clouds: ["onprem"],
  options,
  sees: () => ({ env: VARIABLES, files: [] }),
  permissions: (given, { env }) => ({
    net: [...new Set(serversOf(given).map(addressOf))].sort(),
    env: VARIABLES,
    read: [
      ...keyPaths(given, (name) => env[name]),
      ...knownHostsPaths(given, (name) => env[name]),
    ],
  }),
  configured: (given) => {
    const { length } = given.server;
    if (length === 0) return { configured: false, reason: "no server; give --onprem-server" };
    return { configured: true, reason: length === 1 ? "1 server" : `${length} servers` };
  },
  guests: ({ fork }, cores) => fork ? cores : 1,
});
