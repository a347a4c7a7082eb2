import { call, change, defineResource } from "../resource.ts";

/** Instance profiles; their roles point at them. */
export const iamInstanceProfile = defineResource({
  kind: "aws_iam_instance_profile",
  bases: ["aws_resource", "instance_profile"],
  pythonClass: "AWSIAMInstanceProfile",
  description: "Hands a role to instances.",
  service: "iam",
  scope: "global",
  collector: "iam_instance_profiles",
  list: call("ListInstanceProfiles", "InstanceProfiles[]"),
  id: "InstanceProfileId",
  name: "InstanceProfileName",
  arn: "Arn",
  ctime: "CreateDate",
  omit: ["Roles"],
  missing: ["NoSuchEntity"],
  change: {
    prepare: [
      change("RemoveRoleFromInstanceProfile", {
        InstanceProfileName: "$name",
        RoleName: "$each.RoleName",
      }, {
        each: call("GetInstanceProfile", "InstanceProfile.Roles[]", {
          InstanceProfileName: "$name",
        }),
      }),
    ],
    delete: [change("DeleteInstanceProfile", { InstanceProfileName: "$name" })],
  },
});
