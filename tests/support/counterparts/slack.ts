import { startSlack } from "../saas/slack_api.ts";
import { FAST_SAAS, type PluginCounterpart } from "./counterpart.ts";
import { refuse, serviceCounterpart, withoutFirst } from "./saas.ts";

const EVERYTHING = {
  users: ["U1", "U2"],
  usergroups: { S1: ["U1"] },
  conversations: { C1: ["U1", "U2"], C2: [] },
};
const NOTHING = { users: [], usergroups: {}, conversations: {} };

/** The simulated Slack. */
export const slack: PluginCounterpart = {
  plugin: "slack",
  base: FAST_SAAS,
  start(holding) {
    const service = startSlack(holding === "everything" ? EVERYTHING : NOTHING);
    const options = { bot_token: "xoxb-1", base_url: service.url };
    return Promise.resolve(serviceCounterpart(service, options, {
      "broken list": { path: /conversations\.list/, effect: refuse(500) },
      "bad record": { path: /users\.list/, effect: withoutFirst("members") },
      "no credentials": { path: /./, effect: refuse(200, { ok: false, error: "invalid_auth" }) },
    }));
  },
};
