/** Every kind comes out of the recorded answers, with every property of the original worker filled. */
import assert from "node:assert/strict";
import type { Raw, Resource } from "../../../../plugins/aws/resource.ts";
import { resources } from "../../../../plugins/aws/resources/mod.ts";
import original from "../../../fixtures/aws/kinds.json" with { type: "json" };
import { type Answers, listFrom, recorded } from "../../../support/aws_listing.ts";

const FIXTURES = new URL("../../../fixtures/aws/", import.meta.url);

/** Made by the run itself, or no node. */
const NOT_LISTED: ReadonlySet<string> = new Set(["aws_account", "aws_region", "aws_resource"]);

/** Operations whose answer depends on what is asked; the others are answered by their one fixture. */
function answersFor(resource: Resource): Answers {
  return {
    ...plainAnswers(),
    DescribeLoadBalancers: () => recorded(`DescribeLoadBalancers.${resource.service}`),
    GetAccountAuthorizationDetails: ({ Filter }) =>
      recorded(`GetAccountAuthorizationDetails.${first(Filter).toLowerCase()}s`),
    GetProducts: (input) => recorded(productOf(input)),
    ListServiceQuotas: ({ ServiceCode }) => recorded(`ListServiceQuotas.${ServiceCode}`),
    DescribeTags: () => ({ TagDescriptions: [] }),
    ListTagsForResource: () => ({ Tags: [] }),
    GetMetricData: () => ({ MetricDataResults: [] }),
    ListPolicies: () => ({ Policies: [POLICY] }),
    GetAccessKeyLastUsed: () => ({ AccessKeyLastUsed: LAST_USED }),
    ListClusters: () => ({ clusters: ["main"] }),
    ListNodegroups: () => ({ nodegroups: ["workers"] }),
    DescribeNodegroup: () => ({ nodegroup: NODEGROUP }),
  };
}

const DAY = new Date("2026-01-01T00:00:00Z");

const POLICY = {
  PolicyId: "ANPA1",
  PolicyName: "read",
  Arn: "arn:aws:iam::123456789012:policy/read",
  CreateDate: DAY,
  UpdateDate: DAY,
};

const LAST_USED = { LastUsedDate: DAY, Region: "eu-west-1", ServiceName: "s3" };

const NODEGROUP = {
  nodegroupArn: "arn:aws:eks:eu-west-1:123456789012:nodegroup/main/workers/1",
  nodegroupName: "workers",
  clusterName: "main",
  status: "ACTIVE",
  createdAt: DAY,
};

function plainAnswers(): Answers {
  const names = [...Deno.readDirSync(FIXTURES)].map(({ name }) => name)
    .filter((name) => /^[A-Z][A-Za-z]+\.json$/.test(name)).map((name) => name.slice(0, -5));
  return Object.fromEntries(names.map((name) => [name, () => recorded(name)]));
}

function productOf({ Filters }: Raw): string {
  const wanted = JSON.stringify(Filters);
  return wanted.includes("volumeApiName") ? "GetProducts.gp3" : "GetProducts.m5.large";
}

function first(list: unknown): string {
  return Array.isArray(list) ? String(list[0]) : "";
}

/** Properties that some node of each kind has, with a value that says something. */
async function filledByKind(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const filled = new Map<string, Set<string>>();
  for (const resource of resources) {
    const { nodes } = await listFrom(answersFor(resource), resource);
    for (const { kind, reported } of nodes) {
      const names = filled.get(kind) ?? new Set();
      for (const [name, value] of Object.entries(reported)) if (says(value)) names.add(name);
      filled.set(kind, names);
    }
  }
  return filled;
}

function says(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !Array.isArray(value) || value.length > 0;
}

const filled = await filledByKind();

for (const [kind, { properties }] of Object.entries(original)) {
  if (NOT_LISTED.has(kind)) continue;
  Deno.test(`aws answers: ${kind} has each of its properties filled`, () => {
    const names = filled.get(kind);
    assert.ok(names !== undefined, `no answer makes a node of kind ${kind}`);
    assert.deepEqual(Object.keys(properties).filter((name) => !names.has(name)), []);
  });
}

Deno.test("aws answers: every resource makes a node of its kind", () => {
  assert.deepEqual(resources.map(({ kind }) => kind).filter((kind) => !filled.has(kind)), []);
});
