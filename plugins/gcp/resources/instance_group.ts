import { groupMembers } from "../hooks/group_members.ts";
import { children, defineResource, parents } from "../resource.ts";

/** Instances that are used together. */
export const instanceGroup = defineResource({
  kind: "gcp_instance_group",
  bases: ["gcp_resource", "resource"],
  description: "Instances that are used together.",
  collector: "instance_groups",
  service: "compute",
  schema: "InstanceGroup",
  collections: ["instanceGroups", "regionInstanceGroups"],
  omit: ["fingerprint"],
  edges: [
    ...parents("gcp_network", "network"),
    ...parents("gcp_subnetwork", "subnetwork"),
    ...parents("gcp_instance", "$members[]"),
  ],
  attach: groupMembers,
  balances: true,
  deletable: true,
  // A group of a manager refuses to be deleted alone.
  cleanup: {
    along: [{ with: ["gcp_instance_group_manager"], when: {} }],
    loose: { size: [0] },
  },
});

/** Keeps a group at its size. */
export const instanceGroupManager = defineResource({
  kind: "gcp_instance_group_manager",
  bases: ["gcp_resource", "resource"],
  description: "Keeps a group of instances at its size. Its instances are deleted with it.",
  collector: "instance_group_managers",
  service: "compute",
  schema: "InstanceGroupManager",
  collections: ["instanceGroupManagers", "regionInstanceGroupManagers"],
  omit: ["fingerprint"],
  volatile: ["current_actions"],
  cleanup: {
    along: [{ with: ["gcp_container_cluster"], when: {} }],
    first: [{ kind: "gcp_autoscaler" }],
  },
  edges: [
    ...parents("gcp_instance_group", "instanceGroup"),
    ...parents("gcp_resource", "autoHealingPolicies[].healthCheck"),
  ],
  balances: true,
  deletable: true,
});

/** Changes the size of a managed group. */
export const autoscaler = defineResource({
  kind: "gcp_autoscaler",
  bases: ["gcp_resource", "autoscaling_group"],
  description: "Changes the size of a managed group of instances by its load.",
  collector: "autoscalers",
  service: "compute",
  schema: "Autoscaler",
  collections: ["autoscalers", "regionAutoscalers"],
  properties: {
    min_size: { path: "autoscalingPolicy.minNumReplicas", absent: -1 },
    max_size: { path: "autoscalingPolicy.maxNumReplicas", absent: -1 },
  },
  volatile: ["recommended_size"],
  edges: children("gcp_instance_group_manager", "target"),
  deletable: true,
});

/** What instances are made of. */
export const instanceTemplate = defineResource({
  kind: "gcp_instance_template",
  bases: ["gcp_resource", "resource"],
  description: "Settings of which instances are made.",
  collector: "instance_templates",
  service: "compute",
  schema: "InstanceTemplate",
  collections: ["instanceTemplates", "regionInstanceTemplates"],
  omit: ["properties"],
  edges: parents("gcp_machine_type", "properties.machineType"),
  deletable: true,
});
