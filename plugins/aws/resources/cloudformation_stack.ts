import { call, change, defineResource, type Raw } from "../resource.ts";
import { list, text } from "../engine/path.ts";

/** States in which a stack can be changed. Source: enumeration `StackStatus` of CloudFormation. */
const AT_REST = [
  "CREATE_COMPLETE",
  "CREATE_FAILED",
  "DELETE_COMPLETE",
  "DELETE_FAILED",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
  "IMPORT_ROLLBACK_FAILED",
  "ROLLBACK_COMPLETE",
  "ROLLBACK_FAILED",
  "UPDATE_COMPLETE",
  "UPDATE_FAILED",
  "UPDATE_ROLLBACK_COMPLETE",
  "UPDATE_ROLLBACK_FAILED",
];
/** Most parameters that a stack has. */
const PARAMETERS = 200;

/** A stack has no tags of its own to set: it is updated with all of them and nothing else new. */
const update = change("UpdateStack", {
  StackName: "$id",
  UsePreviousTemplate: true,
  Parameters: [{ ParameterKey: "$each.ParameterKey", UsePreviousValue: true }],
  Tags: "$tags",
  Capabilities: ["CAPABILITY_NAMED_IAM"],
}, {
  ready: {
    operation: call("DescribeStacks", "Stacks[].StackStatus", { StackName: "$id" }),
    until: AT_REST,
    every: 5,
    limit: 300,
  },
  tags: call("DescribeStacks", "Stacks[].Tags[]", { StackName: "$id" }),
  each: call("DescribeStacks", "Stacks[].Parameters[]", { StackName: "$id" }),
  together: PARAMETERS,
  // CloudFormation refuses an update that changes nothing.
  unless: ["$tag.unchanged"],
});

/** CloudFormation stacks; values of parameters count as secrets. */
export const cloudformationStack = defineResource({
  kind: "aws_cloudformation_stack",
  bases: ["aws_resource", "stack"],
  pythonClass: "AWSCloudFormationStack",
  description: "Resources that were made together from a template.",
  service: "cloudformation",
  scope: "region",
  collector: "cloudformation_stacks",
  list: call("DescribeStacks", "Stacks[]"),
  id: "StackId",
  name: "StackName",
  arn: "StackId",
  ctime: "CreationTime",
  mtime: "LastUpdatedTime",
  properties: {
    stack_status: "StackStatus",
    stack_status_reason: "StackStatusReason",
    stack_parameters: { value: parameters, secret: true },
  },
  omit: ["Parameters"],
  read: call("DescribeStacks", "Stacks[]", { StackName: "$id" }),
  cleanup: {
    ended: [{ stack_status: ["DELETE_COMPLETE"] }],
    never: [{ enable_termination_protection: [true] }],
  },
  change: {
    setTag: [update],
    removeTag: [update],
    delete: [change("DeleteStack", { StackName: "$name" })],
  },
});

function parameters(raw: Raw): Record<string, string> {
  return Object.fromEntries(
    list(raw, "Parameters").flatMap((parameter) => {
      const key = text(parameter, "ParameterKey");
      return key === undefined ? [] : [[key, text(parameter, "ParameterValue") ?? ""]];
    }),
  );
}
