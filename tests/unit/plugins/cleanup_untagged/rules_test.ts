import assert from "node:assert/strict";
import { readConfigText } from "../../../../lib/sdk/mod.ts";
import { configSchema } from "../../../../plugins/cleanup_untagged/config.ts";
import { decideUntagged, untaggedQuery } from "../../../../plugins/cleanup_untagged/rules.ts";
import { actionNode, daysAgo, NOW } from "../../../support/action_node.ts";
import type { NodeParts } from "../../../support/graph_core.ts";

const TEXT = `default:
  age: 3h
tags:
  - owner
  - costcenter
kinds:
  - aws_ec2_instance
  - gcp_instance
accounts:
  aws:
    012345670123:
      name: sandbox
    '444455556666':
      name: load-test
      age: 10d
    068564737731:
      name: third
  gcp:
    my-project:
      name: my-project
      age: 12h
`;
const parse = (text: string) => readConfigText("u.yaml", { "u.yaml": text }, configSchema);

async function config() {
  const parsed = await parse(TEXT);
  assert.ok(parsed);
  return parsed;
}

Deno.test("cleanup_untagged: the file gives each account its age, ids as written", async () => {
  const hour = 3_600_000;
  assert.deepEqual((await config()).accounts, [
    { cloud: "aws", account: "012345670123", age: 3 * hour },
    { cloud: "aws", account: "444455556666", age: 240 * hour },
    { cloud: "aws", account: "068564737731", age: 3 * hour },
    { cloud: "gcp", account: "my-project", age: 12 * hour },
  ]);
});

for (
  const [title, text, message] of [
    ["no tags", TEXT.replace(/tags:\n.*\n.*\n/, ""), /u\.yaml:1:1: tags: /],
    ["empty tags", TEXT.replace(/tags:\n.*\n.*\n/, "tags: []\n"), /u\.yaml:3:1: tags: /],
    ["no kinds", TEXT.replace(/kinds:\n.*\n.*\n/, ""), /kinds: /],
    ["the old form", TEXT.replace("kinds:", "classes:"), /kinds|classes/],
    ["no accounts", TEXT.replace(/accounts:[^]*/, "accounts: {}\n"), /9:1: accounts: names no acc/],
    ["a wrong age", TEXT.replace("10d", "10y"), /15:7: accounts\.aws\.444455556666\.age: "10y"/],
    [
      "no name",
      TEXT.replace("name: sandbox", "age: 1h"),
      /11:5: accounts\.aws\.012345670123\.name/,
    ],
  ] as const
) {
  Deno.test(`cleanup_untagged: a file with ${title} is refused`, async () => {
    await assert.rejects(parse(text), { code: "config.invalid", message });
  });
}

Deno.test("cleanup_untagged: an account without any age is named, with its line", async () => {
  await assert.rejects(parse(TEXT.replace("default:\n  age: 3h\n", "")), {
    message: "u.yaml:9:5: accounts.aws.012345670123: account 012345670123 (sandbox) has no age," +
      " and there is no default.age",
  });
});

Deno.test("untaggedQuery(): finds ancestors where each generation keeps them", async () => {
  assert.equal(
    untaggedQuery("ckcore", await config()),
    "metadata.protected != true and metadata.phantom != true and metadata.cleaned != true" +
      ' and reported.kind in ["aws_ec2_instance", "gcp_instance"]' +
      ' and not(has_key(reported.tags, ["owner", "costcenter"]))' +
      ' and ((ancestors.cloud.reported.id == "aws"' +
      ' and ancestors.account.reported.id in ["012345670123", "068564737731"]' +
      " and reported.age > 3h)" +
      ' or (ancestors.cloud.reported.id == "aws"' +
      ' and ancestors.account.reported.id in ["444455556666"] and reported.age > 1w3d)' +
      ' or (ancestors.cloud.reported.id == "gcp"' +
      ' and ancestors.account.reported.id in ["my-project"] and reported.age > 12h))',
  );
  const later = untaggedQuery("fixcore", await config());
  assert.doesNotMatch(later, /[ (](reported|metadata|ancestors)\./);
});

const OLD: NodeParts = {
  kind: "aws_ec2_instance",
  account: "012345670123",
  reported: { ctime: daysAgo(1) },
};
for (
  const [title, parts, isMarked] of [
    ["without tags", OLD, true],
    ["with one of two tags", { ...OLD, tags: { owner: "lisa" } }, true],
    ["with empty tags", { ...OLD, tags: { owner: "", costcenter: "" } }, false],
    ["of another kind", { ...OLD, kind: "aws_ec2_volume" }, false],
    ["of another account", { ...OLD, account: "999" }, false],
    ["of another cloud", { ...OLD, cloud: "gcp" }, false],
    ["that is young", { ...OLD, reported: { ctime: daysAgo(0.1) } }, false],
    ["that is exactly as old", { ...OLD, reported: { ctime: daysAgo(0.125) } }, false],
    ["of unknown age", { ...OLD, reported: {} }, false],
    ["of senseless age", { ...OLD, reported: { ctime: "?" } }, false],
    ["that is marked", { ...OLD, marked: true }, false],
    ["young for its account", { ...OLD, account: "444455556666" }, false],
  ] as const
) {
  Deno.test(`decideUntagged(): a node ${title}`, async () => {
    const decision = decideUntagged(actionNode("n1", parts), await config(), NOW);
    assert.equal(decision?.type, isMarked ? "mark" : undefined);
  });
}

Deno.test("decideUntagged(): the reason names the tags and the age", async () => {
  const node = actionNode("n1", { ...OLD, tags: { owner: "lisa" } });
  assert.equal(
    decideUntagged(node, await config(), NOW)?.reason,
    "Missing one or more of required tags owner, costcenter (costcenter) and age more than 3h",
  );
});
