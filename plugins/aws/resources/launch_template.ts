import { call, change, defineResource } from "../resource.ts";
import { ec2Tagging } from "../hooks/ec2_tagging.ts";

/** Launch templates, of which instances are made. */
export const launchTemplate = defineResource({
  kind: "aws_ec2_launch_template",
  bases: ["aws_resource", "resource"],
  description: "Settings of which instances are launched, in versions.",
  service: "ec2",
  scope: "region",
  collector: "launch_templates",
  list: call("DescribeLaunchTemplates", "LaunchTemplates[]"),
  id: "LaunchTemplateId",
  name: "LaunchTemplateName",
  ctime: "CreateTime",
  read: call("DescribeLaunchTemplates", "LaunchTemplates[]", { LaunchTemplateIds: ["$id"] }),
  missing: ["InvalidLaunchTemplateId.NotFound"],
  change: {
    ...ec2Tagging,
    delete: [change("DeleteLaunchTemplate", { LaunchTemplateId: "$id" })],
  },
});
