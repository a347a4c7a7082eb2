import assert from "node:assert/strict";
import { judge } from "../../../../plugins/github/client/judge.ts";
import { RepoIds } from "../../../../plugins/github/repo_ids.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");

function verdict(status: number, headers: Record<string, string> = {}, body: unknown = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return judge({ status, headers: new Headers(headers), text }, NOW);
}

Deno.test("a good answer has no verdict, one that is no JSON is tried again", () => {
  assert.equal(verdict(200, {}, []), undefined);
  assert.equal(verdict(204, {}, ""), undefined);
  for (const body of ["", "<html>", '{"a":', '"text"']) {
    assert.equal(verdict(200, {}, body)?.retry, "transient", body);
  }
});

Deno.test("the hourly limit is waited for until it is reset", () => {
  const reset = String(NOW / 1_000 + 90);
  const found = verdict(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset });
  assert.deepEqual([found?.fault, found?.retry, found?.afterMs], ["throttled", "throttle", 91_000]);
  const past = verdict(429, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" });
  assert.equal(past?.afterMs, 1_000);
});

Deno.test("a limit on bursts is told by Retry-After, by its text or by the status", () => {
  const left = { "x-ratelimit-remaining": "12" };
  assert.equal(verdict(403, { ...left, "retry-after": "9" })?.afterMs, 9_000);
  assert.equal(verdict(403, left, { message: "a SECONDARY rate limit" })?.afterMs, 60_000);
  assert.equal(verdict(429)?.retry, "throttle");
  assert.equal(verdict(403, left, { message: "no" })?.fault, "access_denied");
});

Deno.test("a permission is named only where one is missing", () => {
  const scopes = (granted: string) =>
    verdict(403, { "x-oauth-scopes": granted, "x-accepted-oauth-scopes": "admin:org, read:org" });
  assert.equal(scopes("repo")?.permission, "admin:org");
  assert.equal(scopes("repo, read:org")?.permission, undefined);
  assert.equal(verdict(404)?.fault, "access_denied");
  assert.equal(verdict(451)?.fault, "access_denied");
  assert.equal(verdict(422)?.fault, "request");
  assert.equal(verdict(401)?.fault, "expired_credentials");
});

Deno.test("ids of repositories depend on what is asked for alone", () => {
  const ids = new RepoIds(["a/web", "b/Web", "A/web", "b/docs"]);
  assert.deepEqual(
    ["a/web", "A/WEB", "b/web", "b/docs", "c/docs"].map((name) => ids.of(name)),
    ["web", "WEB", "b/web", "docs", "c/docs"],
  );
});
