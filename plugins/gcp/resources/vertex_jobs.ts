import { defineResource, parents } from "../resource.ts";
import { inRegions, modelsAt, VERTEX, VERTEX_LABELS } from "./vertex.ts";

/** A job of Vertex AI that asks a model about many things. */
export const vertexBatchPredictionJob = defineResource({
  ...VERTEX,
  ...inRegions("batchPredictionJobs"),
  kind: "gcp_vertex_ai_batch_prediction_job",
  description: "A job of Vertex AI that asks a model about many things.",
  collector: "vertex_ai_batch_prediction_jobs",
  schema: "GoogleCloudAiplatformV1BatchPredictionJob",
  edges: parents("gcp_vertex_ai_model", modelsAt("model")),
  orphan: true,
  deletable: true,
});

/** A job of Vertex AI that runs a program. */
export const vertexCustomJob = defineResource({
  ...VERTEX,
  ...inRegions("customJobs"),
  kind: "gcp_vertex_ai_custom_job",
  description: "A job of Vertex AI that runs a program.",
  collector: "vertex_ai_custom_jobs",
  schema: "GoogleCloudAiplatformV1CustomJob",
  edges: parents("gcp_vertex_ai_model", modelsAt("jobSpec.models[]")),
  orphan: true,
  deletable: true,
});

/** A job of Vertex AI that looks for the best parameters. */
export const vertexHyperparameterTuningJob = defineResource({
  ...VERTEX,
  ...inRegions("hyperparameterTuningJobs"),
  kind: "gcp_vertex_ai_hyperparameter_tuning_job",
  description: "A job of Vertex AI that looks for the best parameters.",
  collector: "vertex_ai_hyperparameter_tuning_jobs",
  schema: "GoogleCloudAiplatformV1HyperparameterTuningJob",
  edges: parents("gcp_vertex_ai_model", modelsAt("trialJobSpec.models[]")),
  orphan: true,
  deletable: true,
});

/** A job of Vertex AI that watches the models of an endpoint. */
export const vertexModelDeploymentMonitoringJob = defineResource({
  ...VERTEX,
  ...inRegions("modelDeploymentMonitoringJobs"),
  kind: "gcp_vertex_ai_model_deployment_monitoring_job",
  description: "A job of Vertex AI that watches the models of an endpoint.",
  collector: "vertex_ai_model_deployment_monitoring_jobs",
  schema: "GoogleCloudAiplatformV1ModelDeploymentMonitoringJob",
  volatile: ["latest_monitoring_pipeline_metadata", "next_schedule_time"],
  labelling: VERTEX_LABELS,
  deletable: true,
});

/** A run of a pipeline of Vertex AI. */
export const vertexPipelineJob = defineResource({
  ...VERTEX,
  ...inRegions("pipelineJobs"),
  kind: "gcp_vertex_ai_pipeline_job",
  description: "A run of a pipeline of Vertex AI.",
  collector: "vertex_ai_pipeline_jobs",
  schema: "GoogleCloudAiplatformV1PipelineJob",
  // A whole program.
  omit: ["pipelineSpec"],
  deletable: true,
});

/** When a pipeline of Vertex AI is run. */
export const vertexSchedule = defineResource({
  ...VERTEX,
  ...inRegions("schedules"),
  kind: "gcp_vertex_ai_schedule",
  description: "When a pipeline of Vertex AI is run.",
  collector: "vertex_ai_schedules",
  schema: "GoogleCloudAiplatformV1Schedule",
  volatile: ["last_scheduled_run_response", "next_run_time", "started_run_count"],
  deletable: true,
});

/** A pipeline of Vertex AI that trains a model. */
export const vertexTrainingPipeline = defineResource({
  ...VERTEX,
  ...inRegions("trainingPipelines"),
  kind: "gcp_vertex_ai_training_pipeline",
  description: "A pipeline of Vertex AI that trains a model.",
  collector: "vertex_ai_training_pipelines",
  schema: "GoogleCloudAiplatformV1TrainingPipeline",
  edges: parents("gcp_vertex_ai_model", modelsAt("modelToUpload.name"), modelsAt("parentModel")),
  orphan: true,
  deletable: true,
});

/** A job of Vertex AI that tunes a published model. The API has no delete. */
export const vertexTuningJob = defineResource({
  ...VERTEX,
  ...inRegions("tuningJobs"),
  kind: "gcp_vertex_ai_tuning_job",
  description: "A job of Vertex AI that tunes a published model. The API has no delete.",
  collector: "vertex_ai_tuning_jobs",
  schema: "GoogleCloudAiplatformV1TuningJob",
  edges: parents("gcp_vertex_ai_endpoint", "tunedModel.endpoint"),
  orphan: true,
});
