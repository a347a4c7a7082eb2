import { ALL } from "../gcp/all.ts";
import { fill, fillEmpty } from "../gcp/estate.ts";
import { startGoogle } from "../gcp/fake_google.ts";
import { FAST_SAAS, type PluginCounterpart } from "./counterpart.ts";
import { refuse, serviceCounterpart, withoutFirst } from "./saas.ts";

/** Why kinds of the contract have no nodes, and never had any. */
const GLOBAL = "what is global is of the kind without the word";

/** The simulated Google Cloud. */
export const gcp: PluginCounterpart = {
  plugin: "gcp",
  base: FAST_SAAS,
  unreached: {
    gcp_global_forwarding_rule: GLOBAL,
    gcp_global_network_endpoint_group: GLOBAL,
  },
  async start(holding) {
    const google = await startGoogle();
    if (holding === "everything") fill(google);
    else fillEmpty(google, "p");
    const options = {
      service_account: [google.key("worker@p.test")],
      endpoint_url: google.endpoints,
      ...ALL,
    };
    return serviceCounterpart(google, options, {
      "broken list": { path: /aggregated\/disks/, effect: refuse(500) },
      "bad record": { path: /global\/networks/, effect: withoutFirst("items") },
      "no credentials": { path: /^\/token/, effect: refuse(400, { error: "invalid_grant" }) },
    });
  },
};
