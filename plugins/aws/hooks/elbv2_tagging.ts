import { type Batch, call, change } from "../resource.ts";

/** Tags of load balancers or target groups, 20 of them in a call. */
export function elbv2Tags(key: string): Batch {
  return {
    ...call("DescribeTags", "TagDescriptions[]", { ResourceArns: "$keys" }),
    size: 20,
    key,
    match: "ResourceArn",
    pick: "Tags",
  };
}

/** How their tags are set and removed. */
export const elbv2Tagging = {
  setTag: [change("AddTags", {
    ResourceArns: ["$arn"],
    Tags: [{ Key: "$tag.key", Value: "$tag.value" }],
  })],
  removeTag: [change("RemoveTags", { ResourceArns: ["$arn"], TagKeys: ["$tag.key"] })],
};
