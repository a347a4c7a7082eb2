import type {
  AccountProgress,
  AccountStatus,
  FaultStatus,
  KindStatus,
  RunOutcome,
  RunStatus,
  StatusSnapshot,
} from "../../lib/web/mod.ts";

/** The moment of every sample. */
export const NOW = "2026-03-02T09:30:00.000Z";

/** A worker in the middle of its day: a run on its way, one account that lacks a permission. */
export function busySample(): StatusSnapshot {
  const quiet = quietSample();
  return {
    ...quiet,
    kinds: quiet.kinds.map((each) => each.kind === STALE ? { ...each, stale: 83 } : each),
    running: [{
      id: "20260302T092741Z-4b1d",
      action: "collect",
      startedAt: before(139),
      accounts: [
        progress("111122223333", "production", 31, 48, "eu-west-1"),
        progress("222233334444", "staging", 12, 48, "eu-central-1"),
        progress("333344445555", "data platform", 4, 48, "us-east-1"),
        progress("444455556666", "sandbox", 0, 0, "looking for regions"),
        { ...progress("555566667777", "audit", 48, 48, ""), finished: true },
      ],
    }],
    runs: [run(1, "incomplete", 83), run(2, "whole", 0), run(3, "whole", 0), run(4, "failed", 0)],
  };
}

/** A worker to which nothing has to be done. */
export function quietSample(): StatusSnapshot {
  const kinds = KINDS.map(([kind, nodes], index) => kindStatus(kind, nodes, index));
  return {
    at: NOW,
    startedAt: "2026-02-21T06:00:00.000Z",
    version: "1.0.0",
    core: {
      uri: "https://core.example.net:8900",
      state: "connected",
      since: before(3 * 86_400),
      dialect: "fixcore",
    },
    running: [],
    runs: [1, 2, 3, 4, 5].map((index) => run(index, "whole", 0)),
    kinds,
    history: series(18_412, 30, 3).map((nodes, index) => ({
      at: before((30 - index) * 3600),
      nodes,
    })),
    queues: {
      actionsWaiting: 0,
      tasksWaiting: 0,
      tasksRunning: 0,
      tasksFailed: 0,
      uploadsPending: 0,
    },
    problems: [],
  };
}

/** A worker that has not collected and has no core. */
export function freshSample(): StatusSnapshot {
  const { core: _, ...rest } = quietSample();
  return { ...rest, startedAt: before(4), runs: [], kinds: [], history: [] };
}

/** A worker whose core is gone. */
export function lonelySample(): StatusSnapshot {
  const sample = quietSample();
  return {
    ...sample,
    core: {
      uri: "https://core.example.net:8900",
      state: "rejected",
      since: before(1260),
      dialect: "fixcore",
      lastError: {
        at: before(8),
        message: "401 Unauthorized: the token's signature is wrong",
        hint: "Compare --psk with the pre-shared key of the core",
      },
    },
    queues: { ...sample.queues, uploadsPending: 2, oldestUploadAt: before(1200) },
  };
}

/** The moment so many seconds before {@link NOW}. */
export function before(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString();
}

const STALE = "aws_rds_instance";
const KINDS = [
  ["aws_ec2_snapshot", 5204],
  ["aws_ec2_volume", 3120],
  ["aws_ec2_network_interface", 2871],
  ["aws_ec2_instance", 2310],
  ["aws_ec2_security_group", 1406],
  ["aws_iam_role", 1190],
  ["aws_cloudwatch_alarm", 903],
  ["aws_ec2_subnet", 486],
  ["aws_s3_bucket", 355],
  ["aws_alb_target_group", 214],
  ["aws_rds_instance", 141],
  ["aws_eks_cluster", 24],
  ["aws_vpc", 88],
  ["aws_region", 95],
  ["aws_account", 5],
] as const;

function kindStatus(kind: string, nodes: number, index: number): KindStatus {
  return {
    kind,
    nodes,
    added: index % 3 === 0 ? Math.round(nodes / 400) : 0,
    changed: index % 2 === 0 ? Math.round(nodes / 150) : 0,
    removed: index % 4 === 1 ? Math.round(nodes / 500) : 0,
    stale: 0,
    history: series(nodes, 20, index + 1),
  };
}

/** A walk that ends at a value and is the same each time. */
function series(end: number, count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const left = (count - 1 - index) / count;
    const wave = Math.sin(index * 0.9 + seed * 1.7) * 0.02 * left;
    return Math.round(end * (1 - 0.12 * left + wave));
  });
}

function progress(
  account: string,
  name: string,
  done: number,
  total: number,
  label: string,
): AccountProgress {
  return { cloud: "aws", account, name, done, total, label, finished: false };
}

function run(index: number, outcome: RunOutcome, stale: number): RunStatus {
  const incomplete = outcome === "incomplete";
  return {
    id: `20260302T0${9 - index}0012Z-7c0${index}`,
    startedAt: before(index * 3600 + 190),
    finishedAt: before(index * 3600),
    outcome,
    nodes: 18_412 - index * 13,
    added: outcome === "failed" ? 0 : 14 * index,
    changed: outcome === "failed" ? 0 : 61,
    removed: outcome === "failed" ? 0 : 9 + index,
    stale,
    scopes: outcome === "failed"
      ? { failed: 12, skipped: 240 }
      : { complete: incomplete ? 2268 : 2304, not_enabled: 96, ...(incomplete ? DENIED : {}) },
    collectors: [
      outcome === "failed"
        ? {
          name: "aws",
          status: "failed",
          reason: "the credentials expired",
          hint: "Renew the session of profile default",
        }
        : { name: "aws", status: "collected", reason: "profile default" },
      { name: "gcp", status: "not_configured", reason: "no service account is given" },
    ],
    accounts: outcome === "failed" ? [] : accounts(incomplete),
  };
}

const DENIED = { denied: 34, throttled_out: 2 };

function accounts(incomplete: boolean): readonly AccountStatus[] {
  const whole = { complete: 456, not_enabled: 19 };
  return [
    {
      ...{ cloud: "aws", account: "222233334444", name: "staging", nodes: 3120 },
      scopes: incomplete ? { complete: 420, not_enabled: 19, ...DENIED } : whole,
      faults: incomplete ? FAULTS : [],
    },
    ...[["111122223333", "production", 11_206], ["333344445555", "data platform", 3871]] as const,
  ].map((each) => {
    if ("cloud" in each) return each;
    const [account, name, nodes] = each;
    return { cloud: "aws", account, name, nodes, scopes: whole, faults: [] };
  });
}

const FAULTS: readonly FaultStatus[] = [
  {
    outcome: "denied",
    call: "rds:DescribeDBInstances",
    code: "AccessDenied",
    message: "User: arn:aws:sts::222233334444:assumed-role/ckworker/run is not authorized to " +
      "perform: rds:DescribeDBInstances because no identity-based policy allows it",
    count: 34,
    regions: ["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "us-east-1", "us-east-2"]
      .concat("us-west-1", "us-west-2"),
    kinds: ["aws_rds_instance"],
    permission: "rds:DescribeDBInstances",
  },
  {
    outcome: "throttled_out",
    call: "elbv2:DescribeTargetHealth",
    code: "Throttling",
    message: "Rate exceeded",
    count: 61,
    regions: ["us-east-1", "us-west-2"],
    kinds: ["aws_alb_target_group"],
  },
];
