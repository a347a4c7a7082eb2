import { by, call, change, constant, defineResource, from } from "../resource.ts";
import { quota } from "../hooks/quota.ts";

/** Classic load balancers, known by their DNS name, and their quota. */
export const elb = defineResource({
  kind: "aws_elb",
  bases: ["aws_resource", "load_balancer"],
  pythonClass: "AWSELB",
  description: "A classic load balancer.",
  service: "elb",
  scope: "region",
  collector: "elbs",
  list: call("DescribeLoadBalancers", "LoadBalancerDescriptions[]"),
  id: "DNSName",
  name: "LoadBalancerName",
  ctime: "CreatedTime",
  tags: {
    ...call("DescribeTags", "TagDescriptions[]", { LoadBalancerNames: "$keys" }),
    size: 20,
    key: "LoadBalancerName",
    match: "LoadBalancerName",
    pick: "Tags",
  },
  properties: { lb_type: constant("elb"), backends: "Instances[].InstanceId" },
  edges: [
    from("aws_elb_quota", by("id", constant("elb_quota"))),
    // Classic load balancers spell it so.
    from("aws_vpc", by("id", "VPCId")),
    from("aws_ec2_instance", by("id", "Instances[].InstanceId")),
    from("aws_ec2_subnet", by("id", "Subnets[]")),
    from("aws_ec2_security_group", by("id", "SecurityGroups[]")),
    from(
      "aws_iam_server_certificate",
      by("arn", "ListenerDescriptions[].Listener.SSLCertificateId"),
    ),
  ],
  companions: [quota({
    kind: "aws_elb_quota",
    bases: ["aws_resource", "load_balancer_quota"],
    pythonClass: "AWSELBQuota",
    id: "elb_quota",
    of: ["elasticloadbalancing", "Classic Load Balancers per Region"],
  })],
  read: call("DescribeLoadBalancers", "LoadBalancerDescriptions[]", {
    LoadBalancerNames: ["$name"],
  }),
  cleanup: { loose: { backends: [], instances: [] } },
  missing: ["LoadBalancerNotFound", "AccessPointNotFound"],
  change: {
    setTag: [change("AddTags", {
      LoadBalancerNames: ["$name"],
      Tags: [{ Key: "$tag.key", Value: "$tag.value" }],
    })],
    removeTag: [change("RemoveTags", {
      LoadBalancerNames: ["$name"],
      Tags: [{ Key: "$tag.key" }],
    })],
    delete: [change("DeleteLoadBalancer", { LoadBalancerName: "$name" })],
  },
});
