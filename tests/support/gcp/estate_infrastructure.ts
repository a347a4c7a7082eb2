import { type GoogleState, type Json, linkOf } from "./google_state.ts";

type Place = Readonly<Record<string, string>>;

const REGION = { region: "us-east1" };
const ZONE = { zone: "us-east1-b" };
const LABELS = { labels: { owner: "ann" } };

/** Puts something of the less usual kinds of Compute Engine, billing and the logs into a project. */
export function putInfrastructure(state: GoogleState, project: string): void {
  const estate = new Infrastructure(state, project);
  estate.putConnections();
  estate.putRules();
  estate.putCapacity();
  estate.putImages();
  estate.putOperations();
  putBilling(state, project);
}

/** Every project has a billing account, or none. */
export function putBilling(state: GoogleState, project: string): void {
  const account = "billingAccounts/0123-4567";
  const place = `projects/${project}`;
  state.put("cloudbilling", "projects", { name: place }, {
    name: `${place}/billingInfo`,
    projectId: project,
    billingAccountName: account,
    billingEnabled: true,
  });
  state.put("cloudbilling", "billingAccounts", { name: account }, {
    name: account,
    displayName: "Our bills",
    open: true,
    currencyCode: "EUR",
  });
}

class Infrastructure {
  readonly #state: GoogleState;
  readonly #project: string;

  constructor(state: GoogleState, project: string) {
    this.#state = state;
    this.#project = project;
  }

  putConnections(): void {
    const place = { interconnectLocation: "iad-zone1-1" };
    const location = this.#put("interconnectLocations", place, { city: "Ashburn" });
    this.#put("interconnectLocations", { interconnectLocation: "unused" }, { city: "Paris" });
    const line = this.#put("interconnects", { interconnect: "line" }, {
      location,
      operationalStatus: "OS_ACTIVE",
      ...LABELS,
    });
    this.#put("interconnectAttachments", { ...REGION, interconnectAttachment: "vlan" }, {
      interconnect: line,
      router: this.#link("routers", { ...REGION, router: "router" }),
      pairingKey: "s3cr3t",
      ...LABELS,
    });
    const peer = this.#put("externalVpnGateways", { externalVpnGateway: "office" }, {
      interfaces: [{ id: 0, ipAddress: "198.51.100.7" }],
      ...LABELS,
    });
    this.#put("vpnTunnels", { ...REGION, vpnTunnel: "out" }, { peerExternalGateway: peer });
    const own = this.#put("publicAdvertisedPrefixes", { publicAdvertisedPrefix: "own" }, {
      ipCidrRange: "198.51.100.0/24",
      sharedSecret: "s3cr3t",
    });
    const delegated = { ipCidrRange: "198.51.100.0/26", parentPrefix: own };
    const part = { publicDelegatedPrefix: "part" };
    this.#put("publicDelegatedPrefixes", { ...REGION, ...part }, delegated);
    this.#put("globalPublicDelegatedPrefixes", { publicDelegatedPrefix: "wide" }, {});
  }

  putRules(): void {
    const network = this.#link("networks", { network: "net" });
    const subnetwork = this.#link("subnetworks", { ...REGION, subnetwork: "sub" });
    const instance = this.#link("instances", { ...ZONE, instance: "web" });
    const armor = this.#link("securityPolicies", { securityPolicy: "armor" });
    const map = this.#link("urlMaps", { urlMap: "map" });
    this.#put("networkFirewallPolicies", { firewallPolicy: "base" }, {
      associations: [{ name: "net", attachmentTarget: network }],
      ruleTupleCount: 4,
    });
    this.#put("regionNetworkFirewallPolicies", { ...REGION, firewallPolicy: "near" }, {});
    const edge = { networkEdgeSecurityService: "edge" };
    this.#put("networkEdgeSecurityServices", { ...REGION, ...edge }, { securityPolicy: armor });
    this.#put("packetMirrorings", { ...REGION, packetMirroring: "mirror" }, {
      network: { url: network },
      mirroredResources: {
        subnetworks: [{ url: subnetwork }],
        instances: [{ url: instance }],
      },
    });
    this.#put("serviceAttachments", { ...REGION, serviceAttachment: "published" }, {
      targetService: this.#link("forwardingRules", { ...REGION, forwardingRule: "pooled" }),
      natSubnets: [subnetwork],
    });
    const modern = this.#put("sslPolicies", { sslPolicy: "modern" }, { profile: "MODERN" });
    this.#put("regionSslPolicies", { ...REGION, sslPolicy: "modern" }, { profile: "MODERN" });
    this.#put("targetHttpsProxies", { targetHttpsProxy: "strict" }, {
      urlMap: map,
      sslPolicy: modern,
    });
    this.#put("backendBuckets", { backendBucket: "static" }, {
      bucketName: `${this.#project}-data`,
      enableCdn: true,
      edgeSecurityPolicy: armor,
      usedBy: [{ reference: map }],
    });
    this.#put("regionBackendBuckets", { ...REGION, backendBucket: "near" }, {});
    const told = this.#put(
      "regionNotificationEndpoints",
      { ...REGION, notificationEndpoint: "told" },
      { grpcSettings: { endpoint: "told.test:443" } },
    );
    this.#put("regionHealthCheckServices", { ...REGION, healthCheckService: "healthy" }, {
      healthChecks: [this.#link("regionHealthChecks", { ...REGION, healthCheck: "near" })],
      networkEndpointGroups: [
        this.#link("networkEndpointGroups", { ...ZONE, networkEndpointGroup: "neg" }),
      ],
      notificationEndpoints: [told],
    });
  }

  putCapacity(): void {
    const type = { ...ZONE, acceleratorType: "nvidia-t4" };
    const accelerator = this.#put("acceleratorTypes", type, { maximumCardsPerInstance: 4 });
    this.#put("acceleratorTypes", { ...ZONE, acceleratorType: "unused" }, {});
    const nightly = this.#put("resourcePolicies", { ...REGION, resourcePolicy: "nightly" }, {
      status: "READY",
      snapshotSchedulePolicy: { retentionPolicy: { maxRetentionDays: 7 } },
    });
    this.#put("instances", { ...ZONE, instance: "gpu" }, {
      status: "RUNNING",
      guestAccelerators: [{ acceleratorType: accelerator, acceleratorCount: 1 }],
      resourcePolicies: [nightly],
    });
    this.#put("disks", { ...ZONE, disk: "kept" }, { resourcePolicies: [nightly] });
    this.#put("regionCommitments", { ...REGION, commitment: "year" }, {
      plan: "TWELVE_MONTH",
      status: "ACTIVE",
      endTimestamp: "2025-03-04T05:06:07.890-08:00",
      resources: [{ type: "VCPU", amount: "8" }],
    });
    const nodeTemplate = this.#put("nodeTemplates", { ...REGION, nodeTemplate: "sole" }, {
      nodeType: "n1-node-96-624",
      disks: [{ diskType: this.#link("diskTypes", { ...ZONE, diskType: "pd-ssd" }) }],
    });
    this.#put("nodeGroups", { ...ZONE, nodeGroup: "nodes" }, { nodeTemplate, size: 1 });
    this.#put("nodeTypes", { ...ZONE, nodeType: "n1-node-96-624" }, { guestCpus: 96 });
  }

  putImages(): void {
    this.#put("machineImages", { machineImage: "whole" }, {
      sourceInstance: this.#link("instances", { ...ZONE, instance: "web" }),
      savedDisks: [{ sourceDisk: this.#link("disks", { ...ZONE, disk: "boot" }) }],
      instanceProperties: { metadata: { items: [{ key: "token", value: "s3cr3t" }] } },
      totalStorageBytes: "123456",
      status: "READY",
      ...LABELS,
    });
    this.#put("licenses", { license: "ours" }, { chargesUseFee: false });
    const backup = { project: this.#project, instance: "db", id: "1700000000000" };
    this.#state.put("sqladmin", "backupRuns", backup, {
      id: "1700000000000",
      instance: "db",
      status: "SUCCESSFUL",
      type: "AUTOMATED",
      enqueuedTime: "2024-03-04T05:06:07.890Z",
    });
  }

  putOperations(): void {
    const insert = { operationType: "insert", status: "DONE", progress: 100 };
    this.#put("zoneOperations", { ...ZONE, operation: "operation-1" }, {
      ...insert,
      insertTime: "2024-03-04T05:06:07.890-08:00",
      targetLink: this.#link("disks", { ...ZONE, disk: "boot" }),
    });
    this.#put("globalOperations", { operation: "operation-2" }, insert);
    const place = { project: this.#project, operation: "sql-operation" };
    this.#state.put("sqladmin", "operations", place, {
      operationType: "BACKUP_VOLUME",
      status: "DONE",
      insertTime: "2024-03-04T05:06:07.890Z",
      targetLink: linkOf("sqladmin", "instances", { project: this.#project, instance: "db" }),
    });
    const name = `projects/${this.#project}/locations/us-east1/operations/operation-3`;
    this.#state.put("container", "projects.locations.operations", { name }, {
      name: "operation-3",
      operationType: "CREATE_CLUSTER",
      status: "DONE",
      location: "us-east1",
      startTime: "2024-03-04T05:06:07.890Z",
      selfLink:
        "https://container.googleapis.com/v1/projects/4242/zones/us-east1/operations/operation-3",
      targetLink: "https://container.googleapis.com/v1/projects/4242/zones/us-east1/clusters/gke",
    });
  }

  /** @returns its link */
  #put(collection: string, place: Place, given: Json): string {
    this.#state.put("compute", collection, { project: this.#project, ...place }, given);
    return this.#link(collection, place);
  }

  #link(collection: string, place: Place): string {
    return linkOf("compute", collection, { project: this.#project, ...place });
  }
}
