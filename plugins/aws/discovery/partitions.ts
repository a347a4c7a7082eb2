/** Regions that every account of a partition has from the start; all others must be opted in. */
const DEFAULT_REGIONS = {
  aws: [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
  ],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
} as const;

/** A separate set of regions with accounts, endpoints and names of its own. */
export type PartitionName = keyof typeof DEFAULT_REGIONS;

/** Names of the partitions that the plugin knows. */
export const PARTITIONS = ["aws", "aws-cn", "aws-us-gov"] as const;

/** What differs by partition. */
export interface Partition {
  readonly name: PartitionName;
  /** Where the services without region live; id of the region node `global`. */
  readonly home: string;
  /** End of all host names. */
  readonly suffix: string;
  /** End of the host names that have IPv6 addresses, too. */
  readonly dualStackSuffix: string;
  /** Where the Pricing API answers; undefined when the partition has none. */
  readonly pricing: string | undefined;
  readonly regions: readonly string[];
}

/** Facts of one partition. */
export function partition(name: PartitionName): Partition {
  const regions = DEFAULT_REGIONS[name];
  return {
    name,
    home: regions[0],
    suffix: name === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
    dualStackSuffix: name === "aws-cn" ? "api.amazonwebservices.com.cn" : "api.aws",
    pricing: { "aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": undefined }[name],
    regions,
  };
}

/** Partition of a region, by its prefix. */
export function partitionOf(region: string): PartitionName {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Whether an account has to enable the region before it can be used. */
export function isOptInRegion(region: string): boolean {
  const regions: readonly string[] = DEFAULT_REGIONS[partitionOf(region)];
  return !regions.includes(region);
}
