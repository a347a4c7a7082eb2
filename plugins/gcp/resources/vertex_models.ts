import { children, defineResource, parents } from "../resource.ts";
import { inRegions, modelsAt, VERTEX, VERTEX_LABELS } from "./vertex.ts";

/** A model of Vertex AI. */
export const vertexModel = defineResource({
  ...VERTEX,
  ...inRegions("models"),
  kind: "gcp_vertex_ai_model",
  description: "A model of Vertex AI.",
  collector: "vertex_ai_models",
  schema: "GoogleCloudAiplatformV1Model",
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** How good a model of Vertex AI was found to be. The API has no delete. */
export const vertexModelEvaluation = defineResource({
  ...VERTEX,
  kind: "gcp_vertex_ai_model_evaluation",
  description: "How good a model of Vertex AI was found to be. The API has no delete.",
  collector: "vertex_ai_model_evaluations",
  schema: "GoogleCloudAiplatformV1ModelEvaluation",
  collections: ["projects.locations.models.evaluations"],
  under: { kind: "gcp_vertex_ai_model", parameters: { parent: "name" } },
  mtime: "createTime",
  edges: parents("gcp_vertex_ai_model", "$parent"),
  orphan: true,
});

/** Where models of Vertex AI are asked. */
export const vertexEndpoint = defineResource({
  ...VERTEX,
  ...inRegions("endpoints"),
  kind: "gcp_vertex_ai_endpoint",
  description: "Where models of Vertex AI are asked.",
  collector: "vertex_ai_endpoints",
  schema: "GoogleCloudAiplatformV1Endpoint",
  edges: [
    ...children("gcp_vertex_ai_model_deployment_monitoring_job", "modelDeploymentMonitoringJob"),
    ...parents("gcp_vertex_ai_model", modelsAt("deployedModels[].model")),
  ],
  orphan: true,
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** An index of vectors of Vertex AI. */
export const vertexIndex = defineResource({
  ...VERTEX,
  ...inRegions("indexes"),
  kind: "gcp_vertex_ai_index",
  description: "An index of vectors of Vertex AI.",
  collector: "vertex_ai_indexes",
  schema: "GoogleCloudAiplatformV1Index",
  volatile: ["index_stats"],
  edges: children("gcp_vertex_ai_index_endpoint", "deployedIndexes[].indexEndpoint"),
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** Where indexes of Vertex AI are asked. */
export const vertexIndexEndpoint = defineResource({
  ...VERTEX,
  ...inRegions("indexEndpoints"),
  kind: "gcp_vertex_ai_index_endpoint",
  description: "Where indexes of Vertex AI are asked.",
  collector: "vertex_ai_index_endpoints",
  schema: "GoogleCloudAiplatformV1IndexEndpoint",
  labelling: VERTEX_LABELS,
  deletable: true,
});
