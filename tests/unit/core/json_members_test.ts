import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonMembers, jsonObject } from "../../../lib/core/json_members.ts";

Deno.test("jsonMembers: finds names and values as they are written", () => {
  const text = ' { "a,\\"}" : [1.0, {"b": "]"}] , "c":12345678901234567890,"d":"\\\\" } ';
  assert.deepEqual(jsonMembers(text), [
    ['a,"}', '[1.0, {"b": "]"}]'],
    ["c", "12345678901234567890"],
    ["d", '"\\\\"'],
  ]);
  assert.deepEqual(jsonMembers("{ }"), []);
});

Deno.test("jsonMembers and jsonObject: give any object back", () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (value, wide) => {
    const text = JSON.stringify(value, null, wide ? 2 : 0);
    assert.deepEqual(JSON.parse(jsonObject(jsonMembers(text))), JSON.parse(text));
  }));
});
