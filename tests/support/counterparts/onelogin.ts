import { startOneLogin } from "../saas/onelogin_api.ts";
import { FAST_SAAS, type PluginCounterpart } from "./counterpart.ts";
import { refuse, serviceCounterpart, withoutFirst } from "./saas.ts";

const EVERYTHING = { users: ["ada", "bob"], groups: ["Staff"], roles: ["Admin", "Reader"] };
const NOTHING = { users: [], groups: [], roles: [] };

/** The simulated OneLogin. */
export const onelogin: PluginCounterpart = {
  plugin: "onelogin",
  base: FAST_SAAS,
  start(holding) {
    const service = startOneLogin(holding === "everything" ? EVERYTHING : NOTHING);
    const options = { client_id: "id", client_secret: "s3cr3t", base_url: service.url };
    return Promise.resolve(serviceCounterpart(service, options, {
      "broken list": { path: /roles/, effect: refuse(500) },
      "bad record": { path: /users/, effect: withoutFirst("data") },
      "no credentials": { path: /token/, effect: refuse(401) },
    }));
  },
};
