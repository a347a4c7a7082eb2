import { by, call, change, defineResource, type Raw, to } from "../resource.ts";
import { list, member } from "../engine/path.ts";

/** Alarms on metrics, not those composed of other alarms; one on an instance is its parent. */
export const cloudwatchAlarm = defineResource({
  kind: "aws_cloudwatch_alarm",
  bases: ["aws_resource", "resource"],
  pythonClass: "AWSCloudwatchAlarm",
  description: "Watches a metric.",
  service: "cloudwatch",
  scope: "region",
  collector: "cloudwatch_alarms",
  list: call("DescribeAlarms", "MetricAlarms[]", { AlarmTypes: ["MetricAlarm"], MaxRecords: 100 }),
  id: "AlarmName",
  name: "AlarmName",
  arn: "AlarmArn",
  ctime: "AlarmConfigurationUpdatedTimestamp",
  mtime: "AlarmConfigurationUpdatedTimestamp",
  tags: call("ListTagsForResource", "Tags[]", { ResourceARN: "$.AlarmArn" }),
  volatile: [
    "alarm_state_reason",
    "state_reason_data",
    "state_transitioned_timestamp",
    "state_updated_timestamp",
  ],
  properties: {
    actions_enabled: { value: "ActionsEnabled", default: false },
    alarm_description: "AlarmDescription",
    alarm_actions: { value: "AlarmActions", type: "any[]", default: [] },
    comparison_operator: "ComparisonOperator",
    dimensions: { value: "Dimensions", type: "any[]", default: [] },
    evaluation_periods: { value: "EvaluationPeriods", default: 0 },
    insufficient_data_actions: { value: "InsufficientDataActions", type: "any[]", default: [] },
    metric_name: "MetricName",
    namespace: "Namespace",
    ok_actions: { value: "OKActions", type: "any[]", default: [] },
    period: { value: "Period", default: 0 },
    state_value: "StateValue",
    statistic: "Statistic",
    threshold: { value: "Threshold", type: "double", default: 0 },
  },
  edges: [to("aws_ec2_instance", by("id", instances))],
  read: call("DescribeAlarms", "MetricAlarms[]", { AlarmNames: ["$name"] }),
  missing: ["ResourceNotFound"],
  change: {
    setTag: [change("TagResource", {
      ResourceARN: "$arn",
      Tags: [{ Key: "$tag.key", Value: "$tag.value" }],
    })],
    removeTag: [change("UntagResource", { ResourceARN: "$arn", TagKeys: ["$tag.key"] })],
    delete: [change("DeleteAlarms", { AlarmNames: ["$name"] })],
  },
});

function instances(raw: Raw): readonly unknown[] {
  return list(raw, "Dimensions").filter((each) => member(each, "Name") === "InstanceId")
    .map((each) => member(each, "Value"));
}
