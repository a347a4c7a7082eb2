import type { GoogleState, Json } from "./google_state.ts";

const CREATED = "2024-03-04T05:06:07.890Z";
const UPDATED = "2024-04-04T05:06:07.890Z";
const LABELS = { owner: "ann" };

/** Puts something of each service into a project whose kinds are known by their names. */
export function putServices(state: GoogleState, project: string): void {
  const services = new NamedServices(state, project);
  services.putMessages();
  services.putFiles();
  services.putDatabases();
  services.putFunctions();
  services.putFindings();
  services.putModels();
  services.putData();
  services.putJobs();
}

/** Objects of a project by service; those of Vertex AI name it by its number. */
class NamedServices {
  readonly #state: GoogleState;
  readonly #project: string;
  readonly #number: unknown;

  constructor(state: GoogleState, project: string) {
    this.#state = state;
    this.#project = `projects/${project}`;
    const stored = state.find("cloudresourcemanager", "projects", { projectId: project });
    this.#number = stored?.raw["projectNumber"];
  }

  putMessages(): void {
    const topic = this.#put("pubsub", "projects.topics", "topics/orders", {
      labels: LABELS,
      messageRetentionDuration: "600s",
      state: "ACTIVE",
    }, "topic");
    this.#put("pubsub", "projects.subscriptions", "subscriptions/bill", {
      topic,
      labels: LABELS,
      ackDeadlineSeconds: 10,
      pushConfig: { pushEndpoint: "https://h.test/push?token=s3cr3t" },
      state: "ACTIVE",
    }, "subscription");
    this.#put("pubsub", "projects.subscriptions", "subscriptions/orphan", {
      topic: "_deleted-topic_",
    }, "subscription");
    this.#put("pubsub", "projects.snapshots", "snapshots/before", {
      topic,
      labels: LABELS,
      expireTime: "2024-03-11T05:06:07.890Z",
    }, "snapshot");
  }

  putFiles(): void {
    const place = "locations/us-east1-b";
    const instance = this.#put(
      "file",
      "projects.locations.instances",
      `${place}/instances/nfs`,
      {
        createTime: CREATED,
        labels: LABELS,
        tier: "BASIC_HDD",
        state: "READY",
        etag: "v1",
        fileShares: [{ name: "share", capacityGb: "1024" }],
        networks: [{ network: "net", ipAddresses: ["10.0.0.9"] }],
      },
    );
    this.#put(
      "file",
      "projects.locations.instances.snapshots",
      `${place}/instances/nfs/snapshots/snap`,
      { createTime: CREATED, labels: LABELS, state: "READY", filesystemUsedBytes: "4096" },
    );
    this.#put("file", "projects.locations.backups", "locations/us-east1/backups/weekly", {
      createTime: CREATED,
      labels: LABELS,
      state: "READY",
      sourceInstance: instance,
      storageBytes: "12345678901",
    });
  }

  putDatabases(): void {
    const named = (id: string, more: Json) =>
      this.#put("firestore", "projects.databases", `databases/${id}`, {
        createTime: CREATED,
        updateTime: UPDATED,
        earliestVersionTime: new Date().toISOString(),
        type: "FIRESTORE_NATIVE",
        ...more,
      });
    const database = named("shop", {
      locationId: "us-east1",
      deleteProtectionState: "DELETE_PROTECTION_DISABLED",
    });
    named("kept", {
      locationId: "nam5",
      deleteProtectionState: "DELETE_PROTECTION_ENABLED",
    });
    this.#put("firestore", "projects.locations.backups", "locations/us-east1/backups/b1", {
      database,
      state: "READY",
      snapshotTime: CREATED,
      expireTime: UPDATED,
      stats: { documentCount: "3", sizeBytes: "12345678901" },
    });
  }

  putFunctions(): void {
    this.#put(
      "cloudfunctions",
      "projects.locations.functions",
      "locations/us-east1/functions/bill",
      {
        createTime: CREATED,
        updateTime: UPDATED,
        labels: LABELS,
        state: "ACTIVE",
        environment: "GEN_2",
        url: "https://us-east1-p.h.test/bill",
        buildConfig: {
          runtime: "nodejs24",
          environmentVariables: { NPM_TOKEN: "s3cr3t" },
        },
        serviceConfig: {
          environmentVariables: { TOKEN: "s3cr3t" },
          availableMemory: "256M",
          timeoutSeconds: 60,
        },
      },
    );
  }

  putFindings(): void {
    const compute = `//compute.googleapis.com/${this.#project}`;
    this.#putFinding("f1", `${compute}/zones/us-east1-b/instances/1030`, "web");
    const bucket = `${this.#project.replace("projects/", "")}-data`;
    this.#putFinding("f2", `//storage.googleapis.com/${bucket}`, bucket);
    this.#putFinding("f3", `//cloudresourcemanager.googleapis.com/projects/${this.#number}`, "p");
  }

  #putFinding(id: string, resourceName: string, displayName: string): void {
    const parameters = { name: `${this.#project}/sources/7/findings/${id}` };
    this.#state.put("securitycenter", "projects.sources.findings", parameters, {
      finding: {
        name: `projects/${this.#number}/sources/7/findings/${id}`,
        resourceName,
        category: "PUBLIC_IP_ADDRESS",
        severity: "HIGH",
        state: "ACTIVE",
        createTime: CREATED,
        eventTime: UPDATED,
        processes: [{ name: "miner", envVariables: [{ name: "TOKEN", val: "s3cr3t" }] }],
      },
      resource: { name: resourceName, displayName, type: "google.Resource" },
    });
  }

  putModels(): void {
    const model = this.#vertex("models/m1", {
      displayName: "demand",
      labels: LABELS,
      etag: "v1",
      versionId: "2",
      containerSpec: { imageUri: "h.test/serve", env: [{ name: "TOKEN", value: "s3cr3t" }] },
    });
    this.#vertex("models/m1/evaluations/e1", { displayName: "first", metrics: { recall: 0.5 } });
    const job = this.#vertex("modelDeploymentMonitoringJobs/j1", {
      displayName: "watch",
      labels: LABELS,
      state: "JOB_STATE_RUNNING",
    });
    this.#vertex("endpoints/e1", {
      displayName: "ask",
      labels: LABELS,
      etag: "v1",
      modelDeploymentMonitoringJob: job,
      deployedModels: [{ id: "1", model }],
      trafficSplit: { 1: 100 },
    });
    const endpoint = this.#vertex("indexEndpoints/i1", { displayName: "near", labels: LABELS });
    this.#vertex("indexes/i1", {
      displayName: "vectors",
      labels: LABELS,
      deployedIndexes: [{ indexEndpoint: endpoint, deployedIndexId: "d1" }],
      indexStats: { vectorsCount: "12" },
    });
  }

  putData(): void {
    this.#vertex("datasets/d1", { displayName: "sales", labels: LABELS, etag: "v1" });
    this.#vertex("datasets/d1/datasetVersions/v1", { displayName: "first" });
    this.#vertex("featureGroups/g1", { description: "of customers", labels: LABELS });
    this.#vertex("featureGroups/g1/features/age", { valueType: "INT64", labels: LABELS });
    this.#vertex("featurestores/s1", { labels: LABELS, state: "STABLE" });
    this.#vertex("tensorboards/t1", { displayName: "board", labels: LABELS, runCount: 2 });
  }

  putJobs(): void {
    const model = `projects/${this.#number}/locations/us-east1/models/m1`;
    const done = { state: "JOB_STATE_SUCCEEDED", labels: LABELS, endTime: UPDATED };
    const spec = { models: [`${model}@2`], serviceAccount: "train@p.test" };
    this.#vertex("batchPredictionJobs/j1", {
      displayName: "ask all",
      model: `${model}@2`,
      ...done,
    });
    this.#vertex("customJobs/j1", { displayName: "train", jobSpec: spec, ...done });
    this.#vertex("hyperparameterTuningJobs/j1", {
      displayName: "tune",
      trialJobSpec: spec,
      maxTrialCount: 4,
      ...done,
    });
    this.#vertex("pipelineJobs/r1", {
      displayName: "nightly",
      labels: LABELS,
      state: "PIPELINE_STATE_SUCCEEDED",
      pipelineSpec: { root: {} },
    });
    this.#vertex("schedules/s1", {
      displayName: "each night",
      cron: "0 3 * * *",
      state: "ACTIVE",
      maxConcurrentRunCount: "1",
      startedRunCount: "7",
    });
    this.#vertex("trainingPipelines/t1", {
      displayName: "build",
      labels: LABELS,
      state: "PIPELINE_STATE_SUCCEEDED",
      modelToUpload: { name: model, displayName: "demand" },
    });
    this.#vertex("tuningJobs/t1", {
      baseModel: "gemini-2.5-flash",
      labels: LABELS,
      state: "JOB_STATE_SUCCEEDED",
      tunedModel: { model, endpoint: model.replace("models/m1", "endpoints/e1") },
    });
  }

  /** @returns its name */
  #put(service: string, collection: string, path: string, given: Json, parameter = "name"): string {
    const name = `${this.#project}/${path}`;
    this.#state.put(service, collection, { [parameter]: name }, given);
    return name;
  }

  /** @returns its name */
  #vertex(path: string, given: Json): string {
    const place = "locations/us-east1";
    const name = `projects/${this.#number}/${place}/${path}`;
    const collection = path.split("/").filter((_, i) => i % 2 === 0).join(".");
    const times = path.includes("/evaluations/") ? {} : { updateTime: UPDATED };
    this.#put("aiplatform", `projects.locations.${collection}`, `${place}/${path}`, {
      name,
      createTime: CREATED,
      ...times,
      ...given,
    });
    return name;
  }
}
