import { defineResource, named } from "../resource.ts";

/** Which requests to the API share a level of priority. */
export const flowSchema = defineResource({
  kind: "kubernetes_flow_schema",
  bases: ["kubernetes_resource", "resource"],
  collector: "flow_schema",
  description: "Which requests to the API share a level of priority.",
  api: {
    group: "flowcontrol.apiserver.k8s.io",
    versions: ["v1", "v1beta3", "v1beta2"],
    plural: "flowschemas",
    kind: "FlowSchema",
    namespaced: false,
  },
  definition: "flowcontrol.v1.FlowSchema",
  properties: [
    "spec.matchingPrecedence",
    { path: "spec.priorityLevelConfiguration.name", as: "priority_level_name" },
    { path: "spec.distinguisherMethod.type", as: "distinguisher_method" },
  ],
  edges: [
    ...named(
      "from",
      "kubernetes_priority_level_configuration",
      "spec.priorityLevelConfiguration.name",
    ),
  ],
});
