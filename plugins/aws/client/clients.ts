import { PluginError } from "ckworker";
import type { ServiceName } from "../services.ts";

/** A client of one service in one region, as the SDK makes it. */
export interface Client {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/** Configuration of a client; its names are the SDK's. */
export type ClientConfig = Readonly<Record<string, unknown>>;

/** A loaded service. */
export interface LoadedService {
  client(config: ClientConfig): Client;
  command(operation: string, input: object): object;
}

/**
 * Loads a service's client. Each `import` is spelled out, so that a bundler makes a chunk of each
 * and a guest loads only what it calls.
 */
export async function loadService(service: ServiceName): Promise<LoadedService> {
  const [module, name] = await importService(service);
  return {
    client: (config) => construct(module, `${name}Client`, [config], isClient),
    command: (operation, input) => construct(module, `${operation}Command`, [input], isObject),
  };
}

/** The SDK module of a service and the stem of its client's name. */
export async function importService(service: ServiceName): Promise<readonly [object, string]> {
  switch (service) {
    case "auto-scaling":
      return [await import("@aws-sdk/client-auto-scaling"), "AutoScaling"];
    case "cloudformation":
      return [await import("@aws-sdk/client-cloudformation"), "CloudFormation"];
    case "cloudwatch":
      return [await import("@aws-sdk/client-cloudwatch"), "CloudWatch"];
    case "ec2":
      return [await import("@aws-sdk/client-ec2"), "EC2"];
    case "eks":
      return [await import("@aws-sdk/client-eks"), "EKS"];
    case "elb":
      return [await import("@aws-sdk/client-elastic-load-balancing"), "ElasticLoadBalancing"];
    case "elbv2":
      return [await import("@aws-sdk/client-elastic-load-balancing-v2"), "ElasticLoadBalancingV2"];
    case "iam":
      return [await import("@aws-sdk/client-iam"), "IAM"];
    case "organizations":
      return [await import("@aws-sdk/client-organizations"), "Organizations"];
    case "pricing":
      return [await import("@aws-sdk/client-pricing"), "Pricing"];
    case "rds":
      return [await import("@aws-sdk/client-rds"), "RDS"];
    case "s3":
      return [await import("@aws-sdk/client-s3"), "S3"];
    case "service-quotas":
      return [await import("@aws-sdk/client-service-quotas"), "ServiceQuotas"];
    case "sts":
      return [await import("@aws-sdk/client-sts"), "STS"];
  }
}

function construct<T>(
  module: object,
  name: string,
  parameters: readonly unknown[],
  check: (value: unknown) => value is T,
): T {
  const constructor: unknown = Reflect.get(module, name);
  if (typeof constructor !== "function") throw new PluginError(`the SDK has no ${name}`);
  const made: unknown = Reflect.construct(constructor, [...parameters]);
  if (!check(made)) throw new PluginError(`the SDK's ${name} is not what it should be`);
  return made;
}

function isClient(value: unknown): value is Client {
  return isObject(value) && typeof Reflect.get(value, "send") === "function";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
