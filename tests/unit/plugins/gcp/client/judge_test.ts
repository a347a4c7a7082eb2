import assert from "node:assert/strict";
import { judge } from "../../../../../plugins/gcp/client/judge.ts";
import { judgeToken } from "../../../../../plugins/gcp/access/token_judge.ts";

interface Said {
  readonly reason?: string;
  readonly message?: string;
  readonly name?: string;
  readonly details?: readonly object[];
}

function answer(status: number, { reason, message = "no", name, details }: Said = {}) {
  const errors = reason === undefined ? undefined : [{ reason }];
  const text = JSON.stringify({ error: { code: status, message, status: name, errors, details } });
  return { status, headers: new Headers(), text };
}

const verdict = (status: number, said: Said = {}) => judge(answer(status, said), 0);

Deno.test("gcp judge: a good answer is an object or empty", () => {
  assert.equal(judge({ status: 200, headers: new Headers(), text: "{}" }, 0), undefined);
  assert.equal(judge({ status: 204, headers: new Headers(), text: "" }, 0), undefined);
  assert.equal(judge({ status: 200, headers: new Headers(), text: "<p>" }, 0)?.retry, "transient");
  assert.equal(judge({ status: 200, headers: new Headers(), text: "[]" }, 0)?.retry, "transient");
});

Deno.test("gcp judge: what came too fast waits, whichever code says so", () => {
  for (const reason of ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"]) {
    assert.equal(verdict(403, { reason })?.retry, "throttle", reason);
  }
  assert.equal(verdict(429)?.retry, "throttle");
  assert.equal(verdict(403, { details: [{ reason: "RATE_LIMIT_EXCEEDED" }] })?.retry, "throttle");
  assert.equal(verdict(429, { name: "RESOURCE_EXHAUSTED" })?.code, "RESOURCE_EXHAUSTED");
  const headers = new Headers({ "retry-after": "7" });
  assert.equal(judge({ ...answer(429), headers }, 0)?.afterMs, 7_000);
});

Deno.test("gcp judge: an API or billing that is off is not enabled", () => {
  const said: readonly Said[] = [
    { reason: "accessNotConfigured" },
    { reason: "forbidden", message: "Compute Engine API has not been used in project 1 before" },
    { reason: "forbidden", message: "This API method requires billing to be enabled." },
    { details: [{ reason: "SERVICE_DISABLED" }] },
    { details: [{ reason: "BILLING_DISABLED" }] },
  ];
  for (const each of said) assert.equal(verdict(403, each)?.fault, "not_enabled");
});

Deno.test("gcp judge: a denial names the permission where the answer does", () => {
  const messages = [
    "Required 'compute.disks.list' permission for 'projects/p'",
    "Permission 'compute.disks.list' denied on resource '//x'",
    "a@b does not have compute.disks.list access to the project.",
  ];
  for (const message of messages) {
    const { fault, permission } = verdict(403, { reason: "forbidden", message }) ?? {};
    assert.deepEqual([fault, permission], ["access_denied", "compute.disks.list"], message);
  }
  const details = [{ reason: "IAM_PERMISSION_DENIED", metadata: { permission: "a.b.c" } }];
  assert.equal(verdict(403, { details })?.permission, "a.b.c");
  const plain = verdict(403, { reason: "forbidden", message: "Forbidden" });
  assert.deepEqual([plain?.fault, plain?.permission], ["access_denied", undefined]);
});

Deno.test("gcp judge: codes that others look at", () => {
  assert.deepEqual([verdict(404)?.code, verdict(412)?.code], ["notFound", "conditionNotMet"]);
  assert.equal(verdict(401)?.retry, "credentials");
  assert.deepEqual([verdict(408)?.retry, verdict(500)?.retry, verdict(503)?.retry], [
    "transient",
    "transient",
    "transient",
  ]);
  assert.deepEqual([verdict(400)?.retry, verdict(409)?.retry], [undefined, undefined]);
});

Deno.test("gcp judge: messages are one line, and a page of a proxy is no message", () => {
  assert.equal(verdict(400, { message: "first\n  second" })?.message, "first second");
  const page = { status: 403, headers: new Headers(), text: "<html>" };
  assert.equal(judge(page, 0)?.message, "Google answered 403");
});

Deno.test("gcp judge: an answer to a question for a token never says that an API is off", () => {
  const off = judgeToken(answer(403, { details: [{ reason: "SERVICE_DISABLED" }] }), 0);
  assert.equal(off?.fault, "request");
  assert.equal(judgeToken(answer(401), 0)?.retry, undefined);
  const text = JSON.stringify({ error: "invalid_grant", error_description: "Bad key" });
  const bad = judgeToken({ status: 400, headers: new Headers(), text }, 0);
  assert.equal(bad?.message, "invalid_grant: Bad key");
});

Deno.test("gcp judge: what was changed meanwhile is a conflict; a host may lack a part of its API", () => {
  assert.equal(verdict(409, { name: "ABORTED" })?.code, "conditionNotMet");
  assert.notEqual(verdict(409, { name: "ALREADY_EXISTS" })?.code, "conditionNotMet");
  const { fault, retry } = verdict(501, { name: "UNIMPLEMENTED" }) ?? {};
  assert.deepEqual([fault, retry], ["not_enabled", undefined]);
});
