import assert from "node:assert/strict";
import { tallyOf, total } from "../../../../scripts/gate/tally.ts";

Deno.test("tallyOf: the summary of deno test is read in all its forms", () => {
  const passed = (text: string) => tallyOf(`dots\n\n${text}\n`, true, true);
  assert.deepEqual(passed("ok | 20 passed | 0 failed (323ms)"), { passed: 20, failed: 0 });
  assert.deepEqual(passed("ok | 2 passed (3 steps) | 0 failed | 4 ignored (1s)"), {
    passed: 2,
    failed: 0,
  });
  assert.deepEqual(passed("ok | 7 passed | 0 failed | 1 ignored | 2 filtered out (1m2s)"), {
    passed: 7,
    failed: 0,
  });
  assert.deepEqual(tallyOf("FAILED | 1 passed | 2 failed (1 step) (5ms)\n", false, true), {
    passed: 1,
    failed: 2,
  });
});

Deno.test("tallyOf: what a test prints does not stand for the summary after it", () => {
  const output = "ok | 99 passed | 0 failed (1ms)\nok | 1 passed | 0 failed (2ms)\n";
  assert.deepEqual(tallyOf(output, true, true), { passed: 1, failed: 0 });
});

Deno.test("tallyOf: a crash counts as a failure, also after a good summary", () => {
  assert.deepEqual(tallyOf("", false, true), { passed: 0, failed: 1 });
  assert.deepEqual(tallyOf("", true, true), { passed: 0, failed: 1 });
  const output = "ok | 3 passed | 0 failed (1ms)\n";
  assert.deepEqual(tallyOf(output, false, true), { passed: 3, failed: 1 });
});

Deno.test("tallyOf: a check counts when it fails", () => {
  assert.deepEqual(tallyOf("anything", true, false), { passed: 0, failed: 0 });
  assert.deepEqual(tallyOf("anything", false, false), { passed: 0, failed: 1 });
});

Deno.test("total: adds up", () => {
  assert.deepEqual(total([{ passed: 1, failed: 0 }, { passed: 2, failed: 3 }]), {
    passed: 3,
    failed: 3,
  });
});
