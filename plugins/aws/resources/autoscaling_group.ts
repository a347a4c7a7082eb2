import { by, call, change, defineResource, from } from "../resource.ts";

const tag = {
  ResourceId: "$name",
  ResourceType: "auto-scaling-group",
  Key: "$tag.key",
};

/** Auto Scaling groups. */
export const autoscalingGroup = defineResource({
  kind: "aws_autoscaling_group",
  bases: ["aws_resource", "autoscaling_group"],
  pythonClass: "AWSAutoScalingGroup",
  description: "Keeps a number of instances running.",
  service: "auto-scaling",
  scope: "region",
  collector: "autoscaling_groups",
  list: call("DescribeAutoScalingGroups", "AutoScalingGroups[]"),
  id: "AutoScalingGroupName",
  name: "AutoScalingGroupName",
  arn: "AutoScalingGroupARN",
  ctime: "CreatedTime",
  edges: [from("aws_ec2_instance", by("id", "Instances[].InstanceId"))],
  read: call("DescribeAutoScalingGroups", "AutoScalingGroups[]", {
    AutoScalingGroupNames: ["$name"],
  }),
  cleanup: { along: [{ with: ["aws_eks_nodegroup"], when: {} }], loose: { instances: [] } },
  change: {
    setTag: [change("CreateOrUpdateTags", {
      Tags: [{ ...tag, Value: "$tag.value", PropagateAtLaunch: true }],
    })],
    removeTag: [change("DeleteTags", { Tags: [tag] })],
    delete: [change("DeleteAutoScalingGroup", {
      AutoScalingGroupName: "$name",
      ForceDelete: true,
    })],
  },
});
