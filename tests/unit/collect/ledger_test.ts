import assert from "node:assert/strict";
import { Ledger } from "../../../lib/collect/ledger.ts";
import { verdict } from "../../../lib/collect/verdict.ts";
import type { ScopeFault } from "../../../lib/model/mod.ts";

const DENIED: ScopeFault = {
  call: "ec2:DescribeVpcs",
  code: "UnauthorizedOperation",
  message: "not authorized",
  permission: "ec2:DescribeVpcs",
  count: 1,
};

function scope(region: string, resource: string, account = "1") {
  return { cloud: "aws", account, region, resource };
}

Deno.test("Ledger: one line per fault and account, with the regions and kinds it costs", () => {
  const ledger = new Ledger();
  ledger.record(scope("r2", "aws_vpc"), "denied", [DENIED], 0);
  ledger.record(scope("r1", "aws_vpc"), "denied", [DENIED], 0);
  ledger.record(scope("r1", "aws_ec2_subnet"), "complete", [], 5);
  ledger.name("aws", "1", "dev");
  const [account] = ledger.summary();
  assert.equal(account?.name, "dev");
  assert.equal(account?.nodes, 5);
  assert.deepEqual(account?.outcomes, { complete: 1, denied: 2 });
  assert.deepEqual(account?.faults, [
    { ...DENIED, outcome: "denied", count: 2, regions: ["r1", "r2"], kinds: ["aws_vpc"] },
  ]);
});

Deno.test("Ledger: a policy of the organisation is told apart from a missing permission", () => {
  const ledger = new Ledger();
  ledger.record(scope("r1", "aws_vpc"), "denied", [DENIED, { ...DENIED, policy: true }], 0);
  assert.equal(ledger.summary()[0]?.faults.length, 2);
});

Deno.test("Ledger: accounts come in stable order", () => {
  const ledger = new Ledger();
  for (const id of ["3", "1", "2"]) ledger.record(scope("r", "k", id), "complete", [], 1);
  assert.deepEqual(ledger.summary().map((account) => account.account), ["1", "2", "3"]);
});

Deno.test("Ledger: nothing conclusive is known as such", () => {
  const ledger = new Ledger();
  ledger.record(scope("r", "k"), "denied", [], 0);
  assert.equal(ledger.anyConclusive, false);
  ledger.record(scope("r", "k"), "unsupported", [], 0);
  assert.equal(ledger.anyConclusive, true);
});

const COLLECTED = [{ name: "aws", status: "collected", reason: "" }] as const;

Deno.test("verdict: quiet outcomes are 0", () => {
  const quiet = ["complete", "unsupported", "gone", "not_enabled", "skipped"] as const;
  assert.equal(verdict(quiet, COLLECTED, []), 0);
});

Deno.test("verdict: each other outcome is 3 unless accepted", () => {
  for (const outcome of ["partial", "denied", "throttled_out", "failed", "cancelled"] as const) {
    assert.equal(verdict(["complete", outcome], COLLECTED, []), 3, outcome);
    assert.equal(verdict(["complete", outcome], COLLECTED, [outcome]), 0, outcome);
  }
});

Deno.test("verdict: a collector that failed is 1, whatever is accepted", () => {
  const failed = [{ name: "aws", status: "failed", reason: "" }] as const;
  assert.equal(verdict(["complete"], failed, ["failed"]), 1);
});
