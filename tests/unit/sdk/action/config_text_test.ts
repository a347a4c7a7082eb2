import assert from "node:assert/strict";
import { z } from "zod";
import { deltaSchema, readConfigText } from "../../../../lib/sdk/mod.ts";

const schema = z.strictObject({
  age: deltaSchema.optional(),
  accounts: z.record(z.string(), z.array(z.string())),
});
const read = (text: string) => readConfigText("a.yaml", { "a.yaml": text }, schema);

Deno.test("readConfigText(): account ids stay what was written, quoted or not", async () => {
  const text =
    "accounts:\n  012345670123:\n    - 068564737731\n    - '0123'\n    - 5_7\n    - 1e3\n    - 0x10\n";
  assert.deepEqual(await read(text), {
    accounts: { "012345670123": ["068564737731", "0123", "5_7", "1e3", "0x10"] },
  });
});

Deno.test("readConfigText(): words that are no text elsewhere are text here", async () => {
  const text = "accounts:\n  a: [yes, null, true, ~, 2026-01-01]\n";
  assert.deepEqual(await read(text), {
    accounts: { a: ["yes", "null", "true", "~", "2026-01-01"] },
  });
});

for (const text of ["", "# only a comment\n", "---\n", "{}\n"]) {
  Deno.test(`readConfigText(): ${JSON.stringify(text)} says nothing`, async () => {
    assert.equal(await read(text), undefined);
  });
}

for (
  const [title, text, message] of [
    ["a list where a map belongs", "accounts:\n  - a\n", /^a\.yaml:1:1: accounts: .*record/],
    ["a wrong span of time", "age: soon\naccounts: {}\n", /^a\.yaml:1:1: age: "soon" is no span/],
    ["a text where a list belongs", "accounts:\n  a: x\n", /^a\.yaml:2:3: accounts\.a: .*array/],
    [
      "the second of two keys",
      "age: 3h\naccounts:\n  a: []\n  b: x\n",
      /^a\.yaml:4:3: accounts\.b: /,
    ],
    ["a map in a list", "accounts:\n  a:\n    - x\n    - y: z\n", /^a\.yaml:4:7: accounts\.a\.1: /],
    ["a missing section", "age: 3h\n", /^a\.yaml:1:1: accounts: /],
    ["an unknown section", "accounts: {}\nclasses: []\n", /^a\.yaml:1:1: .*classes/],
    ["broken YAML", "accounts:\n  a: [x\n", /^a\.yaml:\d+:\d+: /],
    ["a key twice", "accounts: {}\naccounts: {}\n", /^a\.yaml:2:1: Map keys must be unique/],
    ["a text", "hello\n", /^a\.yaml:1:1: /],
  ] as const
) {
  Deno.test(`readConfigText(): tells line and column of ${title}`, async () => {
    await assert.rejects(read(text), { code: "config.invalid", message });
  });
}

Deno.test("readConfigText(): a file that could not be read is a fault of configuration", async () => {
  await assert.rejects(readConfigText("b.yaml", {}, schema), {
    code: "config.invalid",
    message: "Cannot read b.yaml",
  });
});
