import { by, call, change, defineResource, from } from "../resource.ts";
import { inlinePolicies } from "../hooks/policy_documents.ts";

/** Groups with their policies, all in pages of one operation. */
export const iamGroup = defineResource({
  kind: "aws_iam_group",
  bases: ["aws_resource", "group"],
  pythonClass: "AWSIAMGroup",
  description: "Users that share policies.",
  service: "iam",
  scope: "global",
  collector: "iam_groups",
  list: call("GetAccountAuthorizationDetails", "GroupDetailList[]", { Filter: ["Group"] }),
  id: "GroupId",
  name: "GroupName",
  arn: "Arn",
  ctime: "CreateDate",
  properties: {
    group_policies: { value: "GroupPolicyList[].PolicyName", type: "any[]", default: [] },
    inline_policies: {
      value: inlinePolicies("GroupPolicyList"),
      type: "dictionary[string, string]",
    },
  },
  omit: ["GroupPolicyList"],
  edges: [from("aws_iam_policy", by("arn", "AttachedManagedPolicies[].PolicyArn"))],
  missing: ["NoSuchEntity"],
  cleanup: {
    loose: { attached_managed_policies: [], group_policies: [], inline_policies: [] },
  },
  change: {
    prepare: [
      change("DetachGroupPolicy", { GroupName: "$name", PolicyArn: "$each.PolicyArn" }, {
        each: call("ListAttachedGroupPolicies", "AttachedPolicies[]", { GroupName: "$name" }),
      }),
      change("DeleteGroupPolicy", { GroupName: "$name", PolicyName: "$each" }, {
        each: call("ListGroupPolicies", "PolicyNames[]", { GroupName: "$name" }),
      }),
    ],
    delete: [change("DeleteGroup", { GroupName: "$name" })],
  },
});
