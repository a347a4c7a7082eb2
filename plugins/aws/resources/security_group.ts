import { by, call, change, defineResource, from } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

const rules = call("DescribeSecurityGroupRules", "SecurityGroupRules[]", {
  Filters: [{ Name: "group-id", Values: ["$id"] }],
});
const rule = { GroupId: "$id", SecurityGroupRuleIds: ["$each.SecurityGroupRuleId"] };
const OTHER_GROUP = "$each.ReferencedGroupInfo.GroupId";

/** Security groups. */
export const securityGroup = defineResource({
  kind: "aws_ec2_security_group",
  bases: ["aws_resource", "security_group"],
  pythonClass: "AWSEC2SecurityGroup",
  description: "Rules for the traffic of what belongs to the group.",
  service: "ec2",
  scope: "region",
  collector: "security_groups",
  list: call("DescribeSecurityGroups", "SecurityGroups[]"),
  id: "GroupId",
  name: "GroupName",
  arn: "SecurityGroupArn",
  edges: [from("aws_vpc", by("id", "VpcId"))],
  read: call("DescribeSecurityGroups", "SecurityGroups[]", { GroupIds: ["$id"] }),
  cleanup: {
    along: [{ with: ["aws_vpc"], when: { name: ["default"] }, only: true }],
    loose: { ip_permissions: [], ip_permissions_egress: [] },
  },
  missing: ["InvalidGroup.NotFound", "InvalidGroupId.NotFound"],
  change: {
    ...ec2Tagging,
    // Groups whose rules name each other could not be deleted otherwise.
    prepare: [
      change("RevokeSecurityGroupIngress", rule, {
        each: rules,
        when: [OTHER_GROUP],
        unless: ["$each.IsEgress"],
      }),
      change("RevokeSecurityGroupEgress", rule, {
        each: rules,
        when: [OTHER_GROUP, "$each.IsEgress"],
      }),
    ],
    delete: [change("DeleteSecurityGroup", { GroupId: "$id" })],
  },
});
