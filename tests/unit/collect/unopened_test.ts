import assert from "node:assert/strict";
import fc from "fast-check";
import { concludeUnopened, type Coverage } from "../../../lib/collect/unopened.ts";
import { isConclusive, type ScopeKey, scopeText } from "../../../lib/model/mod.ts";

const WHOLE: Coverage = { accounts: [], regions: [], broken: undefined };

function scope(account: string, region = "r1", resource = "thing"): ScopeKey {
  return { cloud: "c", account, region, resource };
}

function report(ids: readonly string[], complete: boolean, skipped: readonly string[] = []) {
  return {
    cloud: "c",
    complete,
    unfiltered: true,
    accounts: ids.map((id) => ({ id })),
    skipped: skipped.map((id) => ({ id, reason: "suspended" })),
  };
}

Deno.test("concludeUnopened: an account missing from a complete list is gone", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], true)] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage);
  assert.equal(end?.outcome, "gone");
});

Deno.test("concludeUnopened: an account missing from an incomplete list is skipped", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], false)] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("concludeUnopened: a suspended account is skipped, not gone", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], true, ["b"])] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("concludeUnopened: one incomplete report makes the list incomplete", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], true), report(["a"], false)] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("concludeUnopened: a region that is not enabled keeps its data under that name", () => {
  const coverage: Coverage = {
    accounts: [report(["a"], true)],
    regions: [{ cloud: "c", account: "a", notEnabled: ["r1"] }],
    broken: undefined,
  };
  const ends = concludeUnopened([scope("a", "r1"), scope("a", "r2")], new Set(), coverage);
  assert.deepEqual(ends.map((end) => end.outcome), ["not_enabled", "skipped"]);
});

Deno.test("concludeUnopened: what a broken guest did not reach is failed, with the reason", () => {
  const fault = { call: "c:guest", code: "sandbox.crash", message: "crashed", count: 1 };
  const coverage: Coverage = {
    accounts: [report(["a"], true)],
    regions: [],
    broken: { outcome: "failed", fault },
  };
  const [end] = concludeUnopened([scope("a")], new Set(), coverage);
  assert.deepEqual(end, { scope: scope("a"), outcome: "failed", faults: [fault] });
});

Deno.test("concludeUnopened: a scope that was opened is left to its own end", () => {
  const ends = concludeUnopened([scope("a")], new Set([scopeText(scope("a"))]), WHOLE);
  assert.deepEqual(ends, []);
});

Deno.test("concludeUnopened: only `gone` of a complete list ever removes anything", () => {
  const ids = fc.subarray(["a", "b", "c", "d"]);
  fc.assert(
    fc.property(
      ids,
      ids,
      ids,
      fc.boolean(),
      fc.boolean(),
      (listed, skipped, known, complete, broke) => {
        const coverage: Coverage = {
          accounts: [report(listed, complete, skipped)],
          regions: [],
          broken: broke
            ? { outcome: "failed", fault: { call: "x", code: "y", message: "z", count: 1 } }
            : undefined,
        };
        for (
          const end of concludeUnopened(known.map((id) => scope(id)), new Set(), coverage)
        ) {
          if (!isConclusive(end.outcome)) continue;
          assert.equal(end.outcome, "gone");
          assert.ok(complete && !listed.includes(end.scope.account));
          assert.ok(!skipped.includes(end.scope.account));
        }
      },
    ),
  );
});
