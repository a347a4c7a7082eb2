import { defineResource, parents } from "../resource.ts";

/** A type of graphics and other accelerators; those that some instance has. */
export const acceleratorType = defineResource({
  kind: "gcp_accelerator_type",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  description: "A type of accelerators, of which the project has any.",
  collector: "accelerator_types",
  service: "compute",
  schema: "AcceleratorType",
  collections: ["acceleratorTypes"],
  source: "used",
});

/** Use that was promised for a lower price. */
export const commitment = defineResource({
  kind: "gcp_commitment",
  bases: ["gcp_resource", "resource"],
  description: "Use of a region that was promised for a lower price. It cannot be deleted.",
  collector: "commitments",
  service: "compute",
  schema: "Commitment",
  collections: ["regionCommitments"],
});

/** Physical machines that nobody else has instances on. */
export const nodeGroup = defineResource({
  kind: "gcp_node_group",
  bases: ["gcp_resource", "resource"],
  description: "Physical machines on which nobody else has instances.",
  collector: "node_groups",
  service: "compute",
  schema: "NodeGroup",
  collections: ["nodeGroups"],
  omit: ["fingerprint"],
  edges: parents("gcp_node_template", "nodeTemplate"),
  deletable: true,
  cleanup: { first: [{ kind: "gcp_instance" }], loose: { size: [0] } },
});

/** What nodes of a group are made of. */
export const nodeTemplate = defineResource({
  kind: "gcp_node_template",
  bases: ["gcp_resource", "resource"],
  description: "Settings of which node groups are made.",
  collector: "node_templates",
  service: "compute",
  schema: "NodeTemplate",
  collections: ["nodeTemplates"],
  edges: parents("gcp_disk_type", "disks[].diskType"),
  deletable: true,
  cleanup: { first: [{ kind: "gcp_node_group" }] },
});

/** A type of physical machines. Templates name them without a zone, so that none can be asked for. */
export const nodeType = defineResource({
  kind: "gcp_node_type",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  description: "A type of physical machines. Collected only if it is named.",
  collector: "node_types",
  onRequest: true,
  service: "compute",
  schema: "NodeType",
  collections: ["nodeTypes"],
});

/** When snapshots are made, instances run, and how they are placed. */
export const resourcePolicy = defineResource({
  kind: "gcp_resource_policy",
  bases: ["gcp_resource", "resource"],
  description: "When snapshots are made or instances run, or how instances are placed.",
  collector: "resource_policies",
  service: "compute",
  schema: "ResourcePolicy",
  collections: ["resourcePolicies"],
  volatile: ["resource_status"],
  deletable: true,
  cleanup: { first: [{ kind: "gcp_instance" }, { kind: "gcp_disk" }] },
});
