import { defineResource, parents } from "../resource.ts";
import { inRegions, modelsAt, VERTEX, VERTEX_LABELS } from "./vertex.ts";

/** A data set of Vertex AI. */
export const vertexDataset = defineResource({
  ...VERTEX,
  ...inRegions("datasets"),
  kind: "gcp_vertex_ai_dataset",
  description: "A data set of Vertex AI.",
  collector: "vertex_ai_datasets",
  schema: "GoogleCloudAiplatformV1Dataset",
  edges: parents("gcp_vertex_ai_model", modelsAt("modelReference")),
  orphan: true,
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** A version of a data set of Vertex AI. */
export const vertexDatasetVersion = defineResource({
  ...VERTEX,
  kind: "gcp_vertex_ai_dataset_version",
  description: "A version of a data set of Vertex AI.",
  collector: "vertex_ai_dataset_versions",
  schema: "GoogleCloudAiplatformV1DatasetVersion",
  collections: ["projects.locations.datasets.datasetVersions"],
  under: { kind: "gcp_vertex_ai_dataset", parameters: { parent: "name" } },
  cleanup: { along: [{ with: ["gcp_vertex_ai_dataset"], when: {} }] },
  edges: [
    ...parents("gcp_vertex_ai_dataset", "$parent"),
    ...parents("gcp_vertex_ai_model", modelsAt("modelReference")),
  ],
  orphan: true,
  deletable: true,
});

/** A group of features of Vertex AI. */
export const vertexFeatureGroup = defineResource({
  ...VERTEX,
  ...inRegions("featureGroups"),
  kind: "gcp_vertex_ai_feature_group",
  description: "A group of features of Vertex AI.",
  collector: "vertex_ai_feature_groups",
  schema: "GoogleCloudAiplatformV1FeatureGroup",
  cleanup: { first: [{ kind: "gcp_vertex_ai_feature" }] },
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** A feature of a group of Vertex AI. */
export const vertexFeature = defineResource({
  ...VERTEX,
  kind: "gcp_vertex_ai_feature",
  description: "A feature of a group of Vertex AI.",
  collector: "vertex_ai_features",
  schema: "GoogleCloudAiplatformV1Feature",
  collections: ["projects.locations.featureGroups.features"],
  under: { kind: "gcp_vertex_ai_feature_group", parameters: { parent: "name" } },
  edges: parents("gcp_vertex_ai_feature_group", "$parent"),
  orphan: true,
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** A feature store of Vertex AI of the older form. */
export const vertexFeaturestore = defineResource({
  ...VERTEX,
  ...inRegions("featurestores"),
  kind: "gcp_vertex_ai_featurestore",
  description: "A feature store of Vertex AI of the older form.",
  collector: "vertex_ai_featurestores",
  schema: "GoogleCloudAiplatformV1Featurestore",
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** A TensorBoard of Vertex AI. */
export const vertexTensorboard = defineResource({
  ...VERTEX,
  ...inRegions("tensorboards"),
  kind: "gcp_vertex_ai_tensorboard",
  description: "A TensorBoard of Vertex AI.",
  collector: "vertex_ai_tensorboards",
  schema: "GoogleCloudAiplatformV1Tensorboard",
  volatile: ["run_count"],
  labelling: VERTEX_LABELS,
  deletable: true,
});
