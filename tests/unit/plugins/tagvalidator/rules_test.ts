import assert from "node:assert/strict";
import { readConfigText } from "../../../../lib/sdk/mod.ts";
import { configSchema } from "../../../../plugins/tagvalidator/config.ts";
import { expirationsQuery, replacementFor } from "../../../../plugins/tagvalidator/rules.ts";
import { actionNode } from "../../../support/action_node.ts";
import type { NodeParts } from "../../../support/graph_core.ts";

const TEXT = `default:
  expiration: 24h
kinds:
  - aws_ec2_instance
  - aws_eks_cluster
accounts:
  aws:
    011122223333:
      name: sandbox
    '444455556666':
      name: demo
      expiration: 8d
`;
const parse = (text: string) => readConfigText("t.yaml", { "t.yaml": text }, configSchema);

async function config() {
  const parsed = await parse(TEXT);
  assert.ok(parsed);
  return parsed;
}

function replaced(
  expiration: string | undefined,
  dialect: "ckcore" | "fixcore",
  parts: NodeParts = {},
) {
  const tags = expiration === undefined ? {} : { expiration };
  const node = actionNode("n1", {
    kind: "aws_ec2_instance",
    account: "011122223333",
    tags,
    ...parts,
  });
  return async () => replacementFor(node, await config(), dialect)?.value;
}

for (
  const [tag, ckcore, fixcore] of [
    ["12h", undefined, undefined],
    ["24h", undefined, undefined],
    ["1d", undefined, undefined],
    ["25h", "1d", "1d"],
    ["2d", "1d", "1d"],
    ["30s", undefined, undefined],
    ["90000s", "1d", "1d"],
    ["1y", "1d", "1d"],
    ["2M", "1d", "1d"],
    ["never", "1d", "1d"],
    ["", "1d", "1d"],
    ["soon", "1d", "1d"],
    ["2 weeks", "1d", "1d"],
    ["2 hours", "2h", "2h"],
    ["1h 30m", "1h30m", "1h30m"],
    ["-2d", undefined, undefined],
    ["30min", "30m", undefined],
    [undefined, undefined, undefined],
  ] as const
) {
  Deno.test(`replacementFor(): tag ${JSON.stringify(tag)} where a day is the limit`, async () => {
    assert.equal(await replaced(tag, "ckcore")(), ckcore);
    assert.equal(await replaced(tag, "fixcore")(), fixcore);
  });
}

for (
  const [title, parts, expected] of [
    ["an account with a limit of its own", { account: "444455556666" }, "1w1d"],
    ["an account that is not listed", { account: "1" }, undefined],
    ["another cloud", { cloud: "gcp" }, undefined],
    ["another kind", { kind: "aws_ec2_volume" }, undefined],
    ["a protected node", { metadata: { protected: true } }, undefined],
    ["a stale node", { metadata: { stale: true } }, undefined],
    ["a cleaned node", { metadata: { cleaned: true } }, undefined],
  ] as const
) {
  Deno.test(`replacementFor(): ${title}`, async () => {
    assert.equal(await replaced("30d", "ckcore", parts)(), expected);
  });
}

Deno.test("replacementFor(): the reason tells the old and the new value", async () => {
  const node = actionNode("n1", {
    kind: "aws_ec2_instance",
    account: "011122223333",
    tags: { expiration: "30d" },
  });
  assert.equal(
    replacementFor(node, await config(), "ckcore")?.reason,
    'Expiration tag "30d" exceeds the limit (1d in account 011122223333); setting it to "1d"',
  );
});

Deno.test("tagvalidator: an account without limit is an error that names it, with its line", async () => {
  await assert.rejects(parse(TEXT.replace("default:\n  expiration: 24h\n", "")), {
    code: "config.invalid",
    message: "t.yaml:6:5: accounts.aws.011122223333: account 011122223333 (sandbox) has no " +
      "expiration, and there is no default.expiration",
  });
});

for (
  const [title, text, message] of [
    ["no kinds", TEXT.replace(/kinds:\n.*\n.*\n/, ""), /t\.yaml:1:1: kinds: /],
    [
      "empty accounts",
      TEXT.replace(/accounts:[^]*/, "accounts: {}\n"),
      /accounts: names no account/,
    ],
    ["a limit that is none", TEXT.replace("8d", "never"), /12:7: .*"never" is no span of time/],
    ["no name", TEXT.replace("      name: demo\n", ""), /accounts\.aws\.444455556666\.name/],
  ] as const
) {
  Deno.test(`tagvalidator: a file with ${title} is refused`, async () => {
    await assert.rejects(parse(text), { code: "config.invalid", message });
  });
}

Deno.test("expirationsQuery(): finds ancestors where each generation keeps them", async () => {
  assert.equal(
    expirationsQuery("ckcore", await config()),
    "metadata.protected != true and metadata.phantom != true and metadata.cleaned != true" +
      ' and reported.kind in ["aws_ec2_instance", "aws_eks_cluster"]' +
      ' and has_key(reported.tags, "expiration")' +
      ' and ((ancestors.cloud.reported.id == "aws"' +
      ' and ancestors.account.reported.id in ["011122223333", "444455556666"]))',
  );
  assert.match(expirationsQuery("fixcore", await config()), /has_key\(\/reported\.tags, "exp/);
});
