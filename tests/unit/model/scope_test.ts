import assert from "node:assert/strict";
import { scopeText } from "../../../lib/model/mod.ts";

Deno.test("scopeText: two scopes never share a text, whatever their ids hold", () => {
  const scopes = [["a/b", "c"], ["a", "b/c"], ["a%2Fb", "c"], ["a", "b%2Fc"], ["a/b/c", ""]]
    .map(([account = "", region = ""]) => ({ cloud: "x", account, region, resource: "r" }));
  assert.equal(new Set(scopes.map(scopeText)).size, scopes.length);
  assert.equal(
    scopeText({ cloud: "x", account: "1", region: "eu", resource: "r" }),
    "x/1/eu/r",
  );
});
