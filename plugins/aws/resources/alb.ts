import { by, call, change, constant, defineResource, from } from "../resource.ts";
import { BACKENDS } from "../hooks/balancer_targets.ts";
import { elbv2Tagging, elbv2Tags } from "../hooks/elbv2_tagging.ts";
import { quota } from "../hooks/quota.ts";

/** Load balancers of the second generation, of any type, and their quota. */
export const alb = defineResource({
  kind: "aws_alb",
  bases: ["aws_resource", "load_balancer"],
  pythonClass: "AWSALB",
  description: "An application, network or gateway load balancer.",
  service: "elbv2",
  scope: "region",
  collector: "albs",
  list: call("DescribeLoadBalancers", "LoadBalancers[]"),
  id: "LoadBalancerName",
  name: "LoadBalancerName",
  arn: "LoadBalancerArn",
  ctime: "CreatedTime",
  tags: elbv2Tags("LoadBalancerArn"),
  attach: {
    Listeners: call("DescribeListeners", "Listeners[]", { LoadBalancerArn: "$.LoadBalancerArn" }),
    Backends: BACKENDS,
  },
  properties: { lb_type: constant("alb"), backends: "Backends" },
  edges: [
    from("aws_alb_quota", by("id", constant("alb_quota"))),
    from("aws_vpc", by("id", "VpcId")),
    from("aws_ec2_subnet", by("id", "AvailabilityZones[].SubnetId")),
    from("aws_ec2_security_group", by("id", "SecurityGroups[]")),
    from(
      "aws_iam_server_certificate",
      by("arn", "Listeners[].Certificates[].CertificateArn"),
    ),
  ],
  companions: [quota({
    kind: "aws_alb_quota",
    bases: ["aws_resource", "load_balancer_quota"],
    pythonClass: "AWSALBQuota",
    id: "alb_quota",
    of: ["elasticloadbalancing", "Application Load Balancers per Region"],
  })],
  read: call("DescribeLoadBalancers", "LoadBalancers[]", { LoadBalancerArns: ["$arn"] }),
  cleanup: { loose: { backends: [] } },
  missing: ["LoadBalancerNotFound"],
  change: {
    ...elbv2Tagging,
    delete: [change("DeleteLoadBalancer", { LoadBalancerArn: "$arn" })],
  },
});
