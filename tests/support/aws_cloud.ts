import calls from "../../plugins/aws/calls.json" with { type: "json" };
import { createCollector } from "../../plugins/aws/collector.ts";
import { toMapping } from "../../plugins/aws/engine/mapping.ts";
import mapping from "../../plugins/aws/mapping.json" with { type: "json" };
import { options as schema } from "../../plugins/aws/options.ts";
import { eksCluster } from "../../plugins/aws/resources/eks.ts";
import { iamServerCertificate } from "../../plugins/aws/resources/iam_server_certificate.ts";
import { subnet } from "../../plugins/aws/resources/subnet.ts";
import { type Answer, awsError, FakeAws, type FakeAwsOptions } from "./fake_aws.ts";
import { FakeContext, type FakeContextOptions } from "./fake_context.ts";

/** Account of the credentials, which manages the organisation. */
export const CURRENT = "111111111111";
/** Active member. */
export const MEMBER = "222222222222";
/** Suspended member. */
export const OTHER = "333333333333";

type Given = Readonly<Record<string, unknown>>;
type Context = FakeContext<ReturnType<typeof schema.parse>>;

/** A cloud with two subnets, a cluster with a node group and a certificate wherever it is asked. */
export function cloud(options: FakeAwsOptions = {}): FakeAws {
  return new FakeAws(options)
    .on("ec2:DescribeSubnets", () => ({
      Subnets: [{ SubnetId: "subnet-1" }, { SubnetId: "subnet-2" }],
    }))
    .on("eks:ListClusters", () => ({ clusters: ["one"] }))
    .on("eks:DescribeCluster", ({ input }) => ({
      cluster: { arn: `arn:${input.name}`, name: input.name, status: "ACTIVE" },
    }))
    .on("eks:ListNodegroups", () => ({ nodegroups: ["group"] }))
    .on("eks:DescribeNodegroup", ({ input }) => ({
      nodegroup: { nodegroupArn: `arn:${input.clusterName}:group`, nodegroupName: "group" },
    }))
    .on("iam:ListServerCertificates", () => ({ ServerCertificateMetadataList: [] }))
    .on("service-quotas:ListServiceQuotas", () => ({ Quotas: [] }))
    .on("organizations:ListAccounts", () => ({
      Accounts: [
        { Id: CURRENT, Name: "root", State: "ACTIVE" },
        { Id: MEMBER, Name: "member", State: "ACTIVE" },
        { Id: OTHER, Name: "other", State: "SUSPENDED" },
      ],
    }));
}

/** Collects a cloud with these options and returns what the host saw. */
export async function collect(
  aws: FakeAws,
  options: Given = {},
  more: Partial<FakeContextOptions<unknown>> = {},
): Promise<Context> {
  const context = new FakeContext({
    ...more,
    options: schema.parse({
      access_key_id: "key",
      secret_access_key: "secret",
      ...options,
    }),
  });
  await aws.clock.run(collector(aws).collect(context));
  return context;
}

/** A collector of three resources. */
export function collector(aws: FakeAws) {
  const resources = [subnet, eksCluster, iamServerCertificate];
  return createCollector({ resources, mapping: toMapping(mapping), calls }, aws.machine());
}

/** An answer that is an error. */
export function fail(name: string, message: string, status = 400): Answer {
  return () => {
    throw awsError(name, message, status);
  };
}

/** Outcome of each scope by account, region and resource. */
export function outcomes(context: Context): Readonly<Record<string, string>> {
  return Object.fromEntries(context.scopes.map(({ scope, result }) => [
    `${scope.account}/${scope.region?.name ?? ""}/${scope.resource}`,
    result?.outcome ?? "open",
  ]));
}
