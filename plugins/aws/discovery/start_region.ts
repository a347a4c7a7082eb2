import type { AwsOptions } from "../options.ts";
import { partition, partitionOf } from "./partitions.ts";
import type { Env } from "./profile.ts";

/**
 * Region where a run starts and STS is asked: the first wanted one, else the configured one, else
 * the first of the partition.
 * @param configured region of the profile
 */
export function startRegion(
  options: Pick<AwsOptions, "region" | "partition">,
  env: Env,
  configured: string | undefined,
): string {
  const [first] = options.region;
  const wanted = first ?? env("AWS_REGION") ?? env("AWS_DEFAULT_REGION") ?? configured;
  const { partition: name } = options;
  if (wanted !== undefined && (name === undefined || partitionOf(wanted) === name)) return wanted;
  return partition(name ?? "aws").home;
}
