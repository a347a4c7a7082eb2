import assert from "node:assert/strict";
import {
  AWS_COLLECTORS,
  createMetrics,
  DEFINITIONS,
  type Metrics,
  type MetricSources,
  NOT_EXPORTED,
  type RunFigures,
} from "../../../lib/metrics/mod.ts";

const PROCESS: MetricSources = {
  process: () => ({
    residentBytes: 300,
    heapUsedBytes: 20,
    heapTotalBytes: 40,
    cpuSeconds: 1.5,
    startedAt: new Date("2026-03-01T00:00:00Z"),
  }),
};

function metrics(sources: Partial<MetricSources> = {}): Metrics {
  const aws = {
    clouds: ["aws"],
    kinds: ["aws_vpc"],
    calls: ["ec2:DescribeVpcs", "sts:AssumeRole"],
  };
  return createMetrics({ version: "9.9.9", plugins: [aws], sources: { ...PROCESS, ...sources } });
}

function call(name: string, region: string, totalMs: number, errors = 0) {
  const times = { totalMs, maxMs: totalMs, waitedMs: 500 };
  return { call: name, account: "1", region, count: 2, errors, throttles: 1, retries: 3, ...times };
}

const RUN: RunFigures = {
  startedAt: "2026-03-02T08:00:00.000Z",
  finishedAt: "2026-03-02T08:00:30.000Z",
  exitCode: 3,
  collectors: [{ name: "aws", status: "collected" }, { name: "gcp", status: "failed" }],
  accounts: [{
    cloud: "aws",
    account: "1",
    name: "main",
    outcomes: { complete: 3, denied: 1 },
    faults: [
      { call: "ec2:DescribeVpcs", outcome: "denied", regions: ["eu-west-1", "us-east-1"] },
      { call: "ec2:DescribeVpcs", outcome: "not_enabled", regions: ["me-south-1"] },
    ],
  }, {
    cloud: "aws",
    account: "2",
    name: "2",
    outcomes: { failed: 1, skipped: 4 },
    faults: [],
  }],
  kinds: [{ kind: "aws_vpc", nodes: 5, added: 2, changed: 1, removed: 0, stale: 1 }],
  graph: { edges: 7, unresolved: 2, ambiguous: 1, cycles: ["a > b > a"] },
  calls: [
    call("ec2:DescribeVpcs", "eu-west-1", 2000),
    call("ec2:DescribeVpcs", "us-east-1", 3000),
    call("sts:AssumeRole", "", 100, 4),
    call("made:Up", "", 50),
  ],
};

/** Value of one series as text; undefined when it is not shown. */
async function value(of: Metrics, series: string): Promise<string | undefined> {
  const line = (await of.render()).split("\n").find((each) => each.startsWith(`${series} `));
  return line?.slice(series.length + 1);
}

async function expect(of: Metrics, wanted: Readonly<Record<string, string>>): Promise<void> {
  for (const [series, text] of Object.entries(wanted)) {
    assert.equal(await value(of, series), text, series);
  }
}

Deno.test("metrics: each has a name of its own, a help of one line and legal names", async () => {
  const names = DEFINITIONS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const text = await metrics().render();
  for (const { name, type, labels, help } of DEFINITIONS) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    for (const label of labels) assert.match(label, /^[a-z][a-z_]*$/);
    assert.doesNotMatch(help, /\n|\.$/);
    assert.equal(type === "counter", name.endsWith("_total"), name);
    assert.ok(text.includes(`# TYPE ${name} ${type}\n`), name);
  }
});

Deno.test("metrics: a set begins with nothing and shares nothing with another", async () => {
  const [one, other] = [metrics(), metrics()];
  one.runFinished(RUN);
  assert.equal(await value(one, `ckworker_runs_total{outcome="incomplete"}`), "1");
  assert.equal(await value(other, `ckworker_runs_total{outcome="incomplete"}`), undefined);
  assert.equal(await value(other, "ckworker_last_run_timestamp_seconds"), undefined);
  assert.equal(other.contentType, "text/plain; version=0.0.4; charset=utf-8");
});

Deno.test("metrics: every collector of the original AWS plugin is exported or named as not", () => {
  const original = "vpcs subnets route_tables security_groups internet_gateways instances " +
    "keypairs autoscaling_groups reserved_instances volumes snapshots volume_metrics " +
    "network_interfaces network_acls nat_gateways vpc_peering_connections vpc_endpoints buckets " +
    "s3_buckets elbs alb_target_groups albs rds_instances rds_metrics iam_account_summary " +
    "iam_policies iam_groups iam_instance_profiles iam_roles iam_users iam_server_certificates " +
    "cloudformation_stacks eks_clusters elastic_ips cloudwatch_alarms";
  const names = new Set<string>(DEFINITIONS.map(({ name }) => name));
  const missing = new Set(NOT_EXPORTED.flatMap((each) => each.names));
  for (const each of original.split(" ")) {
    const name = `cloudkeeper_plugin_aws_collect_${each}_seconds`;
    assert.notEqual(names.has(name), missing.has(name), name);
  }
  assert.ok(names.has("cloudkeeper_plugin_aws_get_eks_nodegroups_seconds"));
});

Deno.test("metrics: calls behind AWS collectors are calls that the plugin makes, each behind one", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../plugins/aws/calls.json", import.meta.url),
  );
  const declared: readonly { readonly call: string; readonly purpose: string }[] = JSON.parse(text);
  const known = new Set(declared.filter(({ purpose }) => purpose === "read").map((c) => c.call));
  const used = Object.values(AWS_COLLECTORS).flat();
  assert.deepEqual(used.filter((each) => !known.has(each)), []);
  assert.equal(new Set(used).size, used.length);
});

Deno.test("metrics: a run counts its end, scopes, nodes and references", async () => {
  const all = metrics();
  all.runFinished(RUN);
  await expect(all, {
    ckworker_run_seconds_sum: "30",
    ckworker_last_run_timestamp_seconds: "1772438430",
    [`ckworker_collector_runs_total{collector="gcp",status="failed"}`]: "1",
    [`cloudkeeper_unhandled_plugin_exceptions_total{plugin="gcp"}`]: "1",
    [`ckworker_collector_last_success_timestamp_seconds{collector="aws"}`]: "1772438430",
    [`ckworker_scopes{cloud="aws",account="main (1)",outcome="denied"}`]: "1",
    [`ckworker_scopes{cloud="aws",account="2",outcome="skipped"}`]: "4",
    [`ckworker_nodes{cloud="aws",kind="aws_vpc"}`]: "5",
    [`ckworker_stale_nodes{cloud="aws",kind="aws_vpc"}`]: "1",
    [`ckworker_node_changes_total{cloud="aws",change="added"}`]: "2",
    [`ckworker_references_without_edge{reason="cycle"}`]: "1",
  });
  assert.equal(await value(all, "ckworker_last_whole_run_timestamp_seconds"), undefined);
});

Deno.test("metrics: calls add up over accounts and regions; an undeclared one is other", async () => {
  const all = metrics();
  all.runFinished(RUN);
  all.runFinished(RUN);
  const vpcs = `{cloud="aws",service="ec2",operation="DescribeVpcs"}`;
  await expect(all, {
    [`ckworker_api_calls_total${vpcs}`]: "8",
    [`ckworker_api_seconds_total${vpcs}`]: "10",
    [`ckworker_api_wait_seconds_total${vpcs}`]: "2",
    [`ckworker_api_throttles_total${vpcs}`]: "4",
    [`ckworker_api_slowest_seconds${vpcs}`]: "3",
    [`ckworker_api_calls_total{cloud="other",service="other",operation="other"}`]: "4",
  });
  assert.doesNotMatch(await all.render(), /="made|="Up"/);
});

Deno.test("metrics: AWS names measure once per account and region, faults once per place", async () => {
  const all = metrics();
  all.runFinished(RUN);
  const faults = "cloudkeeper_plugin_aws_unhandled_collector_exceptions_total";
  await expect(all, {
    cloudkeeper_plugin_aws_collect_vpcs_seconds_count: "2",
    cloudkeeper_plugin_aws_collect_vpcs_seconds_sum: "5",
    cloudkeeper_plugin_aws_collect_seconds_count: "1",
    cloudkeeper_plugin_aws_session_exceptions_total: "4",
    [`cloudkeeper_plugin_aws_unhandled_account_exceptions_total{account="2"}`]: "1",
    [`${faults}{account="main (1)",region="us-east-1",collector="collect_vpcs"}`]: "1",
  });
  assert.doesNotMatch(await all.render(), /me-south-1/);
});

Deno.test("metrics: what the last run does not have is gone, however many accounts there were", async () => {
  const all = metrics();
  const account = { cloud: "aws", name: "", outcomes: { complete: 1 }, faults: [] };
  const accounts = Array.from({ length: 2500 }, (_, i) => ({ ...account, account: `a${i}` }));
  all.runFinished({ ...RUN, accounts });
  const text = await all.render();
  assert.equal(text.match(/^ckworker_scopes\{/gm)?.length, 2001);
  assert.match(text, /ckworker_scopes\{cloud="aws",account="other",outcome="complete"\} 500\n/);
  all.runFinished({ ...RUN, accounts: [], kinds: [] });
  assert.doesNotMatch(await all.render(), /^ckworker_(scopes|nodes)\{/m);
});

Deno.test("metrics: hostile names neither break lines nor grow without end", async () => {
  const all = metrics();
  all.pluginFailed(`a"} 1\nfake_total{x="\\`);
  all.pluginFailed("x".repeat(5000));
  const text = await all.render();
  assert.ok(text.includes(`{plugin="a\\"} 1 fake_total{x=\\"\\\\"} 1\n`));
  assert.doesNotMatch(text, /^fake_total/m);
  assert.ok(text.split("\n").every((line) => line.length < 400));
});

Deno.test("metrics: a figure that is no number is left out", async () => {
  const all = metrics();
  all.uploadAccepted({ seconds: NaN, bytes: -1, lines: Infinity });
  all.runFinished({ ...RUN, startedAt: "no time" });
  assert.doesNotMatch(await all.render(), /NaN|Nan|Inf/);
});

Deno.test("metrics: sources are asked at a scrape, and what they no longer tell is gone", async () => {
  let oldestAt: Date | undefined = new Date("2026-03-02T08:00:00Z");
  const guests = [{ plugin: "aws", memoryBytes: 100 }, { plugin: "aws", memoryBytes: 50 }];
  const all = metrics({
    uploads: () => ({ pending: 1, ...(oldestAt === undefined ? {} : { oldestAt }) }),
    guests: () => guests,
    sockets: () => [{ name: "actions", connected: true, connects: 2 }],
    tasks: () => ({ waiting: 3, running: 1, replayed: 1 }),
  });
  await expect(all, {
    ckworker_oldest_pending_upload_timestamp_seconds: "1772438400",
    [`ckworker_guests{plugin="aws"}`]: "2",
    [`ckworker_guest_memory_bytes{plugin="aws"}`]: "150",
    [`ckworker_socket_connected{socket="actions"}`]: "1",
    [`ckworker_socket_connects_total{socket="actions"}`]: "2",
    [`ckworker_tasks{state="waiting"}`]: "3",
    [`ckworker_tasks_total{outcome="replayed"}`]: "1",
    process_resident_memory_bytes: "300",
    process_cpu_seconds_total: "1.5",
  });
  oldestAt = undefined;
  guests.length = 0;
  const text = await all.render();
  assert.doesNotMatch(text, /^ckworker_(oldest_pending|guests\{|guest_memory)/m);
});

Deno.test("metrics: actions, tasks, uploads, sockets and clean-ups", async () => {
  const all = metrics();
  all.actionFinished("collect", "done", 12);
  all.taskFinished("failed");
  all.uploadAccepted({ seconds: 2, bytes: 1000, lines: 10 });
  all.uploadFailed("postponed");
  all.nodeCleaned("aws", "deleted", 0.5);
  all.nodeCleaned("aws", "protected");
  all.cleanupFinished(3);
  const place = { cloud: "aws", account: "1", region: "eu-west-1", kind: "aws_vpc" };
  all.cleanupFailed("pre_cleanup", place);
  await expect(all, {
    [`ckworker_actions_total{action="collect",outcome="done"}`]: "1",
    [`ckworker_action_seconds_sum{action="collect"}`]: "12",
    ckworker_upload_bytes_total: "1000",
    [`ckworker_uploads_total{outcome="postponed"}`]: "1",
    cloudkeeper_resource_cleanup_seconds_count: "1",
    [`ckworker_cleanups_total{cloud="aws",outcome="protected"}`]: "1",
    cloudkeeper_cleanup_seconds_sum: "3",
    [
      `resource_pre_cleanup_exceptions_total{cloud="aws",account="1",region="eu-west-1",kind="aws_vpc"}`
    ]: "1",
  });
});
