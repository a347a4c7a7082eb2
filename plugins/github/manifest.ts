import { type Configured, defineManifest, hostOf } from "ckworker";
import { type GithubOptions, options } from "./options.ts";

/** What the host knows of this plugin: data and pure functions, no cloud library. */
export const manifest = defineManifest({
  name: "github",
  type: "collector",
  description: "Collects GitHub: organisations with members, teams and repositories, and users",
  clouds: ["github"],
  options,
  permissions: ({ base_url }) => ({ net: [hostOf(base_url)] }),
  configured,
});

function configured({ access_token, ...options }: GithubOptions): Configured {
  if (access_token !== undefined) return { configured: true, reason: "access token" };
  const { app_id, app_private_key, app_installation_id } = options;
  const app = [app_id, app_private_key, app_installation_id];
  if (app.every((each) => each === undefined)) {
    return { configured: false, reason: "no access token; give --github-access-token" };
  }
  if (app.every((each) => each !== undefined)) {
    return { configured: true, reason: `app ${app_id}` };
  }
  return {
    configured: false,
    reason:
      "an app needs --github-app-id, --github-app-private-key and --github-app-installation-id",
  };
}
