import { defineManifest, hostOf } from "ckworker";
import { options } from "./options.ts";
import { readSetup, VARIABLES } from "./setup.ts";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "onelogin",
  type: "collector",
  description: "Collects OneLogin: users, groups and roles",
  clouds: ["onelogin"],
  options,
  sees: () => ({ env: Object.values(VARIABLES), files: [] }),
  permissions: (given, { env }) => ({
    net: [hostOf(readSetup(given, (name) => env[name]).base)],
    env: Object.values(VARIABLES),
  }),
  configured: (given, { env }) => {
    const { id, secret } = readSetup(given, (name) => env[name]);
    if (id !== undefined && secret !== undefined) {
      return { configured: true, reason: `client ${id}` };
    }
    const missing = id === undefined ? "client id" : "client secret";
    const [flag, variable] = id === undefined
      ? ["--onelogin-client-id", VARIABLES.id]
      : ["--onelogin-client-secret", VARIABLES.secret];
    return { configured: false, reason: `no ${missing}; give ${flag} or ${variable}` };
  },
});
