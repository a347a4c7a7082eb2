import assert from "node:assert/strict";
import calls from "../../../../../plugins/aws/calls.json" with { type: "json" };
import { createCollector } from "../../../../../plugins/aws/collector.ts";
import { toMapping } from "../../../../../plugins/aws/engine/mapping.ts";
import mapping from "../../../../../plugins/aws/mapping.json" with { type: "json" };
import { options as schema } from "../../../../../plugins/aws/options.ts";
import {
  by,
  call,
  defineResource,
  from,
  type Resource,
} from "../../../../../plugins/aws/resource.ts";
import { eksCluster } from "../../../../../plugins/aws/resources/eks.ts";
import { type Answer, awsError, FakeAws } from "../../../../support/fake_aws.ts";
import { FakeContext } from "../../../../support/fake_context.ts";

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";

async function list(aws: FakeAws, resource: Resource) {
  const context = new FakeContext({
    options: schema.parse({
      access_key_id: "key",
      secret_access_key: "secret",
      region: [REGION],
    }),
  });
  const parts = {
    resources: [resource],
    mapping: toMapping(mapping),
    // Operations of the declarations below that no real one makes.
    calls: [
      ...calls,
      ...["elb:DescribeTags", "ec2:DescribeSubnets"].map((name) => ({
        call: name,
        permissions: [name],
        purpose: "read",
      })),
    ],
  };
  await aws.clock.run(createCollector(parts, aws.machine()).collect(context));
  return {
    context,
    scope: (kind: string) => {
      const { nodes, result } = context.scope(ACCOUNT, REGION, kind) ?? assert.fail(`no ${kind}`);
      return { nodes, outcome: result?.outcome, faults: result?.faults ?? [] };
    },
  };
}

function clusters(names: readonly string[]): FakeAws {
  return new FakeAws()
    .on("eks:ListClusters", () => ({ clusters: names }))
    .on("eks:DescribeCluster", ({ input }) => ({
      cluster: { arn: `arn:${input.name}`, name: input.name, roleArn: `role of ${input.name}` },
    }))
    .on("eks:ListNodegroups", ({ input }) => ({ nodegroups: [`group of ${input.clusterName}`] }))
    .on("eks:DescribeNodegroup", ({ input }) => ({
      nodegroup: {
        nodegroupArn: `arn:${input.nodegroupName}`,
        nodegroupName: input.nodegroupName,
        clusterName: input.clusterName,
      },
    }));
}

function failFor(name: string, error: Error, otherwise: Answer): Answer {
  return (request) => {
    if (Object.values(request.input).includes(name)) throw error;
    return otherwise(request);
  };
}

Deno.test("collectResource: children hang below their parent and not below the region", async () => {
  const { scope } = await list(clusters(["one", "two"]), eksCluster);
  const groups = scope("aws_eks_nodegroup").nodes;
  assert.deepEqual(groups.map(({ id }) => id), ["arn:group of one", "arn:group of two"]);
  assert.deepEqual(groups.map(({ orphan }) => orphan), [true, true]);
  assert.deepEqual(groups[1]?.edges?.[0], {
    direction: "from",
    kind: "aws_eks_cluster",
    by: "id",
    value: "arn:two",
  });
});

Deno.test("collectResource: children of later pages name their parent again", async () => {
  const aws = clusters(["one"]).on(
    "eks:ListNodegroups",
    () => ({ nodegroups: ["a"], nextToken: "n" }),
    () => ({ nodegroups: ["b"] }),
  );
  const { scope } = await list(aws, eksCluster);
  assert.equal(scope("aws_eks_nodegroup").nodes.length, 2);
  assert.deepEqual(aws.made("eks:ListNodegroups").map(({ input }) => input), [
    { clusterName: "one" },
    { clusterName: "one", nextToken: "n" },
  ]);
});

Deno.test("collectResource: a child list that fails leaves the parents' scope whole", async () => {
  const denied = awsError("AccessDeniedException", "no", 403);
  const aws = clusters(["one", "two"]);
  aws.on("eks:ListNodegroups", failFor("one", denied, () => ({ nodegroups: ["b"] })));
  const { scope } = await list(aws, eksCluster);
  assert.equal(scope("aws_eks_cluster").outcome, "complete");
  assert.equal(scope("aws_eks_nodegroup").outcome, "denied");
  assert.equal(scope("aws_eks_nodegroup").nodes.length, 1);
});

Deno.test("collectResource: a parent that is gone meanwhile is no fault", async () => {
  const gone = awsError("ResourceNotFoundException", "No cluster found for name: one.", 404);
  const aws = clusters(["one", "two"]);
  aws.on(
    "eks:DescribeCluster",
    failFor("one", gone, () => ({ cluster: { arn: "arn:two", name: "two" } })),
  );
  const { scope } = await list(aws, eksCluster);
  assert.deepEqual(scope("aws_eks_cluster"), {
    nodes: scope("aws_eks_cluster").nodes,
    outcome: "complete",
    faults: [],
  });
  assert.deepEqual(scope("aws_eks_cluster").nodes.map(({ name }) => name), ["two"]);
  assert.equal(scope("aws_eks_nodegroup").outcome, "complete");
});

Deno.test("collectResource: what cannot be described is not gone, nor is what lies below it", async () => {
  const denied = awsError("AccessDeniedException", "no", 403);
  const aws = clusters(["one", "two"]);
  aws.on(
    "eks:DescribeCluster",
    failFor("one", denied, () => ({ cluster: { arn: "arn:two", name: "two" } })),
  );
  const { scope } = await list(aws, eksCluster);
  assert.equal(scope("aws_eks_cluster").outcome, "denied");
  assert.equal(scope("aws_eks_nodegroup").outcome, "denied");
  assert.equal(scope("aws_eks_cluster").nodes.length, 1);
});

Deno.test("collectResource: faults of one kind are counted, not repeated", async () => {
  const denied = awsError("AccessDeniedException", "no", 403);
  const aws = clusters(Array.from({ length: 30 }, (_, i) => `c${i}`)).on(
    "eks:DescribeCluster",
    () => {
      throw denied;
    },
  );
  const { scope } = await list(aws, eksCluster);
  assert.deepEqual(scope("aws_eks_cluster").faults.map(({ call, count }) => [call, count]), [
    ["eks:DescribeCluster", 30],
  ]);
});

/** Subnets as a stand-in for a kind with attached values and tags of their own. */
const tagged: Resource = defineResource({
  kind: "aws_ec2_subnet",
  bases: ["aws_resource", "subnet"],
  service: "ec2",
  scope: "region",
  collector: "subnets",
  list: call("DescribeSubnets", "Subnets[]"),
  id: "SubnetId",
  tags: {
    ...call("DescribeTags", "TagDescriptions[]", { LoadBalancerNames: "$keys" }, {
      service: "elb",
    }),
    size: 2,
    key: "SubnetId",
    match: "LoadBalancerName",
    pick: "Tags",
  },
  attach: {
    Interfaces: call("DescribeNetworkInterfaces", "NetworkInterfaces[]", {
      SubnetId: "$.SubnetId",
    }, { none: ["NothingHere"] }),
  },
  properties: {
    description: { value: "Interfaces[].Description", type: "string[]" },
    subnet_count: {
      value: ({ Interfaces: found }) => Array.isArray(found) ? found.length : 0,
      type: "int64",
    },
    cidr_block: "CidrBlock",
  },
  edges: [from("aws_ec2_network_interface", by("id", "Interfaces[].Id"))],
  missing: ["SubnetNotFound"],
});

function subnets(ids: readonly string[]): FakeAws {
  return new FakeAws()
    .on("ec2:DescribeSubnets", () => ({
      Subnets: ids.map((SubnetId) => ({ SubnetId, CidrBlock: "10.0.0.0/8" })),
    }))
    .on("ec2:DescribeNetworkInterfaces", ({ input }) => ({
      NetworkInterfaces: [{ Id: `eni of ${input.SubnetId}`, Description: "d" }],
    }))
    .on("elb:DescribeTags", ({ input }) => ({
      TagDescriptions: input.LoadBalancerNames.map((LoadBalancerName: string) => ({
        LoadBalancerName,
        Tags: [{ Key: "Name", Value: `name of ${LoadBalancerName}` }],
      })),
    }));
}

Deno.test("collectResource: attached values and tags in batches", async () => {
  const aws = subnets(["a", "b", "c"]);
  const { scope } = await list(aws, tagged);
  const { nodes, outcome } = scope("aws_ec2_subnet");
  assert.equal(outcome, "complete");
  assert.deepEqual(nodes.map(({ name }) => name), ["name of a", "name of b", "name of c"]);
  assert.deepEqual(nodes[2]?.reported.description, ["d"]);
  assert.equal(nodes[2]?.edges?.[0]?.value, "eni of c");
  assert.deepEqual(aws.made("elb:DescribeTags").map(({ input }) => input.LoadBalancerNames), [
    ["a", "b"],
    ["c"],
  ]);
});

Deno.test("collectResource: an attached value that fails keeps what is made of it", async () => {
  const denied = awsError("UnauthorizedOperation", "no", 403);
  const aws = subnets(["a", "b"]).on("ec2:DescribeNetworkInterfaces", (request) => {
    if (request.input.SubnetId === "a") throw denied;
    return { NetworkInterfaces: [] };
  });
  const { scope } = await list(aws, tagged);
  const { nodes, outcome } = scope("aws_ec2_subnet");
  assert.equal(outcome, "partial");
  assert.deepEqual([...nodes[0]?.keep ?? []].sort(), ["$edges", "description", "subnet_count"]);
  assert.equal(nodes[1]?.keep, undefined);
});

Deno.test("collectResource: tags that fail keep tags and the name made of them", async () => {
  const aws = subnets(["a"]).on("elb:DescribeTags", () => {
    throw awsError("AccessDenied", "no", 403);
  });
  const { scope } = await list(aws, tagged);
  const [node] = scope("aws_ec2_subnet").nodes;
  assert.deepEqual([...node?.keep ?? []].sort(), ["name", "tags"]);
  assert.equal(scope("aws_ec2_subnet").outcome, "partial");
});

Deno.test("collectResource: one structure that is gone does not cost its batch the tags", async () => {
  const aws = subnets(["a", "b"]).on("elb:DescribeTags", ({ input }) => {
    if (input.LoadBalancerNames.includes("a")) throw awsError("SubnetNotFound", "gone", 400);
    return { TagDescriptions: [{ LoadBalancerName: "b", Tags: [{ Key: "k", Value: "v" }] }] };
  });
  const { scope } = await list(aws, tagged);
  const { nodes, outcome } = scope("aws_ec2_subnet");
  assert.equal(outcome, "complete");
  assert.deepEqual(nodes.map(({ id, reported }) => [id, reported.tags]), [["b", { k: "v" }]]);
});

Deno.test("collectResource: a value that is not there is no fault", async () => {
  const aws = subnets(["a"]).on("ec2:DescribeNetworkInterfaces", () => {
    throw awsError("NothingHere", "none", 400);
  });
  const { scope } = await list(aws, tagged);
  const { nodes, outcome } = scope("aws_ec2_subnet");
  assert.equal(outcome, "complete");
  assert.equal(nodes[0]?.reported.subnet_count, 0);
  assert.equal(nodes[0]?.keep, undefined);
});

Deno.test("collectResource: a structure without id makes the list not whole", async () => {
  const aws = subnets(["a", ""]);
  const { scope } = await list(aws, tagged);
  const { nodes, outcome, faults } = scope("aws_ec2_subnet");
  assert.deepEqual([nodes.length, outcome], [1, "failed"]);
  assert.match(faults[0]?.message ?? "", /aws_ec2_subnet has no id/);
});

Deno.test("collectResource: a failing later page keeps what came before and is not whole", async () => {
  const aws = subnets([]).on(
    "ec2:DescribeSubnets",
    () => ({ Subnets: [{ SubnetId: "a" }], NextToken: "n" }),
    () => {
      throw awsError("InvalidParameterValue", "bad token", 400);
    },
  );
  const { scope } = await list(aws, tagged);
  const { nodes, outcome } = scope("aws_ec2_subnet");
  assert.deepEqual([nodes.length, outcome], [1, "failed"]);
});

Deno.test("collectResource: an operation that the region lacks is unsupported, for children too", async () => {
  const aws = clusters([]).on("eks:ListClusters", () => {
    throw awsError("UnknownOperationException", "", 404);
  });
  const { scope } = await list(aws, eksCluster);
  assert.equal(scope("aws_eks_cluster").outcome, "unsupported");
  assert.equal(scope("aws_eks_nodegroup").outcome, "unsupported");
});

Deno.test("collectResource: what breaks off as unsupported after a page is no missing service", async () => {
  const aws = subnets([]).on(
    "ec2:DescribeSubnets",
    () => ({ Subnets: [{ SubnetId: "a" }], NextToken: "n" }),
    () => {
      throw awsError("UnknownOperationException", "", 404);
    },
  );
  const { scope } = await list(aws, tagged);
  assert.equal(scope("aws_ec2_subnet").outcome, "failed");
});

Deno.test("collectResource: a describe that is unsupported removes neither node nor children", async () => {
  const aws = clusters(["one"]).on("eks:DescribeCluster", () => {
    throw awsError("UnknownOperationException", "", 404);
  });
  const { scope } = await list(aws, eksCluster);
  assert.equal(scope("aws_eks_cluster").outcome, "failed");
  assert.equal(scope("aws_eks_nodegroup").outcome, "failed");
});

Deno.test("collectResource: of an unsupported and a failed child list the failure counts", async () => {
  const aws = clusters(["one", "two"]);
  const unsupported = awsError("UnknownOperationException", "", 404);
  const broken = awsError("ValidationError", "no", 400);
  aws.on(
    "eks:ListNodegroups",
    failFor("one", unsupported, () => {
      throw broken;
    }),
  );
  const { scope } = await list(aws, eksCluster);
  assert.equal(scope("aws_eks_nodegroup").outcome, "failed");
});

Deno.test("collectResource: a describe that answers without the structure has not found it gone", async () => {
  const aws = clusters(["one"]).on("eks:DescribeCluster", () => ({}));
  const { scope } = await list(aws, eksCluster);
  const { outcome, faults } = scope("aws_eks_cluster");
  assert.deepEqual([outcome, faults[0]?.code], ["failed", "IncompleteAnswer"]);
});

Deno.test("collectResource: a host that the guest may not reach is named with the manifest's key", async () => {
  const aws = subnets(["a"]).on("ec2:DescribeSubnets", () => {
    throw new Deno.errors.NotCapable(
      'Requires net access to "ec2.test:443", run again with the --allow-net flag',
    );
  });
  const { scope } = await list(aws, tagged);
  const { outcome, faults } = scope("aws_ec2_subnet");
  assert.deepEqual([outcome, faults[0]?.code], ["failed", "sandbox.denied"]);
  assert.match(faults[0]?.message ?? "", /may not connect to "ec2.test:443".*permissions\.net/);
  assert.equal(aws.made("ec2:DescribeSubnets").length, 1);
});
