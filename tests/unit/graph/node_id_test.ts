import assert from "node:assert/strict";
import { createNodeIdentifier, type NodeIdParts, pythonRepr } from "../../../lib/graph/mod.ts";

const U = "undefined";
const TABLE = "tests/fixtures/node_ids.ndjson";

/** Ids that the original worker computed. */
const KNOWN: readonly (readonly [NodeIdParts, string])[] = [
  [["graph_root", U, U, U, U, "root", "root"], "TXM91rR24mG18DeK7ljCTQ"],
  [["cloud", "aws", U, U, U, "aws", "aws"], "WYcfqyMIkPAPoAHiEIIKOw"],
  [
    ["aws_account", "aws", "123456789012", U, U, "123456789012", "123456789012"],
    "8m2s-DEWM_HoPGLetC90pA",
  ],
  [
    ["aws_region", "aws", "123456789012", "us-east-1", U, "us-east-1", "global"],
    "rgTYPtkJqqJKYBYz9MgWhg",
  ],
  [
    ["aws_region", "aws", "123456789012", "eu-west-1", U, "eu-west-1", "eu-west-1"],
    "55wyVzovYKwc3DgY318m-A",
  ],
  [
    ["aws_ec2_instance", "aws", "123456789012", "eu-west-1", U, "i-0abc", "web"],
    "FI_j_EAhzxSqC6fSQYi7Vw",
  ],
  [
    ["aws_ec2_volume", "aws", "123456789012", "eu-west-1", U, "vol-1", "vol-1"],
    "qW7wh7W9ot8GTIxe4QSXHg",
  ],
  [
    [
      "example_instance",
      "example",
      "Example Account",
      "us-east",
      U,
      "someInstance2",
      "someInstance2",
    ],
    "uJKDJIRf_t8l5K1JA1vyeg",
  ],
  [["gcp_disk", "gcp", "my-project", "4711", "815", "99", "it's"], "l424Ux2bhzIoa5Ez8-b15A"],
  [["gcp_disk", "gcp", "my-project", "4711", "815", "99", 'say "hi"'], "f8CVYUmfD8UiK5F5lYaNaA"],
  [
    ["gcp_disk", "gcp", "my-project", "4711", "815", "99", 'it\'s "both"'],
    "xYalRiHxxod1YHvLfopqtQ",
  ],
  [
    [
      "aws_iam_role",
      "aws",
      "123456789012",
      "us-east-1",
      U,
      "AROAX",
      "tab\tnl\nback\\slash \x7f \x00",
    ],
    "FhpyE-n-2ntG9qZbrhQQDA",
  ],
  [
    ["aws_iam_role", "aws", "123456789012", "us-east-1", U, "AROAX", 'it\'s "q" ünïcode\\n'],
    "2n104JQhMQKkp8c8w2U8pQ",
  ],
  [
    ["slack_user", "slack", "T1", "members", U, "U1", "Zoë 😀 \u200b\xad\xa0"],
    "AN8cvAemmzAlHKLURliimA",
  ],
  [["slack_user", "slack", "T1", "members", U, "U1", ""], "N8I3eNLE_IjKZJEhxZDAxQ"],
  [["x", "c", null, "r", "z", 5, null], "RjDCjZzAU6WVhPSV3YmP8Q"],
  [["gcp_network", U, U, U, U, 123, "n"], "in1grQlAInbA5DZpI8tzzQ"],
];

Deno.test("createNodeIdentifier: gives the ids of the original worker", async () => {
  const identify = await createNodeIdentifier();
  for (const [parts, id] of KNOWN) assert.equal(identify.id(parts), id, JSON.stringify(parts));
});

Deno.test("createNodeIdentifier: agrees with Python on every category of characters", async () => {
  const identify = await createNodeIdentifier();
  const rows = table(await Deno.readTextFile(TABLE));
  assert.ok(rows.length >= 2000, `${rows.length} rows`);
  for (const [parts, id] of rows) assert.equal(identify.id(parts), id, JSON.stringify(parts));
});

Deno.test({
  name: "createNodeIdentifier: the table is what Python computes here",
  ignore: !await hasPython(),
  fn: async () => {
    const { stdout } = await new Deno.Command("python3", {
      args: ["tests/support/node_id_table.py"],
    }).output();
    assert.equal(new TextDecoder().decode(stdout), await Deno.readTextFile(TABLE));
  },
});

Deno.test("createNodeIdentifier: an id does not depend on those computed before", async () => {
  const identify = await createNodeIdentifier();
  const parts: NodeIdParts = ["k", "c", "a", "r", "z", "x".repeat(10_000), "n"];
  const first = identify.id(parts);
  identify.id(["k", "c", "a", "r", "z", "é", "n"]);
  assert.equal(identify.id(parts), first);
  assert.match(first, /^[A-Za-z0-9_-]{22}$/);
});

Deno.test("pythonRepr: escapes half a surrogate pair instead of replacing it", () => {
  assert.equal(pythonRepr("\ud800x"), "'\\ud800x'");
});

Deno.test("pythonRepr: refuses numbers that are not whole", () => {
  assert.throws(() => pythonRepr(1.5), RangeError);
});

function table(text: string): readonly (readonly [NodeIdParts, string])[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
