import assert from "node:assert/strict";
import reserved from "../../../lib/model/reserved_properties.json" with { type: "json" };
import { plugins } from "../../../plugins/mod.ts";

/** Bases and type names that these kinds have had from the beginning. */
const RELEASED: Readonly<Record<string, readonly [bases: readonly string[], pythonType: string]>> =
  {
    github_account: [["account"], "cloudkeeper_plugin_github.resources.GithubAccount"],
    github_region: [["region"], "cloudkeeper_plugin_github.resources.GithubRegion"],
    github_resource: [[], "cloudkeeper_plugin_github.resources.GithubResource"],
    github_org: [
      ["github_resource", "resource"],
      "cloudkeeper_plugin_github.resources.GithubOrg",
    ],
    github_user: [["github_resource", "user"], "cloudkeeper_plugin_github.resources.GithubUser"],
    github_repo: [
      ["github_resource", "resource"],
      "cloudkeeper_plugin_github.resources.GithubRepo",
    ],
    onelogin_resource: [[], "cloudkeeper_plugin_onelogin.OneLoginResource"],
    onelogin_account: [
      ["onelogin_resource", "account"],
      "cloudkeeper_plugin_onelogin.OneLoginAccount",
    ],
    onelogin_region: [
      ["onelogin_resource", "region"],
      "cloudkeeper_plugin_onelogin.OneLoginRegion",
    ],
    onelogin_user: [["onelogin_resource", "user"], "cloudkeeper_plugin_onelogin.OneLoginUser"],
    slack_resource: [[], "cloudkeeper_plugin_slack.resources.SlackResource"],
    slack_team: [["slack_resource", "account"], "cloudkeeper_plugin_slack.resources.SlackTeam"],
    slack_region: [["slack_resource", "region"], "cloudkeeper_plugin_slack.resources.SlackRegion"],
    slack_user: [["slack_resource", "user"], "cloudkeeper_plugin_slack.resources.SlackUser"],
    slack_usergroup: [
      ["slack_resource", "group"],
      "cloudkeeper_plugin_slack.resources.SlackUsergroup",
    ],
    slack_conversation: [
      ["slack_resource", "resource"],
      "cloudkeeper_plugin_slack.resources.SlackConversation",
    ],
  };

const PROPERTIES: Readonly<Record<string, Readonly<Record<string, string>>>> = reserved;

const kinds = plugins.filter(({ manifest }) =>
  ["github", "onelogin", "slack"].includes(manifest.name)
).flatMap(({ model }) => model.kinds);

for (const [name, [bases, pythonType]] of Object.entries(RELEASED)) {
  Deno.test(`${name} has the bases, the type name and the properties that it always had`, () => {
    const kind = kinds.find((each) => each.name === name);
    assert.deepEqual([kind?.bases, kind?.pythonType], [bases, pythonType]);
    const properties = kind?.properties.map((property) => [property.name, property.type]);
    assert.deepEqual(properties, Object.entries(PROPERTIES[name] ?? {}));
  });
}

Deno.test("kinds of GitHub, OneLogin and Slack can be changed by nobody", () => {
  assert.deepEqual(kinds.filter(({ changes = [] }) => changes.length > 0), []);
});
