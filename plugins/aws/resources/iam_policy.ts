import { call, change, defineResource } from "../resource.ts";
import { text } from "../engine/path.ts";

/** Policies of the account, and those of AWS that are attached to something in it. */
export const iamPolicy = defineResource({
  kind: "aws_iam_policy",
  bases: ["aws_resource", "policy"],
  pythonClass: "AWSIAMPolicy",
  description: "What whoever it is attached to may do; those of AWS are phantom.",
  service: "iam",
  scope: "global",
  collector: "iam_policies",
  list: [
    call("ListPolicies", "Policies[]", { Scope: "Local", OnlyAttached: false }),
    call("ListPolicies", "Policies[]", { Scope: "AWS", OnlyAttached: true }),
  ],
  id: "PolicyId",
  name: "PolicyName",
  arn: "Arn",
  ctime: "CreateDate",
  mtime: "UpdateDate",
  phantom: (raw, { partition }) =>
    text(raw, "Arn")?.startsWith(`arn:${partition}:iam::aws:`) === true,
  cleanup: {
    // A policy is deleted when nothing has it any more; roles are declared above theirs.
    first: [{ kind: "aws_iam_role" }],
    loose: { attachment_count: [0], permissions_boundary_usage_count: [0] },
  },
  missing: ["NoSuchEntity"],
  change: { delete: [change("DeletePolicy", { PolicyArn: "$arn" })] },
});
