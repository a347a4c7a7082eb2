import { by, call, change, defineResource, to } from "../resource.ts";
import { inlinePolicies, policyDocument } from "../hooks/policy_documents.ts";

/**
 * Roles with policies, instance profiles, tags and last use, all in pages of one operation: the list
 * of roles has no tags and no last use.
 */
export const iamRole = defineResource({
  kind: "aws_iam_role",
  bases: ["aws_resource", "role"],
  pythonClass: "AWSIAMRole",
  description: "Rights that someone takes on for a while.",
  service: "iam",
  scope: "global",
  collector: "iam_roles",
  list: call("GetAccountAuthorizationDetails", "RoleDetailList[]", { Filter: ["Role"] }),
  id: "RoleId",
  name: "RoleName",
  arn: "Arn",
  ctime: "CreateDate",
  atime: "RoleLastUsed.LastUsedDate",
  volatile: ["atime", "role_last_used"],
  properties: {
    role_policies: { value: "RolePolicyList[].PolicyName", type: "any[]", default: [] },
    inline_policies: {
      value: inlinePolicies("RolePolicyList"),
      type: "dictionary[string, string]",
    },
    assume_role_policy_document: {
      value: policyDocument("AssumeRolePolicyDocument"),
      type: "string",
    },
  },
  omit: ["InstanceProfileList", "RolePolicyList"],
  edges: [
    to("aws_iam_instance_profile", by("id", "InstanceProfileList[].InstanceProfileId")),
    to("aws_iam_policy", by("arn", "AttachedManagedPolicies[].PolicyArn")),
  ],
  missing: ["NoSuchEntity"],
  cleanup: {
    loose: { attached_managed_policies: [], role_policies: [], inline_policies: [] },
  },
  change: {
    prepare: [
      change("DetachRolePolicy", { RoleName: "$name", PolicyArn: "$each.PolicyArn" }, {
        each: call("ListAttachedRolePolicies", "AttachedPolicies[]", { RoleName: "$name" }),
      }),
      change("DeleteRolePolicy", { RoleName: "$name", PolicyName: "$each" }, {
        each: call("ListRolePolicies", "PolicyNames[]", { RoleName: "$name" }),
      }),
    ],
    delete: [change("DeleteRole", { RoleName: "$name" })],
  },
});
