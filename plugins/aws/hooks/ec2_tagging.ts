import { change } from "../resource.ts";

/** How EC2 sets and removes a tag of any of its resources. */
export const ec2Tagging = {
  setTag: [change("CreateTags", {
    Resources: ["$id"],
    Tags: [{ Key: "$tag.key", Value: "$tag.value" }],
  })],
  // Without a value the tag goes, whatever its value is.
  removeTag: [change("DeleteTags", { Resources: ["$id"], Tags: [{ Key: "$tag.key" }] })],
};
