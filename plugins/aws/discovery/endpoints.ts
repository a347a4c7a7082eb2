import type { Env } from "./profile.ts";
import { partition, partitionOf } from "./partitions.ts";
import { service, type ServiceName } from "../services.ts";

/** Variables that ask for other host names than the usual ones. */
export const FIPS = "AWS_USE_FIPS_ENDPOINT";
export const DUAL_STACK = "AWS_USE_DUALSTACK_ENDPOINT";

/** Services without regions have one endpoint, in this region of their partition. */
const GLOBAL: ReadonlySet<ServiceName> = new Set(["iam", "organizations"]);

/**
 * Address that all requests to a service go to instead of AWS; undefined for AWS itself.
 * @param flag counts for all services, before the variables
 */
export function customEndpoint(
  name: ServiceName,
  flag: string | undefined,
  env: Env,
): string | undefined {
  return customEndpointOf(service(name).id, flag, env);
}

/** The same for a service that only the credential chain talks to, by the end of its variable. */
export function customEndpointOf(
  id: string,
  flag: string | undefined,
  env: Env,
): string | undefined {
  if (flag !== undefined) return flag;
  if (env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") === "true") return undefined;
  return env(`AWS_ENDPOINT_URL_${id}`) ?? env("AWS_ENDPOINT_URL");
}

/** Host name of a service in a region, at AWS itself. */
export function awsHost(name: ServiceName, region: string): string {
  const { name: partitionName, home, suffix } = partition(partitionOf(region));
  const { endpoint } = service(name);
  if (!GLOBAL.has(name)) return `${endpoint}.${region}.${suffix}`;
  if (name === "iam" && partitionName === "aws") return `iam.${suffix}`;
  if (name === "iam" && partitionName === "aws-us-gov") return `iam.us-gov.${suffix}`;
  return `${endpoint}.${
    partitionName === "aws-cn" && name === "organizations" ? "cn-northwest-1" : home
  }.${suffix}`;
}

/** Whether a service is called in one region only. */
export function isGlobal(name: ServiceName): boolean {
  return GLOBAL.has(name);
}
