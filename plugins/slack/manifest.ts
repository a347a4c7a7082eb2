import { defineManifest, hostOf } from "ckworker";
import { options, TOKEN_VARIABLE } from "./options.ts";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "slack",
  type: "collector",
  description: "Collects Slack: the workspace with members, user groups and conversations",
  clouds: ["slack"],
  options,
  sees: () => ({ env: [TOKEN_VARIABLE], files: [] }),
  permissions: ({ base_url }) => ({ net: [hostOf(base_url)], env: [TOKEN_VARIABLE] }),
  configured: ({ bot_token }, { env }) => {
    if (bot_token !== undefined) return { configured: true, reason: "bot token" };
    return (env[TOKEN_VARIABLE] ?? "") === ""
      ? { configured: false, reason: `no bot token; give --slack-bot-token or ${TOKEN_VARIABLE}` }
      : { configured: true, reason: `bot token of ${TOKEN_VARIABLE}` };
  },
});
