/** Every action plugin as a real guest, over a core in memory. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { CoreRecord } from "../../lib/core/mod.ts";
import { ChangeError } from "../../lib/errors/mod.ts";
import { actions } from "../../plugins/mod.ts";
import { type ActionChanges, messagesOf, runTestAction } from "../support/action_run.ts";
import { coreEdge, coreNode, graphCore, type GraphCoreOptions } from "../support/graph_core.ts";

const BASE = new URL("../../main.ts", import.meta.url).href;
const OLD = "2025-01-01T00:00:00Z";

/** Runs a built-in action plugin; options are those of its flags, by key. */
async function run(
  name: string,
  { options = {}, core = {}, ...changes }: Omit<ActionChanges, "core"> & {
    readonly core?: GraphCoreOptions;
  } = {},
) {
  const entry = actions.find(({ manifest }) => manifest.name === name);
  assert.ok(entry);
  const memory = graphCore(core);
  const parsed = entry.manifest.options.parse(options);
  const report = await runTestAction({
    entry,
    base: BASE,
    options: parsed,
    core: memory,
    ...changes,
  });
  const decisions = report.decisions.map(({ type, node, outcome }) =>
    `${type} ${node.id} ${outcome}`
  );
  return { decisions, report, core: memory };
}

const eventLog = z.object({
  event_log: z.array(z.strictObject({
    timestamp: z.iso.datetime(),
    msg: z.string().min(10),
    exception: z.null(),
  })).min(1),
});

for (const fork of [false, true]) {
  const where = fork ? "a process of its own" : "this process";
  Deno.test(`cleanup_expired in ${where} marks what is expired, with a reason`, async () => {
    const nodes = [
      coreNode("n1", { metadata: { expires: OLD } }),
      coreNode("n2", { metadata: { expires: "2030-01-01T00:00:00Z" } }),
      coreNode("n3", { metadata: { expires: OLD, protected: true } }),
      coreNode("n4", { metadata: { expires: OLD, stale: true } }),
      coreNode("n5"),
    ];
    const { decisions, core } = await run("cleanup_expired", {
      fork,
      core: { query: () => nodes },
    });
    assert.deepEqual(decisions, ["mark n1 done", "mark n3 refused", "mark n4 refused"]);
    assert.deepEqual(core.patches.map(({ id, desired }) => [id, desired]), [["n1", {
      clean: true,
    }]]);
    eventLog.parse(core.patches[0]?.metadata);
  });
}

const UNTAGGED = `
tags: [owner]
kinds: [aws_ec2_volume]
accounts:
  aws:
    011122223333: { name: sandbox, age: 3h }
`;
for (const dialect of ["ckcore", "fixcore"] as const) {
  Deno.test(`cleanup_untagged asks a ${dialect} in its words and marks what misses a tag`, async () => {
    const parts = { account: "011122223333", reported: { ctime: OLD } };
    const { decisions, core } = await run("cleanup_untagged", {
      options: { config: "u.yaml" },
      texts: { "u.yaml": UNTAGGED },
      core: {
        dialect,
        query: () => [
          coreNode("n1", parts),
          coreNode("n2", { ...parts, tags: { owner: "lisa" } }),
          coreNode("n3", { account: "011122223333" }),
        ],
      },
    });
    assert.deepEqual(decisions, ["mark n1 done"]);
    const path = dialect === "fixcore" ? "/ancestors" : "ancestors";
    assert.ok(core.asked[0]?.includes(`${path}.account.reported.id in ["011122223333"]`));
    assert.doesNotMatch(core.asked.join(), /metadata\.ancestors/);
  });
}

Deno.test("cleanup_volumes marks volumes that nobody used, and stumbles over no missing time", async () => {
  const unused = { volume_status: "available", ctime: OLD, atime: OLD, mtime: OLD };
  const { decisions } = await run("cleanup_volumes", {
    options: { enabled: true },
    core: {
      query: () => [
        coreNode("n1", { reported: unused }),
        coreNode("n2", { reported: { ...unused, ctime: undefined } }),
        coreNode("n3", { reported: { ...unused, atime: null } }),
      ],
    },
  });
  assert.deepEqual(decisions, ["mark n1 done"]);
});

Deno.test("cleanup_aws_loadbalancers marks what nothing is behind", async () => {
  const { decisions } = await run("cleanup_aws_loadbalancers", {
    options: { enabled: true },
    core: {
      query: () => [
        coreNode("lb", { kind: "aws_alb", reported: { backends: [], ctime: OLD } }),
        coreNode("tg", {
          kind: "aws_alb_target_group",
          reported: { target_type: "instance", ctime: OLD },
        }),
        coreNode("young", { kind: "aws_elb", reported: { backends: [] } }),
        coreEdge("tg", "lb"),
      ],
    },
  });
  assert.deepEqual(decisions.toSorted(), ["mark lb done", "mark tg done"]);
});

/** A marked VPC with a subnet and an instance in it. */
const vpcGraph = (status: string): readonly CoreRecord[] => [
  coreNode("vpc", { kind: "aws_vpc", marked: true }),
  coreNode("net", { kind: "aws_ec2_subnet" }),
  coreNode("i", { kind: "aws_ec2_instance", reported: { instance_status: status } }),
  coreEdge("vpc", "net"),
  coreEdge("net", "i"),
];

Deno.test("cleanup_aws_vpcs spares a VPC with a live instance", async () => {
  const { decisions, core } = await run("cleanup_aws_vpcs", {
    options: { enabled: true },
    core: { query: () => vpcGraph("running") },
  });
  assert.deepEqual(decisions, ["unmark vpc done"]);
  assert.deepEqual(core.patches[0]?.desired, { clean: false });
  eventLog.parse(core.patches[0]?.metadata);
});

Deno.test("cleanup_aws_vpcs marks what is in a VPC, in listed accounts only", async () => {
  const query = () => vpcGraph("terminated");
  const options = { enabled: true, config: "v.yaml" };
  const listed = await run("cleanup_aws_vpcs", {
    options,
    core: { query },
    texts: { "v.yaml": "aws:\n  - 111122223333\n" },
  });
  assert.deepEqual(listed.decisions, ["mark net done"]);
  const others = await run("cleanup_aws_vpcs", {
    options,
    core: { query },
    texts: { "v.yaml": "aws: ['1']\n" },
  });
  assert.deepEqual(others.decisions, []);
});

const ALARM = coreNode("alarm", {
  kind: "aws_cloudwatch_alarm",
  reported: { dimensions: [{ Name: "InstanceId", Value: "i-1" }] },
});
/** Alarm, instances that are found by id, and places with instances. */
const alarmCore = (
  instances: readonly CoreRecord[],
  groups: readonly Record<string, unknown>[],
): GraphCoreOptions => ({
  query: (text) => text.includes("aws_cloudwatch_alarm") ? [ALARM] : instances,
  aggregate: () => groups,
});
const PLACE = {
  group: { account: "111122223333", region: "eu-west-1", stale: null },
  instances: 1,
};

for (
  const [title, instances, groups, expected] of [
    ["is gone", [], [PLACE], ["mark alarm done"]],
    [
      "lives in another account",
      [
        coreNode("n", {
          kind: "aws_ec2_instance",
          resource: "i-1",
          account: "2",
          reported: { instance_status: "running" },
        }),
      ],
      [PLACE],
      [],
    ],
    ["is missing where no instance was collected at all", [], [], []],
    ["is missing where instances are stale", [], [
      PLACE,
      { ...PLACE, group: { ...PLACE.group, stale: true } },
    ], []],
  ] as const
) {
  Deno.test(`cleanup_aws_alarms: an alarm whose instance ${title}`, async () => {
    const { decisions } = await run("cleanup_aws_alarms", {
      options: { enabled: true },
      core: alarmCore(instances, groups),
    });
    assert.deepEqual(decisions, expected);
  });
}

Deno.test("cleanup_aws_alarms asks for the instances of many alarms in parts", async () => {
  const alarms = Array.from({ length: 1_001 }, (_, index) =>
    coreNode(`a${index}`, {
      kind: "aws_cloudwatch_alarm",
      reported: { dimensions: [{ Name: "InstanceId", Value: `i-${index}` }] },
    }));
  const { decisions, core } = await run("cleanup_aws_alarms", {
    options: { enabled: true },
    core: {
      query: (text) => text.includes("aws_cloudwatch_alarm") ? alarms : [],
      aggregate: () => [PLACE],
    },
  });
  assert.equal(decisions.length, 1_001);
  assert.equal(core.asked.length, 5);
});

const SNOWFLAKES = `aws:
  111122223333:
    eu-west-1:
      aws_ec2_volume: [vol-1, vol-2]
`;

Deno.test("protect_snowflakes protects what is listed, tells what is missing, in a dry run too", async () => {
  for (const dryRun of [false, true]) {
    const told: unknown[] = [];
    const { decisions, core } = await run("protect_snowflakes", {
      told,
      dryRun,
      options: { config: "s.yaml" },
      texts: { "s.yaml": SNOWFLAKES },
      core: {
        query: () => [
          coreNode("n1", { resource: "vol-1" }),
          coreNode("n2", { resource: "vol-1", account: "999" }),
          coreNode("n3", { resource: "vol-9" }),
        ],
      },
    });
    assert.deepEqual(decisions, ["protect n1 done"]);
    assert.deepEqual(core.patches.map(({ id, metadata }) => [id, metadata?.["protected"]]), [
      ["n1", true],
    ]);
    assert.deepEqual(messagesOf(told, "snowflake.missing"), [
      "aws_ec2_volume vol-2 of s.yaml is not in the graph",
    ]);
  }
});

const VALIDATOR = `
kinds: [aws_ec2_volume]
accounts:
  aws:
    111122223333: { name: sandbox, expiration: 24h }
`;
const LONG = [
  coreNode("n1", { tags: { expiration: "30d" } }),
  coreNode("n2", { tags: { expiration: "1h" } }),
];
const validator = {
  options: { config: "t.yaml" },
  texts: { "t.yaml": VALIDATOR },
  core: { query: (text: string) => text.startsWith("id(") ? LONG.slice(0, 1) : LONG },
};

Deno.test("tagvalidator shortens a tag through the cloud and notes it", async () => {
  const tagged: unknown[] = [];
  const { decisions, core } = await run("tagvalidator", {
    ...validator,
    tag: (node, change) => {
      tagged.push([node.id, change]);
      return Promise.resolve();
    },
  });
  assert.deepEqual(decisions, ["note n1 done", "tag n1 done"]);
  assert.deepEqual(tagged, [["n1", { type: "setTag", key: "expiration", value: "1d" }]]);
  assert.deepEqual(core.patches.map(({ id, reported, desired }) => [id, reported, desired]), [
    ["n1", undefined, undefined],
  ]);
});

Deno.test("tagvalidator changes no tag in its own dry run, nor in that of the clean-up", async () => {
  const own = await run("tagvalidator", {
    ...validator,
    options: { config: "t.yaml", dry_run: true },
  });
  assert.deepEqual(own.decisions, ["note n1 done"]);
  const cleanUp = await run("tagvalidator", { ...validator, dryRun: true });
  assert.deepEqual(cleanUp.decisions, ["note n1 recorded", "tag n1 recorded"]);
  assert.deepEqual(cleanUp.core.patches, []);
});

Deno.test("tagvalidator goes on after a tag that cannot be changed, and fails in the end", async () => {
  const nodes = [1, 2, 3].map((n) => coreNode(`n${n}`, { tags: { expiration: "never" } }));
  const tagged: string[] = [];
  await assert.rejects(
    run("tagvalidator", {
      ...validator,
      core: {
        query: (text) =>
          text.startsWith("id(") ? nodes.filter(({ id }) => text.includes(id)) : nodes,
      },
      tag: (node) => {
        if (node.id === "n2") return Promise.reject(new ChangeError("failed", "the cloud says no"));
        tagged.push(node.id);
        return Promise.resolve();
      },
    }),
    { code: "plugin.failed", message: /1 of 3 tags were not changed: the cloud says no/ },
  );
  assert.deepEqual(tagged, ["n1", "n3"]);
});

/** Plugins with a file, and the option that switches them on. */
const WITH_FILE = [
  ["cleanup_untagged", {}],
  ["cleanup_aws_vpcs", { enabled: true }],
  ["cleanup_aws_alarms", { enabled: true }],
  ["protect_snowflakes", {}],
  ["tagvalidator", {}],
] as const;

for (const [name, options] of WITH_FILE) {
  const given = { ...options, config: "c.yaml" };

  Deno.test(`${name}: an empty file means nothing is done, and that is told`, async () => {
    const told: unknown[] = [];
    const texts = { "c.yaml": "# nothing yet\n" };
    const { decisions, core } = await run(name, { told, options: given, texts });
    assert.deepEqual([decisions, core.asked], [[], []]);
    assert.match(messagesOf(told, "action.config")[0] ?? "", /^c\.yaml /);
  });

  Deno.test(`${name}: a missing or wrong file ends the action with a fault of configuration`, async () => {
    await assert.rejects(run(name, { options: given }), { message: "Cannot read c.yaml" });
    await assert.rejects(run(name, { options: given, texts: { "c.yaml": "- a\n" } }), {
      code: "config.invalid",
      message: /^c\.yaml:1:1: /,
    });
  });
}
