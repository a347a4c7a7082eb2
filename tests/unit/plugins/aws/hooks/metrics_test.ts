import assert from "node:assert/strict";
import { accessTimes } from "../../../../../plugins/aws/hooks/metrics.ts";
import type { Input } from "../../../../../plugins/aws/resource.ts";
import { createTools, PLACE } from "../../../../support/aws_tools.ts";

const ebs = accessTimes({
  namespace: "AWS/EBS",
  dimension: ["VolumeId", "VolumeId"],
  atime: "VolumeReadOps",
  mtime: "VolumeWriteOps",
  ctime: "CreateTime",
  when: (raw) => raw["State"] === "available",
});
const WINDOW_START = new Date("2025-12-31T12:00:00Z");

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
    readonly Unit: string;
  };
}

function queries(input: Input): readonly Query[] {
  const given: unknown = input["MetricDataQueries"];
  assert.ok(Array.isArray(given));
  return given;
}

/** Series of the queries about one volume and metric. */
function series(
  input: Input,
  volume: string,
  metric: string,
  ...points: readonly (readonly [string, number])[]
): object[] {
  return queries(input).filter(({ MetricStat: { Metric } }) =>
    Metric.MetricName === metric && Metric.Dimensions[0]?.Value === volume
  ).map(({ Id }) => ({
    Id,
    StatusCode: "Complete",
    Timestamps: points.map(([time]) => new Date(time)),
    Values: points.map(([, value]) => value),
  }));
}

function volume(VolumeId: string, CreateTime = "2024-01-01T00:00:00Z", State = "available") {
  return { VolumeId, State, CreateTime: new Date(CreateTime) };
}

Deno.test("accessTimes: the newest hour above zero is the time, reads and writes apart", async () => {
  const tools = createTools({
    answers: {
      GetMetricData: (input) => [
        ...series(input, "vol-1", "VolumeReadOps", ["2026-02-27T08:00:00Z", 0], [
          "2026-02-20T08:00:00Z",
          3,
        ], ["2026-02-10T08:00:00Z", 5]),
        ...series(input, "vol-1", "VolumeWriteOps", ["2026-02-05T08:00:00Z", 1]),
      ],
    },
  });
  assert.deepEqual(await ebs.run([volume("vol-1")], tools), [{
    Atime: new Date("2026-02-20T08:00:00Z"),
    Mtime: new Date("2026-02-05T08:00:00Z"),
  }]);
});

Deno.test("accessTimes: asks for 60 days by the hour, with both metrics of each resource", async () => {
  const tools = createTools({ answers: { GetMetricData: () => [] } });
  await ebs.run([volume("vol-1")], tools);
  const input = tools.calls[0]?.input ?? {};
  assert.deepEqual([input["StartTime"], input["EndTime"]], [WINDOW_START, PLACE.now]);
  assert.equal(input["ScanBy"], "TimestampDescending");
  const asked = queries(input);
  assert.deepEqual(asked.map((each) => each.MetricStat.Metric.MetricName), [
    "VolumeReadOps",
    "VolumeWriteOps",
  ]);
  for (const { Id, MetricStat } of asked) {
    assert.match(Id, /^[a-z][A-Za-z0-9_]*$/);
    assert.deepEqual(MetricStat.Metric.Dimensions, [{ Name: "VolumeId", Value: "vol-1" }]);
    assert.equal(MetricStat.Metric.Namespace, "AWS/EBS");
    assert.deepEqual([MetricStat.Period, MetricStat.Stat, MetricStat.Unit], [3600, "Sum", "Count"]);
  }
});

Deno.test("accessTimes: without data each falls back to its own creation or the window", async () => {
  const tools = createTools({ answers: { GetMetricData: () => [] } });
  const found = await ebs.run([
    volume("vol-1", "2024-01-01T00:00:00Z"),
    volume("vol-2", "2026-02-25T00:00:00Z"),
    volume("vol-3", "2023-01-01T00:00:00Z"),
    volume("vol-4", "2026-02-01T00:00:00Z"),
  ], tools);
  const expected = [
    WINDOW_START,
    new Date("2026-02-25T00:00:00Z"),
    WINDOW_START,
    new Date("2026-02-01T00:00:00Z"),
  ];
  assert.deepEqual(found, expected.map((time) => ({ Atime: time, Mtime: time })));
});

Deno.test("accessTimes: only structures that pass are looked up, and all keep their place", async () => {
  const tools = createTools({
    answers: {
      GetMetricData: (input) =>
        series(input, "vol-2", "VolumeReadOps", ["2026-02-20T08:00:00Z", 3]),
    },
  });
  const [attached, available] = await ebs.run([
    volume("vol-1", "2024-01-01T00:00:00Z", "in-use"),
    volume("vol-2"),
  ], tools);
  assert.equal(attached, undefined);
  assert.deepEqual(available, { Atime: new Date("2026-02-20T08:00:00Z"), Mtime: WINDOW_START });
  assert.equal(queries(tools.calls[0]?.input ?? {}).length, 2);
});

Deno.test("accessTimes: makes no call when nothing passes", async () => {
  const tools = createTools();
  const found = await ebs.run([volume("vol-1", "2024-01-01T00:00:00Z", "in-use")], tools);
  assert.deepEqual([found, tools.calls], [[undefined], []]);
});

Deno.test("accessTimes: a hundred resources a call, none lost between calls", async () => {
  const tools = createTools({
    answers: {
      GetMetricData: (input) => {
        const last = queries(input).at(-2)?.MetricStat.Metric.Dimensions[0]?.Value ?? "";
        return series(input, last, "VolumeReadOps", ["2026-02-20T08:00:00Z", 1]);
      },
    },
  });
  const volumes = Array.from({ length: 205 }, (_, index) => volume(`vol-${index}`));
  const found = await ebs.run(volumes, tools);
  assert.deepEqual(tools.calls.map(({ input }) => queries(input).length), [200, 200, 10]);
  const used = found.flatMap((access, index) =>
    JSON.stringify(access).includes("2026-02-20T08:00:00.000Z") ? [index] : []
  );
  assert.deepEqual(used, [99, 199, 204]);
});

Deno.test("accessTimes: a series that comes in parts counts as one", async () => {
  const tools = createTools({
    answers: {
      GetMetricData: (input) => [
        ...series(input, "vol-1", "VolumeReadOps", ["2026-02-27T08:00:00Z", 0]),
        ...series(input, "vol-1", "VolumeReadOps", ["2026-02-01T08:00:00Z", 2]),
        ...series(input, "vol-1", "VolumeReadOps", ["2026-01-15T08:00:00Z", 9]),
      ],
    },
  });
  const [access] = await ebs.run([volume("vol-1")], tools);
  assert.deepEqual(access, { Atime: new Date("2026-02-01T08:00:00Z"), Mtime: WINDOW_START });
});

Deno.test("accessTimes: what CloudWatch could not read is a fault, not disuse", async () => {
  for (const StatusCode of ["InternalError", "Forbidden"]) {
    const tools = createTools({
      answers: { GetMetricData: () => [{ Id: "volumereadops_0", StatusCode, Values: [] }] },
    });
    await assert.rejects(ebs.run([volume("vol-1")], tools), new RegExp(StatusCode));
  }
});

Deno.test("accessTimes: one metric for both times is asked once", async () => {
  const rds = accessTimes({
    namespace: "AWS/RDS",
    dimension: ["DBInstanceIdentifier", "DBInstanceIdentifier"],
    atime: "DatabaseConnections",
    mtime: "DatabaseConnections",
    ctime: "InstanceCreateTime",
  });
  const tools = createTools({
    answers: {
      GetMetricData: (input) =>
        series(input, "my-db-1", "DatabaseConnections", ["2026-02-20T08:00:00Z", 1]),
    },
  });
  const used = new Date("2026-02-20T08:00:00Z");
  assert.deepEqual(
    await rds.run(
      [{ DBInstanceIdentifier: "my-db-1" }, { DBInstanceIdentifier: "my_db-1" }],
      tools,
    ),
    [{ Atime: used, Mtime: used }, { Atime: WINDOW_START, Mtime: WINDOW_START }],
  );
  assert.equal(queries(tools.calls[0]?.input ?? {}).length, 2);
});
