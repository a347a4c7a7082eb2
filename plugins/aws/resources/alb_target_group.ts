import { by, call, change, defineResource, from, to } from "../resource.ts";
import { LIST_TARGET_GROUPS, TARGET_INSTANCES } from "../hooks/balancer_targets.ts";
import { elbv2Tagging, elbv2Tags } from "../hooks/elbv2_tagging.ts";

/** Target groups, between their instances and their load balancers. */
export const albTargetGroup = defineResource({
  kind: "aws_alb_target_group",
  bases: ["aws_resource", "resource"],
  pythonClass: "AWSALBTargetGroup",
  description: "Where a load balancer sends to.",
  service: "elbv2",
  scope: "region",
  collector: "alb_target_groups",
  list: LIST_TARGET_GROUPS,
  id: "TargetGroupName",
  name: "TargetGroupName",
  arn: "TargetGroupArn",
  tags: elbv2Tags("TargetGroupArn"),
  attach: { Targets: TARGET_INSTANCES },
  properties: { target_type: { value: "TargetType", default: "" } },
  edges: [
    from("aws_vpc", by("id", "VpcId")),
    from("aws_ec2_instance", by("id", "Targets[]")),
    to("aws_alb", by("arn", "LoadBalancerArns[]")),
  ],
  read: call("DescribeTargetGroups", "TargetGroups[]", { TargetGroupArns: ["$arn"] }),
  cleanup: { loose: { load_balancer_arns: [] } },
  missing: ["TargetGroupNotFound"],
  change: {
    ...elbv2Tagging,
    delete: [change("DeleteTargetGroup", { TargetGroupArn: "$arn" })],
  },
});
