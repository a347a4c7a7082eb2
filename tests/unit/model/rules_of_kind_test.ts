import assert from "node:assert/strict";
import { matchesProperties, mightMatch, type PropertyMatch } from "../../../lib/model/mod.ts";

const GOES: PropertyMatch = { "attachments[].delete_on_termination": [true] };

function judge(match: PropertyMatch, reported: Readonly<Record<string, unknown>>) {
  const node = { name: "n", reported };
  return [matchesProperties(match, node), mightMatch(match, node)];
}

Deno.test("rules: what is told decides", () => {
  const attached = (told: object) => ({ attachments: [{ instance_id: "i", ...told }] });
  assert.deepEqual(judge(GOES, attached({ delete_on_termination: true })), [true, true]);
  assert.deepEqual(judge(GOES, attached({ delete_on_termination: false })), [false, false]);
  assert.deepEqual(judge({ name: ["n"] }, {}), [true, true]);
  assert.deepEqual(judge({ name: ["other"] }, {}), [false, false]);
  assert.deepEqual(judge({}, {}), [true, true]);
});

Deno.test("rules: what nobody told might be", () => {
  assert.deepEqual(judge(GOES, { attachments: [{ instance_id: "i" }] }), [false, true]);
  assert.deepEqual(judge(GOES, { attachments: null }), [false, true]);
  assert.deepEqual(judge(GOES, {}), [false, true]);
  const two = [{ delete_on_termination: false }, {}];
  assert.deepEqual(judge(GOES, { attachments: two }), [false, true]);
});

Deno.test("rules: an empty list is told; what is of another form is not", () => {
  assert.deepEqual(judge(GOES, { attachments: [] }), [false, false]);
  assert.deepEqual(judge(GOES, { attachments: ["vol"] }), [false, true]);
  assert.deepEqual(judge(GOES, { attachments: "vol" }), [false, true]);
});

Deno.test("rules: one property that differs is enough to tell", () => {
  const both = { status: ["on"], name: ["other"] };
  assert.deepEqual(judge(both, {}), [false, false]);
});
