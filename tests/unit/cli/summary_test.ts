import assert from "node:assert/strict";
import type { AccountFault } from "../../../lib/collect/mod.ts";
import { renderSummary } from "../../../lib/cli/summary.ts";
import { summaryOf } from "../../support/cli.ts";
import { golden } from "../../support/golden.ts";

const DENIED: AccountFault = {
  outcome: "denied",
  call: "ec2:DescribeVpcs",
  code: "UnauthorizedOperation",
  message: "You are not authorized",
  permission: "ec2:DescribeVpcs",
  count: 3,
  regions: ["eu-west-1", "us-east-1"],
  kinds: ["aws_vpc"],
};

const FULL = summaryOf({
  collectors: [
    { name: "aws", status: "collected", reason: "profile default" },
    { name: "gcp", status: "not_configured", reason: "no credentials; set a service account" },
    {
      name: "k8s",
      status: "failed",
      reason: "",
      error: {
        code: "cloud.no_credentials",
        message: "no cluster",
        hint: "Write a kubeconfig",
        context: {},
      },
    },
  ],
  accounts: [
    {
      cloud: "aws",
      account: "111122223333",
      name: "dev",
      nodes: 120,
      outcomes: { denied: 2, complete: 40, skipped: 1 },
      faults: [
        DENIED,
        {
          ...DENIED,
          call: "iam:ListRoles",
          permission: "iam:ListRoles",
          policy: true,
          count: 1,
          regions: [],
          kinds: ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"],
        },
        { ...DENIED, call: "s3:GetTags", permission: "s3:GetBucketTagging", kinds: [] },
      ],
    },
    {
      cloud: "aws",
      account: "444455556666",
      name: "444455556666",
      nodes: 7,
      outcomes: { complete: 9 },
      faults: [],
    },
  ],
  kinds: [
    { kind: "aws_vpc", nodes: 12, added: 1, changed: 2, removed: 3, stale: 4 },
    { kind: "aws_ec2_instance", nodes: 115, added: 0, changed: 0, removed: 0, stale: 0 },
    { kind: "aws_gone", nodes: 0, added: 0, changed: 0, removed: 5, stale: 0 },
    { kind: "aws_never", nodes: 0, added: 0, changed: 0, removed: 0, stale: 0 },
  ],
  graph: {
    nodes: 127,
    edges: 240,
    unresolved: 3,
    ambiguous: 1,
    cycles: ["a → b → a"],
    duplicates: ["aws_vpc vpc-1"],
    depth: 5,
  },
  calls: Array.from({ length: 7 }, (_, at) => ({
    call: `ec2:Call${at}`,
    account: "111122223333",
    region: "eu-west-1",
    count: 4,
    errors: 0,
    throttles: at,
    retries: at,
    totalMs: 4000 - at * 100,
    maxMs: 1500.4,
    waitedMs: 20.6,
  })),
  exitCode: 3,
});

Deno.test("renderSummary: everything there is to tell", async () => {
  await golden("cli/summary_full.txt", renderSummary(FULL));
});

Deno.test("renderSummary: a run without anything is one line", () => {
  assert.equal(
    renderSummary(summaryOf()),
    "Stored in ./ckworker.db: 0 nodes, 0 edges in 12.3 s (run r1)\n",
  );
});

Deno.test("renderSummary: the first line says where the result went", () => {
  assert.match(renderSummary({ ...FULL, target: "/x/y.db" }), /^Stored in \/x\/y\.db: 127 nodes/);
});

Deno.test("renderSummary: a fault is told once, with regions, kinds and the actions that cure it", () => {
  const text = renderSummary(FULL);
  assert.equal(text.split("ec2:DescribeVpcs (").length, 2);
  assert.match(text, /3 times in eu-west-1, us-east-1/);
  assert.match(text, /To cure it, allow: ec2:DescribeVpcs, s3:GetBucketTagging\n/);
  assert.match(text, /a6 and 2 more/);
});

Deno.test("renderSummary: control characters from a cloud do not reach the terminal", () => {
  const account = {
    cloud: "aws",
    account: "1",
    name: "\u001b[31mred\nforged",
    nodes: 1,
    outcomes: {},
    faults: [],
  };
  const text = renderSummary(summaryOf({
    accounts: [account],
    graph: { ...FULL.graph, duplicates: ["x\u001b]0;title\u0007"] },
  }));
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text));
  assert.ok(!text.includes("\nforged"));
});

Deno.test("renderSummary: each exit code is explained", () => {
  for (const exitCode of [1, 3, 130, 143]) {
    const last = renderSummary(summaryOf({ exitCode })).trimEnd().split("\n").at(-1) ?? "";
    assert.match(last, new RegExp(`^Exit code ${exitCode}: [a-z]`));
  }
});
