import assert from "node:assert/strict";
import { CkError } from "../../../../lib/errors/mod.ts";
import type { CloudFault } from "../../../../lib/errors/mod.ts";
import { CallFault, ScopeFaults } from "../../../../lib/sdk/mod.ts";

function failed(fault: CloudFault, message = "no"): CallFault {
  return new CallFault("x:List", { fault, code: "Code", message }, ["x.list"], { plugin: "x" });
}

Deno.test("scope faults: a part that does not exist hides none that failed", () => {
  for (const order of [["unsupported", "request"], ["request", "unsupported"]] as const) {
    const faults = new ScopeFaults();
    for (const fault of order) faults.lost(failed(fault), "list");
    assert.deepEqual([faults.result().outcome, faults.isListed], ["failed", false]);
  }
  const none = new ScopeFaults();
  none.lost(failed("unsupported"), "list");
  assert.deepEqual([none.result().outcome, none.isListed], ["unsupported", true]);
  none.answered();
  assert.equal(none.result().outcome, "failed");
});

Deno.test("scope faults: the first fault of a list counts, values that could not be read do not", () => {
  const faults = new ScopeFaults();
  faults.unread(new CkError("odd", "a value"), "list");
  assert.equal(faults.result().outcome, "partial");
  faults.lost(failed("access_denied"), "list");
  faults.lost(failed("throttled"), "list");
  assert.equal(faults.result().outcome, "denied");
  assert.equal(faults.result().faults[1]?.permission, "x.list");
});

Deno.test("scope faults: equal ones add up, by message only where that tells them apart", () => {
  const count = (faults: ScopeFaults) => {
    for (const message of ["a", "b", "a"]) faults.unread(failed("request", message), "list");
    return faults.result().faults.map((each) => each.count);
  };
  assert.deepEqual(count(new ScopeFaults()), [3]);
  assert.deepEqual(count(new ScopeFaults({ byMessage: true })), [2, 1]);
});

Deno.test("call fault: tells where it was if that is known", () => {
  const verdict = { fault: "request", code: "C", message: "m" } as const;
  const at = (context: object, more = {}) =>
    new CallFault("x:List", verdict, [], context, more).message;
  assert.equal(at({ plugin: "x" }), "x:List failed: C: m");
  assert.equal(at({ account: "a", region: "r" }), "x:List in a r failed: C: m");
  assert.equal(
    at({ account: "a" }, { where: "a, namespace n" }),
    "x:List in a, namespace n failed: C: m",
  );
});
