import {
  by,
  call,
  change,
  type Child,
  defineResource,
  from,
  type Hook,
  type Raw,
  type Tools,
} from "../resource.ts";
import { list, member, text } from "../engine/path.ts";
import { inlinePolicies } from "../hooks/policy_documents.ts";

const LIST_USERS = call("ListUsers", "Users[]");

/** When a user logged in with a password: only the plain list of users says so. */
const PASSWORD_USE: Hook = {
  operations: [LIST_USERS],
  async run(users, tools) {
    const used = await tools.once("password use", () => passwordUse(tools));
    return users.map((user) => used.get(text(user, "UserId") ?? ""));
  },
};

/** Access keys of a user. What was never used has no last region and service. */
const accessKey: Child = {
  kind: "aws_iam_access_key",
  bases: ["aws_resource", "access_key"],
  pythonClass: "AWSIAMAccessKey",
  description: "A key with which programs act as a user.",
  list: call("ListAccessKeys", "AccessKeyMetadata[]", { UserName: "$parent.UserName" }),
  id: "AccessKeyId",
  name: "AccessKeyId",
  ctime: "CreateDate",
  atime: "LastUsed.LastUsedDate",
  attach: {
    LastUsed: call("GetAccessKeyLastUsed", "AccessKeyLastUsed", { AccessKeyId: "$.AccessKeyId" }),
  },
  volatile: ["atime", "access_key_last_used_region", "access_key_last_used_service_name"],
  properties: {
    user_name: "UserName",
    access_key_status: "Status",
    access_key_last_used_region: { value: lastUsed("Region"), type: "string" },
    access_key_last_used_service_name: { value: lastUsed("ServiceName"), type: "string" },
  },
  missing: ["NoSuchEntity"],
  read: call("ListAccessKeys", "AccessKeyMetadata[]", { UserName: "$.user_name" }),
  change: {
    delete: [change("DeleteAccessKey", { UserName: "$.user_name", AccessKeyId: "$id" })],
  },
};

/** Users with groups, policies and tags, all in pages of one operation, and their access keys. */
export const iamUser = defineResource({
  kind: "aws_iam_user",
  bases: ["aws_resource", "user"],
  pythonClass: "AWSIAMUser",
  description: "A person or program known to the account.",
  service: "iam",
  scope: "global",
  collector: "iam_users",
  list: call("GetAccountAuthorizationDetails", "UserDetailList[]", { Filter: ["User"] }),
  id: "UserId",
  name: "UserName",
  arn: "Arn",
  ctime: "CreateDate",
  atime: "PasswordUse",
  attach: { PasswordUse: PASSWORD_USE },
  volatile: ["atime"],
  properties: {
    user_policies: { value: "UserPolicyList[].PolicyName", type: "any[]", default: [] },
    inline_policies: {
      value: inlinePolicies("UserPolicyList"),
      type: "dictionary[string, string]",
    },
  },
  omit: ["UserPolicyList"],
  edges: [
    from("aws_iam_policy", by("arn", "AttachedManagedPolicies[].PolicyArn")),
    from("aws_iam_group", by("name", "GroupList[]")),
  ],
  children: [accessKey],
  missing: ["NoSuchEntity"],
  cleanup: {
    loose: { attached_managed_policies: [], user_policies: [], inline_policies: [] },
  },
  change: {
    prepare: [
      change("DetachUserPolicy", { UserName: "$name", PolicyArn: "$each.PolicyArn" }, {
        each: call("ListAttachedUserPolicies", "AttachedPolicies[]", { UserName: "$name" }),
      }),
      change("DeleteUserPolicy", { UserName: "$name", PolicyName: "$each" }, {
        each: call("ListUserPolicies", "PolicyNames[]", { UserName: "$name" }),
      }),
    ],
    delete: [change("DeleteUser", { UserName: "$name" })],
  },
});

async function passwordUse(tools: Tools): Promise<ReadonlyMap<string, Date>> {
  const users = await tools.call(LIST_USERS, {});
  return new Map(
    list({ users }, "users").flatMap((user) => {
      const id = text(user, "UserId");
      const used = member(user, "PasswordLastUsed");
      return id !== undefined && used instanceof Date ? [[id, used] as const] : [];
    }),
  );
}

/** IAM says `N/A` of keys that were never used. */
function lastUsed(name: string): (raw: Raw) => unknown {
  return ({ LastUsed: found }) =>
    member(found, "LastUsedDate") === undefined ? undefined : member(found, name);
}
