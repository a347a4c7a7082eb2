import assert from "node:assert/strict";
import fc from "fast-check";
import { completeLists, concludeUnopened, type Coverage } from "../../../lib/collect/unopened.ts";
import { isConclusive, type ScopeKey, scopeText } from "../../../lib/model/mod.ts";

/** Every account was in the last complete list of the cloud. */
const MEMBERS = () => new Set(["a", "b", "c", "d"]);

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
  const [end] = concludeUnopened([scope("b")], new Set(), coverage, MEMBERS);
  assert.equal(end?.outcome, "gone");
});

Deno.test("concludeUnopened: an account that no list of this source named before is skipped", () => {
  const coverage = { ...WHOLE, accounts: [{ ...report(["a"], true), source: "o-2" }] };
  const members = ({ source }: { source: string }) => new Set(source === "o-1" ? ["b"] : []);
  const [end] = concludeUnopened([scope("b")], new Set(), coverage, members);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("completeLists: what a complete list names, skipped accounts with it", () => {
  const lists = completeLists([
    { ...report(["a"], true, ["b"]), source: "o-1" },
    { ...report(["c"], false), cloud: "d" },
  ]);
  assert.deepEqual(lists, [{ cloud: "c", source: "o-1", named: new Set(["a", "b"]) }]);
});

Deno.test("concludeUnopened: an account missing from an incomplete list is skipped", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], false)] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage, MEMBERS);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("concludeUnopened: a suspended account is skipped, not gone", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], true, ["b"])] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage, MEMBERS);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("concludeUnopened: one incomplete report makes the list incomplete", () => {
  const coverage = { ...WHOLE, accounts: [report(["a"], true), report(["a"], false)] };
  const [end] = concludeUnopened([scope("b")], new Set(), coverage, MEMBERS);
  assert.equal(end?.outcome, "skipped");
});

Deno.test("concludeUnopened: a region that is not enabled keeps its data under that name", () => {
  const coverage: Coverage = {
    accounts: [report(["a"], true)],
    regions: [{ cloud: "c", account: "a", notEnabled: ["r1"] }],
    broken: undefined,
  };
  const ends = concludeUnopened([scope("a", "r1"), scope("a", "r2")], new Set(), coverage, MEMBERS);
  assert.deepEqual(ends.map((end) => end.outcome), ["not_enabled", "skipped"]);
});

Deno.test("concludeUnopened: what a broken guest did not reach is failed, with the reason", () => {
  const fault = { call: "c:guest", code: "sandbox.crash", message: "crashed", count: 1 };
  const coverage: Coverage = {
    accounts: [report(["a"], true)],
    regions: [],
    broken: { outcome: "failed", fault },
  };
  const [end] = concludeUnopened([scope("a")], new Set(), coverage, MEMBERS);
  assert.deepEqual(end, { scope: scope("a"), outcome: "failed", faults: [fault] });
});

Deno.test("concludeUnopened: a scope that was opened is left to its own end", () => {
  const ends = concludeUnopened([scope("a")], new Set([scopeText(scope("a"))]), WHOLE, MEMBERS);
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
          const end of concludeUnopened(known.map((id) => scope(id)), new Set(), coverage, MEMBERS)
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

Deno.test("concludeUnopened: a region that a whole list does not name is gone, in that account alone", () => {
  const told = { cloud: "c", account: "a", notEnabled: [] };
  const coverage: Coverage = {
    ...WHOLE,
    accounts: [report(["a", "b"], false)],
    regions: [{ ...told, whole: ["r1"] }, { ...told, whole: ["r2"] }],
  };
  const known = [
    scope("a", "r1"),
    scope("a", "r2"),
    scope("a", "r3"),
    scope("a", ""),
    scope("b", "r3"),
  ];
  const ends = concludeUnopened(known, new Set(), coverage, MEMBERS);
  assert.deepEqual(ends.map(({ outcome }) => outcome), [
    "skipped",
    "skipped",
    "gone",
    "skipped",
    "skipped",
  ]);
  const untold = { ...coverage, regions: [told] };
  assert.equal(
    concludeUnopened([scope("a", "r3")], new Set(), untold, MEMBERS)[0]?.outcome,
    "skipped",
  );
});

Deno.test("concludeUnopened: a resource that was listed everywhere is gone where no scope was opened", () => {
  const regions = [{ cloud: "c", account: "a", notEnabled: [], listed: ["thing"] }];
  const coverage = { ...WHOLE, accounts: [report(["a", "b"], true)], regions };
  const known = [scope("a"), scope("a", "r2"), scope("a", "r1", "other"), scope("b")];
  const opened = new Set([scopeText(scope("a", "r2"))]);
  assert.deepEqual(
    concludeUnopened(known, opened, coverage, MEMBERS).map(({ outcome }) => outcome),
    ["complete", "skipped", "skipped"],
  );
});

Deno.test("concludeUnopened: a guest that was ended is not believed that it listed everywhere", () => {
  const fault = { call: "x:y", code: "Crash", message: "ended", count: 1 };
  const coverage: Coverage = {
    accounts: [report(["a"], true)],
    regions: [{ cloud: "c", account: "a", notEnabled: [], listed: ["thing"] }],
    broken: { outcome: "failed", fault },
  };
  const [end] = concludeUnopened([scope("a")], new Set(), coverage, MEMBERS);
  assert.equal(end?.outcome, "failed");
});
