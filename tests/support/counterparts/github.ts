import { startGithub } from "../saas/github_api.ts";
import { ALL, ESTATE } from "../saas/github_estate.ts";
import { FAST_SAAS, type PluginCounterpart } from "./counterpart.ts";
import { refuse, serviceCounterpart, withoutFirst } from "./saas.ts";

const NOTHING = {
  members: { acme: [] },
  outsiders: {},
  repos: { acme: [] },
  teams: {},
  users: [],
  collaborators: {},
};

/** The simulated GitHub. */
export const github: PluginCounterpart = {
  plugin: "github",
  base: FAST_SAAS,
  start(holding) {
    const service = startGithub(holding === "everything" ? ESTATE : NOTHING);
    const own = holding === "everything" ? ALL : { ...ALL, org: ["acme"], repo: [], user: [] };
    const options = { ...own, base_url: service.url };
    return Promise.resolve(serviceCounterpart(service, options, {
      "broken list": { path: /orgs\/acme\/teams/, effect: refuse(500) },
      "bad record": { path: /orgs\/acme\/repos/, effect: withoutFirst() },
      "no credentials": { path: /./, effect: refuse(401, { message: "Bad credentials" }) },
    }));
  },
};
