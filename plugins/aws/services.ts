/** Facts of the services that the plugin talks to; the clients are loaded by client/clients.ts. */
const SERVICES = {
  "auto-scaling": { iam: "autoscaling", endpoint: "autoscaling", id: "AUTO_SCALING" },
  cloudformation: { iam: "cloudformation", endpoint: "cloudformation", id: "CLOUDFORMATION" },
  cloudwatch: { iam: "cloudwatch", endpoint: "monitoring", id: "CLOUDWATCH" },
  ec2: { iam: "ec2", endpoint: "ec2", id: "EC2" },
  eks: { iam: "eks", endpoint: "eks", id: "EKS" },
  elb: {
    iam: "elasticloadbalancing",
    endpoint: "elasticloadbalancing",
    id: "ELASTIC_LOAD_BALANCING",
  },
  elbv2: {
    iam: "elasticloadbalancing",
    endpoint: "elasticloadbalancing",
    id: "ELASTIC_LOAD_BALANCING_V2",
  },
  iam: { iam: "iam", endpoint: "iam", id: "IAM" },
  organizations: { iam: "organizations", endpoint: "organizations", id: "ORGANIZATIONS" },
  pricing: { iam: "pricing", endpoint: "api.pricing", id: "PRICING" },
  rds: { iam: "rds", endpoint: "rds", id: "RDS" },
  s3: { iam: "s3", endpoint: "s3", id: "S3" },
  "service-quotas": { iam: "servicequotas", endpoint: "servicequotas", id: "SERVICE_QUOTAS" },
  sts: { iam: "sts", endpoint: "sts", id: "STS" },
} as const;

/** Name of a service in declarations and in `service:Operation`. */
export type ServiceName = keyof typeof SERVICES;

/** What differs by service. */
export interface Service {
  /** Prefix of its IAM actions. */
  readonly iam: string;
  /** First labels of its endpoint's host name. */
  readonly endpoint: string;
  /** End of the variable that sets its endpoint, `AWS_ENDPOINT_URL_EC2`. */
  readonly id: string;
}

/** Facts of one service. */
export function service(name: ServiceName): Service {
  return SERVICES[name];
}

/** Whether a text is the name of a service. */
export function isServiceName(text: string): text is ServiceName {
  return Object.hasOwn(SERVICES, text);
}
