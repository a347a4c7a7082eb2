import assert from "node:assert/strict";
import { needsAdoption } from "../../../lib/collect/adoption/adopt_run.ts";
import {
  type CloudFacts,
  planReplacement,
  type ReplaceLimit,
  type SubGraph,
} from "../../../lib/collect/upload/plan.ts";
import type { CloudCoverage, LedgerTotals } from "../../../lib/store/mod.ts";

const WHOLE: CloudCoverage = {
  cloud: "sky",
  complete: true,
  filters: [],
  broken: false,
  blind: [],
};

/** `account/region` with how many of four scopes were conclusive, or what they all were. */
function scopes(texts: Readonly<Record<string, number | "gone" | "skipped">>): LedgerTotals[] {
  return Object.entries(texts).map(([text, end]) => {
    const [account = "", region = ""] = text.split("/");
    return {
      cloud: "sky",
      account,
      region,
      scopes: 4,
      conclusive: end === "gone" ? 4 : end === "skipped" ? 0 : end,
      gone: end === "gone" ? 4 : 0,
      skipped: end === "skipped" ? 4 : 0,
    };
  });
}

const ALL = { "1/": 4, "1/r1": 4, "1/r2": 4, "2/": 4, "2/r1": 4 };

interface Case {
  readonly what: string;
  readonly coverage?: Partial<CloudCoverage> | "unknown";
  readonly ledger?: Readonly<Record<string, number | "gone" | "skipped">>;
  readonly adopted?: "now" | "before";
  readonly limit?: ReplaceLimit;
  /** Sub graphs whose node is missing. */
  readonly without?: readonly string[];
  /** What is replaced: `cloud`, `account 1`, `region 1/r1`. */
  readonly replaced: readonly string[];
  /** What is left out, with the reason. */
  readonly left?: readonly string[];
}

const CASES: readonly Case[] = [
  { what: "a whole run replaces the cloud", replaced: ["cloud"] },
  {
    what: "a denied scope, and the core's nodes are here: the cloud",
    ledger: { ...ALL, "1/r1": 3 },
    adopted: "now",
    replaced: ["cloud"],
  },
  {
    what: "a denied scope, and the core was read in an earlier run: others may have told it more",
    ledger: { ...ALL, "1/r1": 3 },
    adopted: "before",
    replaced: ["region 1/r2", "account 2"],
    left: ["1/r1 not_whole"],
  },
  {
    what: "a denied scope, and the core was not read: what is whole",
    ledger: { ...ALL, "1/r1": 3 },
    replaced: ["region 1/r2", "account 2"],
    left: ["1/r1 not_whole"],
  },
  {
    what: "an account's own listing denied: its regions are whole all the same",
    ledger: { ...ALL, "1/": 3 },
    replaced: ["region 1/r1", "region 1/r2", "account 2"],
  },
  {
    what: "an account out of reach stays as it is",
    ledger: { ...ALL, "1/": 0, "1/r1": 0, "1/r2": "skipped" },
    replaced: ["account 2"],
    left: ["1 nothing_conclusive"],
  },
  {
    what: "an incomplete list of accounts: those that were looked at",
    coverage: { complete: false },
    replaced: ["account 1", "account 2"],
  },
  {
    what: "an account filter: those that were looked at",
    coverage: { filters: ["accounts"] },
    ledger: { ...ALL, "2/": "skipped", "2/r1": "skipped" },
    replaced: ["account 1"],
    left: ["2 nothing_conclusive"],
  },
  {
    what: "a region filter: regions, whatever is known from before",
    coverage: { filters: ["regions"] },
    ledger: { ...ALL, "1/r2": "skipped" },
    adopted: "before",
    replaced: ["region 1/r1", "region 2/r1"],
    left: ["1/r2 nothing_conclusive"],
  },
  {
    what: "a kind filter before the core was read: nothing is whole",
    coverage: { filters: ["kinds"] },
    replaced: [],
    left: ["1/r1 not_whole", "1/r2 not_whole", "2/r1 not_whole"],
  },
  {
    what: "a kind filter: what was read from the core in an earlier run may be old",
    coverage: { filters: ["kinds"] },
    adopted: "before",
    replaced: [],
    left: ["1/r1 not_whole", "1/r2 not_whole", "2/r1 not_whole"],
  },
  {
    what: "a kind filter, and the core was read in this run: regions",
    coverage: { filters: ["kinds"] },
    adopted: "now",
    replaced: ["region 1/r1", "region 1/r2", "region 2/r1"],
  },
  {
    what: "a guest that broke: nobody knows what it would have opened",
    coverage: { broken: true },
    replaced: [],
    left: ["1/r1 not_whole", "1/r2 not_whole", "2/r1 not_whole"],
  },
  {
    what: "a guest that broke, and the core's nodes are here",
    coverage: { broken: true },
    adopted: "now",
    replaced: ["cloud"],
  },
  {
    what: "a suspended account, or one with closed regions, was not looked at as a whole",
    coverage: { blind: ["1", "9"] },
    replaced: ["region 1/r1", "region 1/r2", "account 2"],
  },
  { what: "--replace account", limit: "account", replaced: ["account 1", "account 2"] },
  {
    what: "--replace region",
    limit: "region",
    replaced: ["region 1/r1", "region 1/r2", "region 2/r1"],
  },
  {
    what: "an account that is gone goes with its cloud",
    ledger: { ...ALL, "2/": "gone", "2/r1": "gone" },
    replaced: ["cloud"],
  },
  {
    what: "an account that is gone stays where accounts are replaced",
    ledger: { ...ALL, "2/": "gone", "2/r1": "gone" },
    limit: "account",
    replaced: ["account 1"],
    left: ["2 gone"],
  },
  {
    what: "nothing conclusive: nothing",
    ledger: { "1/": 0, "1/r1": 0 },
    adopted: "now",
    replaced: [],
    left: [" nothing_conclusive"],
  },
  {
    what: "a list of accounts alone is no look at anything",
    ledger: { "/": 4, "1/": 0 },
    adopted: "now",
    replaced: [],
    left: [" nothing_conclusive"],
  },
  { what: "no scope at all: nothing", ledger: {}, replaced: [], left: [" nothing_conclusive"] },
  {
    what: "nobody told about accounts: nothing",
    coverage: "unknown",
    adopted: "now",
    replaced: [],
    left: [" unknown"],
  },
  {
    what: "an account whose own node is not known",
    limit: "account",
    without: ["account 1"],
    replaced: ["account 2"],
    left: ["1 no_node"],
  },
  {
    what: "a region whose own node is not known",
    limit: "region",
    without: ["region 1/r2"],
    replaced: ["region 1/r1", "region 2/r1"],
    left: ["1/r2 no_node"],
  },
];

function facts({ coverage = {}, ledger = ALL, adopted }: Case): CloudFacts {
  return {
    cloud: "sky",
    coverage: coverage === "unknown" ? undefined : { ...WHOLE, ...coverage },
    ledger: scopes(ledger),
    adoptedRun: adopted === undefined ? undefined : adopted === "now" ? "r9" : "r1",
  };
}

function name({ level, account, region }: SubGraph): string {
  if (level === "cloud") return "cloud";
  return level === "account" ? `account ${account}` : `region ${account}/${region}`;
}

for (const each of CASES) {
  Deno.test(`planReplacement: ${each.what}`, () => {
    const { limit = "auto", without = [] } = each;
    const plan = planReplacement(
      "r9",
      [facts(each)],
      limit,
      (subGraph) => !without.includes(name(subGraph)),
    );
    assert.deepEqual(plan.subGraphs.map(name), each.replaced);
    assert.deepEqual(
      plan.leftOut.map(({ account, region, reason }) =>
        `${[account, region].filter((part) => part !== undefined).join("/")} ${reason}`
      ),
      each.left ?? [],
    );
  });
}

Deno.test("planReplacement: each cloud is decided about alone, also where accounts have one id", () => {
  const sea = { ...facts({ what: "", replaced: [] }), cloud: "sea" };
  const sky = facts({ what: "", ledger: { "1/": 0 }, replaced: [] });
  const plan = planReplacement("r9", [sea, sky], "auto", () => true);
  assert.deepEqual(plan.subGraphs.map(({ cloud }) => cloud), ["sea"]);
  assert.deepEqual(plan.leftOut, [{ cloud: "sky", reason: "nothing_conclusive" }]);
});

Deno.test("needsAdoption: the core is read where that lets more be replaced, and only there", () => {
  const ask = (each: Omit<Case, "what" | "replaced">, limit: ReplaceLimit = "auto") =>
    needsAdoption("r9", facts({ ...each, what: "", replaced: [] }), limit);
  assert.equal(ask({}), false);
  assert.equal(ask({ ledger: { ...ALL, "1/r1": 3 } }), true);
  assert.equal(ask({ ledger: { ...ALL, "1/r1": 3 }, adopted: "before" }), true);
  assert.equal(ask({ ledger: { "1/r1": 0 } }), false);
  assert.equal(ask({ coverage: { complete: false } }), false);
  assert.equal(ask({ coverage: { filters: ["kinds"] }, adopted: "before" }), true);
  assert.equal(ask({ coverage: { filters: ["regions"] } }), false);
  assert.equal(ask({ coverage: { blind: ["9"] } }), true);
  assert.equal(ask({ coverage: { blind: ["9"] } }, "account"), false);
  assert.equal(ask({ coverage: "unknown" }), false);
});
