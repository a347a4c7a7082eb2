import { isCode } from "../engine/caller.ts";
import { list, text, texts } from "../engine/path.ts";
import { call, type Hook, type Raw, type Tools } from "../resource.ts";

/** Lists the target groups of a region. */
export const LIST_TARGET_GROUPS = call("DescribeTargetGroups", "TargetGroups[]");

const TARGET_HEALTH = call("DescribeTargetHealth", "TargetHealthDescriptions[]");

/** Ids of the instances that a target group sends to; none of groups with other targets. */
export const TARGET_INSTANCES: Hook = {
  operations: [TARGET_HEALTH],
  run: (groups, tools) => Promise.all(groups.map((group) => readable(instancesOf(group, tools)))),
};

/** Ids of the instances behind a load balancer, over all of its target groups. */
export const BACKENDS: Hook = {
  operations: [LIST_TARGET_GROUPS, TARGET_HEALTH],
  async run(balancers, tools) {
    const groups = await tools.once("target groups by load balancer", () => groupsOf(tools));
    return await Promise.all(balancers.map((balancer) => {
      const behind = groups.get(text(balancer, "LoadBalancerArn") ?? "") ?? [];
      return readable(
        Promise.all(behind.map((group) => instancesOf(group, tools)))
          .then((ids) => [...new Set(ids.flat())]),
      );
    }));
  },
};

async function groupsOf(tools: Tools): Promise<ReadonlyMap<string, readonly Raw[]>> {
  const groups = await tools.call(LIST_TARGET_GROUPS, {});
  const byBalancer = new Map<string, Raw[]>();
  for (const each of list({ groups }, "groups")) {
    const group = {
      TargetGroupArn: text(each, "TargetGroupArn"),
      TargetType: text(each, "TargetType"),
    };
    for (const arn of texts(list(each, "LoadBalancerArns"))) {
      byBalancer.set(arn, [...byBalancer.get(arn) ?? [], group]);
    }
  }
  return byBalancer;
}

/** Asked once, though a group is listed for itself and looked up for its load balancer. */
async function instancesOf(group: Raw, tools: Tools): Promise<readonly string[]> {
  const arn = text(group, "TargetGroupArn");
  if (arn === undefined || group["TargetType"] !== "instance") return [];
  return await tools.once(`targets of ${arn}`, async () => {
    try {
      const health = await tools.call(TARGET_HEALTH, { TargetGroupArn: arn });
      // An instance is a target once per port.
      return [...new Set(texts(list({ health }, "health[].Target.Id")))];
    } catch (error) {
      if (isCode(error, ["TargetGroupNotFound"])) return [];
      throw error;
    }
  });
}

/** What fails for one structure leaves the others alone. */
async function readable<T>(value: Promise<T>): Promise<T | Error> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
