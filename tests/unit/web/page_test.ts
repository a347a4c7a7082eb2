import assert from "node:assert/strict";
import { judge, runOutcome, runStatus, type StatusSnapshot } from "../../../lib/web/mod.ts";
import { renderPage } from "../../../lib/web/page/render_page.ts";
import { span, whole } from "../../../lib/web/page/text.ts";
import {
  before,
  busySample,
  freshSample,
  lonelySample,
  quietSample,
} from "../../support/status_sample.ts";
import { poisoned } from "../../support/poisoned.ts";

const page = async (snapshot: StatusSnapshot) => String(await renderPage(snapshot));

Deno.test("status page: hostile text is text wherever it stands", async () => {
  const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;
  const text = await page(poisoned(busySample(), evil));
  assert.doesNotMatch(text, /<script>|<img|onerror=alert\(1\)>(?!&)/);
  assert.equal(text.match(/<script/g)?.length, 1);
  assert.ok(text.includes("&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
});

Deno.test("status page: tells what runs, what failed and what cures it", async () => {
  const text = await page(busySample());
  for (
    const wanted of [
      "Mostly well",
      "Now: collect, 1 of 5 accounts done.",
      "Allow rds:DescribeDBInstances.",
      "34 denied",
      "the credentials expired",
      "Renew the session of profile default",
      "looking for regions",
    ]
  ) assert.ok(text.includes(wanted), wanted);
});

Deno.test("status page: asks nothing of others, and has no inline style or script", async () => {
  const text = await page(busySample());
  assert.deepEqual(text.match(/ (src|href)="[^"]*"/g), [
    ` href="icon.svg"`,
    ` href="page.css"`,
    ` src="page.js"`,
    ` href="#status"`,
    ` href="metrics"`,
    ` href="ready"`,
    ` href="health"`,
    ` href="status.json"`,
  ]);
  assert.doesNotMatch(text, / style=| on[a-z]+=|<style/);
});

Deno.test("status page: every table has a caption, every picture and bar words", async () => {
  const text = await page(busySample());
  assert.equal(text.match(/<table/g)?.length, text.match(/<caption>[^<]+<\/caption>/g)?.length);
  for (const [svg] of text.matchAll(/<svg[^>]*>/g)) {
    assert.match(svg, /role="img"\s+aria-label="[^"]+"/);
  }
  for (const [bar] of text.matchAll(/<progress[^>]*>/g)) assert.match(bar, /aria-label="[^"]+"/);
});

Deno.test("status page: broken times and figures do not break it", async () => {
  const sample = busySample();
  const [run] = sample.runs;
  assert.ok(run !== undefined);
  const odd = { ...run, finishedAt: null, startedAt: "soon", scopes: {}, accounts: [] };
  const text = await page({ ...sample, runs: [odd], at: "?", history: [], kinds: [] });
  assert.doesNotMatch(text, /NaN|Infinity|undefined|\[object/);
});

Deno.test("verdict: good, idle, and what makes it worse", () => {
  assert.deepEqual(
    [quietSample(), freshSample(), busySample(), lonelySample()].map((each) => judge(each).level),
    ["good", "idle", "warn", "bad"],
  );
});

Deno.test("verdict: an error outside of runs is bad and comes first", () => {
  const problems = [
    { severity: "warning", message: "the disk is nearly full" },
    { severity: "error", message: "the disk is full", hint: "make room" },
  ] as const;
  const { level, remedies } = judge({ ...quietSample(), problems });
  assert.equal(level, "bad");
  assert.deepEqual(remedies.map(({ what }) => what), [
    "the disk is full",
    "the disk is nearly full",
  ]);
  assert.equal(remedies[0]?.todo, "make room");
});

Deno.test("verdict: a core that is lost warns, with what waits for it", () => {
  const core = { uri: "http://core:8900", state: "disconnected", since: before(60) } as const;
  const queues = { ...quietSample().queues, uploadsPending: 1 };
  const { level, remedies } = judge({ ...quietSample(), core, queues });
  assert.equal(level, "warn");
  assert.match(remedies[0]?.what ?? "", /cannot be reached\. 1 finished graph waits for it\.$/);
});

Deno.test("verdict: the same fault in many accounts is one thing to do", () => {
  const sample = busySample();
  const [run] = sample.runs;
  const account = run?.accounts.find(({ faults }) => faults.length > 0);
  assert.ok(run !== undefined && account !== undefined);
  const accounts = Array.from(
    { length: 40 },
    (_, i) => ({ ...account, account: `${i}`, name: "" }),
  );
  const { remedies } = judge({ ...sample, runs: [{ ...run, accounts }] });
  assert.equal(remedies.length, 2);
  assert.match(remedies[0]?.what ?? "", /missing in 0, 1, 2 and 37 more\.$/);
});

Deno.test("verdict: what an organisation policy denies no permission cures", () => {
  const sample = busySample();
  const [run] = sample.runs;
  assert.ok(run !== undefined);
  const accounts = run.accounts.map((account) => ({
    ...account,
    faults: account.faults.map((fault) => ({ ...fault, policy: true })),
  }));
  const { remedies } = judge({ ...sample, runs: [{ ...run, accounts }] });
  assert.equal(remedies.length, 1);
  assert.match(remedies[0]?.what ?? "", /organisation policy denies rds:DescribeDBInstances/);
  assert.doesNotMatch(remedies[0]?.todo ?? "", /^Allow/);
});

Deno.test("run status: a summary in sums, accounts with faults first, errors instead of reasons", () => {
  const fault = { ...FAULT, outcome: "denied" };
  const account = { cloud: "aws", name: "", nodes: 1, outcomes: { complete: 2 }, faults: [] };
  const kind = { kind: "k", nodes: 3, added: 1, changed: 2, removed: 0, stale: 1 };
  const status = runStatus({
    run: "r1",
    startedAt: before(60),
    finishedAt: before(0),
    exitCode: 3,
    collectors: [{
      ...{ name: "aws", status: "failed", reason: "profile" },
      error: { message: "expired", hint: "renew" },
    }],
    accounts: [
      { ...account, account: "1" },
      { ...account, account: "2", outcomes: { complete: 1, denied: 4 }, faults: [fault] },
    ],
    kinds: [kind, kind],
  });
  assert.deepEqual(status.scopes, { complete: 3, denied: 4 });
  assert.deepEqual([status.nodes, status.changed, status.stale], [6, 4, 2]);
  assert.deepEqual(status.accounts.map((each) => each.account), ["2", "1"]);
  assert.deepEqual(status.collectors, [
    { name: "aws", status: "failed", reason: "expired", hint: "renew" },
  ]);
  assert.equal(status.outcome, "incomplete");
});

Deno.test("run outcome: every exit code of a run has one", () => {
  const outcomes = [0, 1, 3, 4, 70, 130, 143, null].map(runOutcome);
  assert.deepEqual(outcomes, [
    "whole",
    "failed",
    "incomplete",
    "failed",
    "failed",
    "interrupted",
    "interrupted",
    "interrupted",
  ]);
});

Deno.test("text: spans and numbers for people", () => {
  const spans = [0, 89_000, 90_000, 5_400_000, 7_200_000, 200_000_000, -5, NaN].map(span);
  assert.deepEqual(spans, ["0 s", "89 s", "2 min", "1 h 30 min", "2 h", "2 d", "0 s", "unknown"]);
  assert.deepEqual([0, 999, 1000, 1234567].map(whole), [
    "0",
    "999",
    "1\u2009000",
    "1\u2009234\u2009567",
  ]);
});

const FAULT = {
  call: "ec2:DescribeVpcs",
  code: "Denied",
  message: "no",
  count: 1,
  regions: [],
  kinds: [],
} as const;
