/** Facts of the services that the plugin talks to; the clients are loaded by client/clients.ts. */
const SERVICES = {
  "auto-scaling": { iam: "autoscaling", endpoint: "autoscaling" },
  cloudformation: { iam: "cloudformation", endpoint: "cloudformation" },
  cloudwatch: { iam: "cloudwatch", endpoint: "monitoring" },
  ec2: { iam: "ec2", endpoint: "ec2" },
  eks: { iam: "eks", endpoint: "eks" },
  elb: { iam: "elasticloadbalancing", endpoint: "elasticloadbalancing" },
  elbv2: { iam: "elasticloadbalancing", endpoint: "elasticloadbalancing" },
  iam: { iam: "iam", endpoint: "iam" },
  organizations: { iam: "organizations", endpoint: "organizations" },
  pricing: { iam: "pricing", endpoint: "api.pricing" },
  rds: { iam: "rds", endpoint: "rds" },
  s3: { iam: "s3", endpoint: "s3" },
  "service-quotas": { iam: "servicequotas", endpoint: "servicequotas" },
  sqs: { iam: "sqs", endpoint: "sqs" },
  sts: { iam: "sts", endpoint: "sts" },
} as const;

/** Name of a service in declarations and in `service:Operation`. */
export type ServiceName = keyof typeof SERVICES;

/** What differs by service. */
export interface Service {
  /** Prefix of its IAM actions. */
  readonly iam: string;
  /** First labels of its endpoint's host name. */
  readonly endpoint: string;
}

/** Facts of one service. */
export function service(name: ServiceName): Service {
  return SERVICES[name];
}

/** All services, sorted. */
export function serviceNames(): readonly ServiceName[] {
  return Object.keys(SERVICES).sort() as ServiceName[];
}
