import { CloudError } from "ckworker";
import { list, member, text } from "../engine/path.ts";
import type { Hook, Operation, Raw, Tools } from "../resource.ts";

/** Reads series of numbers, up to 500 in one call. */
export const GET_METRIC_DATA: Operation = {
  operation: "GetMetricData",
  service: "cloudwatch",
  result: "MetricDataResults[]",
};

/** Which metrics tell when something was used. */
export interface AccessMetrics {
  readonly namespace: string;
  /** Dimension that names the resource, and the member that holds its value. */
  readonly dimension: readonly [name: string, member: string];
  /** Metric that is above zero when it was read, and when it was written. */
  readonly atime: string;
  readonly mtime: string;
  /** Member with the time of creation. */
  readonly ctime: string;
  /** Only structures that pass are looked up. */
  readonly when?: (raw: Raw) => boolean;
}

/** When something was used last. */
export interface Access {
  readonly Atime: Date;
  readonly Mtime: Date;
}

/** Resources of one call. */
const CHUNK = 100;
const HOUR = 3600;
/** How far back it looks, milliseconds: 60 days. */
const WINDOW = 60 * 24 * HOUR * 1000;

/**
 * Times of the last access by CloudWatch, to the hour. What was not used for 60 days was used last
 * at the start of them, or when it was made if that is later.
 */
export function accessTimes(metrics: AccessMetrics): Hook {
  return {
    operations: [GET_METRIC_DATA],
    option: "metrics",
    async run(raws, tools) {
      const wanted = raws.filter(metrics.when ?? (() => true));
      const found = new Map<Raw, Access>();
      for (let start = 0; start < wanted.length; start += CHUNK) {
        const chunk = wanted.slice(start, start + CHUNK);
        for (const [raw, access] of await accessOf(chunk, metrics, tools)) found.set(raw, access);
      }
      return raws.map((raw) => found.get(raw));
    },
  };
}

async function accessOf(
  raws: readonly Raw[],
  metrics: AccessMetrics,
  tools: Tools,
): Promise<Iterable<readonly [Raw, Access]>> {
  const since = new Date(tools.place.now.getTime() - WINDOW);
  const names = [...new Set([metrics.atime, metrics.mtime])];
  const results = await tools.call(GET_METRIC_DATA, {
    StartTime: since,
    EndTime: tools.place.now,
    ScanBy: "TimestampDescending",
    MetricDataQueries: raws.flatMap((raw, index) =>
      names.map((name) => query(`${name.toLowerCase()}_${index}`, name, metrics, raw))
    ),
  });
  const newest = newestUse(Array.isArray(results) ? results : []);
  return raws.map((raw, index) => {
    const ctime = member(raw, metrics.ctime);
    const unused = ctime instanceof Date && ctime > since ? ctime : since;
    const last = (name: string) => newest.get(`${name.toLowerCase()}_${index}`) ?? unused;
    return [raw, { Atime: last(metrics.atime), Mtime: last(metrics.mtime) }];
  });
}

function query(id: string, name: string, { namespace, dimension }: AccessMetrics, raw: Raw) {
  const [dimensionName, path] = dimension;
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: [{ Name: dimensionName, Value: text(raw, path) }],
      },
      Period: HOUR,
      Stat: "Sum",
      Unit: "Count",
    },
    ReturnData: true,
  };
}

/** Newest time with a value above zero by query; a series may come in parts, over pages. */
function newestUse(results: readonly unknown[]): ReadonlyMap<string, Date> {
  const newest = new Map<string, Date>();
  for (const result of results) {
    const id = text(result, "Id") ?? "";
    refuse(text(result, "StatusCode"), id);
    const values = list(result, "Values");
    list(result, "Timestamps").forEach((time, index) => {
      const value = values[index];
      const known = newest.get(id);
      if (!(time instanceof Date) || typeof value !== "number" || value <= 0) return;
      if (known === undefined || time > known) newest.set(id, time);
    });
  }
  return newest;
}

/** No data because of a fault is not the same as never used. */
function refuse(status: string | undefined, id: string): void {
  if (status !== "InternalError" && status !== "Forbidden") return;
  throw new CloudError(
    status === "Forbidden" ? "access_denied" : "request",
    `CloudWatch answered ${status} for the metric query ${id}`,
    { context: { call: "cloudwatch:GetMetricData" } },
  );
}
