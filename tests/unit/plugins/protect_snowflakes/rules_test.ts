import assert from "node:assert/strict";
import { readConfigText } from "../../../../lib/sdk/mod.ts";
import {
  configSchema,
  keyOf,
  snowflakeKey,
  snowflakeQueries,
  snowflakesOf,
} from "../../../../plugins/protect_snowflakes/rules.ts";
import { actionNode } from "../../../support/action_node.ts";

const TEXT = `aws:
  011122223333:
    eu-west-1:
      aws_ec2_instance:
        - i-0123456789abcdef0
        - i-2
      aws_ec2_volume:
        - vol-0fedcba9876543210
`;
const read = (text: string) => readConfigText("s.yaml", { "s.yaml": text }, configSchema);

Deno.test("protect_snowflakes: the account is part of the condition, ids as written", async () => {
  const snowflakes = snowflakesOf(await read(TEXT) ?? {});
  assert.equal(snowflakes.length, 3);
  assert.deepEqual(snowflakeQueries("ckcore", snowflakes), [
    'reported.kind == "aws_ec2_instance" and reported.id in ["i-0123456789abcdef0", "i-2"]' +
    ' and ancestors.region.reported.id == "eu-west-1"' +
    ' and ancestors.account.reported.id == "011122223333"' +
    ' and ancestors.cloud.reported.id == "aws"',
    'reported.kind == "aws_ec2_volume" and reported.id in ["vol-0fedcba9876543210"]' +
    ' and ancestors.region.reported.id == "eu-west-1"' +
    ' and ancestors.account.reported.id == "011122223333"' +
    ' and ancestors.cloud.reported.id == "aws"',
  ]);
  for (const text of snowflakeQueries("fixcore", snowflakes)) {
    assert.doesNotMatch(text, /(^| )(reported|ancestors)\./);
  }
});

Deno.test("protect_snowflakes: many ids are several queries, each id asked once", async () => {
  const ids = Array.from({ length: 1_001 }, (_, index) => `        - i-${index}\n`).join("");
  const text = TEXT.replace("        - i-2\n", `${ids}        - i-0\n`);
  const queries = snowflakeQueries("ckcore", snowflakesOf(await read(text) ?? {}));
  assert.equal(queries.length, 4);
  assert.equal(queries.join().match(/"i-0"/g)?.length, 1);
});

Deno.test("protect_snowflakes: a file of the wrong form is refused with its line", async () => {
  for (
    const [text, message] of [
      ["- aws\n", /^s\.yaml:1:1: /],
      ["aws:\n  '1':\n    eu: x\n", /^s\.yaml:3:5: aws\.1\.eu: /],
      ["aws:\n  '1':\n    eu:\n      aws_vpc: vpc-1\n", /^s\.yaml:4:7: aws\.1\.eu\.aws_vpc: /],
      ["aws:\n  '1':\n    eu:\n      aws_vpc: [[x]]\n", /^s\.yaml:4:17: aws\.1\.eu\.aws_vpc\.0: /],
    ] as const
  ) await assert.rejects(read(text), { code: "config.invalid", message }, text);
});

Deno.test("snowflakeKey(): the same id elsewhere is another node", () => {
  const parts = { kind: "aws_ec2_volume", resource: "vol-1" };
  const place = { cloud: "aws", account: "111122223333", region: "eu-west-1" };
  const key = keyOf({ ...place, kind: "aws_ec2_volume", id: "vol-1" });
  assert.equal(snowflakeKey(actionNode("n", parts)), key);
  for (const other of [{ account: "2" }, { region: "x" }, { cloud: "gcp" }, { kind: "y" }]) {
    assert.notEqual(snowflakeKey(actionNode("n", { ...parts, ...other })), key);
  }
});
