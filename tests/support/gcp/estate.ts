import { putServices } from "./estate_services.ts";
import { putBilling, putInfrastructure } from "./estate_infrastructure.ts";
import { putPrices } from "./estate_prices.ts";
import type { FakeGoogle } from "./fake_google.ts";
import { type GoogleState, type Json, linkOf } from "./google_state.ts";

type Place = Readonly<Record<string, string>>;

const ADMIN = { labels: { owner: "ann" } };

/** Puts projects there, each with something of every kind. */
export function fill(
  { state }: Pick<FakeGoogle, "state">,
  projects: readonly string[] = ["p"],
): void {
  putPrices(state);
  for (const project of projects) new ProjectEstate(state, project).put();
  for (const project of projects) putServices(state, project);
}

/** Number of a project: 4242 is `p`. */
function numberOf(project: string): string {
  return String(4_130 + project.charCodeAt(0));
}

/** Puts a project there that has nothing but regions. */
export function fillEmpty({ state }: Pick<FakeGoogle, "state">, project: string): void {
  new ProjectEstate(state, project).putPlaces();
  putBilling(state, project);
}

/** One project. */
class ProjectEstate {
  readonly #state: GoogleState;
  readonly #project: string;

  constructor(state: GoogleState, project: string) {
    this.#state = state;
    this.#project = project;
  }

  put(): void {
    this.putPlaces();
    this.#putNetworks();
    this.#putMachines();
    this.#putBalancers();
    this.#putOthers();
    putInfrastructure(this.#state, this.#project);
  }

  putPlaces(): void {
    this.#state.put("cloudresourcemanager", "projects", { projectId: this.#project }, {
      projectId: this.#project,
      projectNumber: numberOf(this.#project),
      name: `Project ${this.#project}`,
      lifecycleState: "ACTIVE",
      createTime: "2020-01-02T03:04:05.678Z",
      labels: { team: "core" },
    });
    for (const [name, id] of [["us-east1", "1230"], ["europe-west1", "1100"]] as const) {
      this.#put("regions", { region: name }, {
        id,
        status: "UP",
        quotas: [{ metric: "CPUS", limit: 72, usage: 1.5 }, {
          metric: "DISKS",
          limit: 10,
          usage: 2,
        }],
      });
    }
    const zones = [["us-east1-b", "2231", "us-east1"], ["us-east1-c", "2232", "us-east1"], [
      "europe-west1-b",
      "2101",
      "europe-west1",
    ]] as const;
    for (const [name, id, region] of zones) {
      this.#put("zones", { zone: name }, {
        id,
        status: "UP",
        region: this.#link("regions", { region }),
      });
    }
  }

  #putNetworks(): void {
    const network = this.#put("networks", { network: "net" }, { autoCreateSubnetworks: false });
    const region = { region: "us-east1" };
    this.#put("subnetworks", { ...region, subnetwork: "sub" }, {
      network,
      ipCidrRange: "10.0.0.0/24",
    });
    this.#put("routers", { ...region, router: "router" }, { network });
    this.#put("routes", { route: "route" }, {
      network,
      destRange: "0.0.0.0/0",
      routeType: "STATIC",
    });
    this.#put("firewalls", { firewall: "ssh" }, { network, direction: "INGRESS" });
    this.#put("addresses", { ...region, address: "ip" }, {
      address: "203.0.113.1",
      status: "RESERVED",
      ...ADMIN,
    });
    this.#put("globalAddresses", { address: "anycast" }, { address: "203.0.113.2" });
    const classic = this.#put("targetVpnGateways", { ...region, targetVpnGateway: "classic" }, {
      network,
    });
    const gateway = this.#put("vpnGateways", { ...region, vpnGateway: "ha" }, {
      network,
      ...ADMIN,
    });
    this.#put("vpnTunnels", { ...region, vpnTunnel: "tunnel" }, {
      targetVpnGateway: classic,
      vpnGateway: gateway,
      sharedSecret: "s3cr3t",
      detailedStatus: "Tunnel is up",
    });
  }

  #putMachines(): void {
    const zone = { zone: "us-east1-b" };
    const types = [["n1-standard-1", 1, 3840], ["custom-2-4096", 2, 4096]] as const;
    const [standard, custom] = types.map(([machineType, guestCpus, memoryMb]) =>
      this.#put("machineTypes", { ...zone, machineType }, { guestCpus, memoryMb })
    );
    this.#put("machineTypes", { ...zone, machineType: "n1-unused" }, { guestCpus: 96 });
    const ssd = this.#put("diskTypes", { ...zone, diskType: "pd-ssd" }, {});
    const regional = this.#put(
      "regionDiskTypes",
      { region: "us-east1", diskType: "pd-standard" },
      {},
    );
    const boot = this.#link("disks", { ...zone, disk: "boot" });
    const net = this.#link("networks", { network: "net" });
    const sub = this.#link("subnetworks", { region: "us-east1", subnetwork: "sub" });
    const web = this.#put("instances", { ...zone, instance: "web" }, {
      status: "RUNNING",
      machineType: standard,
      labels: { owner: "ann", group: "group" },
      tags: { items: ["http"] },
      metadata: { items: [{ key: "startup-script", value: "export TOKEN=s3cr3t" }] },
      networkInterfaces: [{ network: net, subnetwork: sub, networkIP: "10.0.0.2" }],
      disks: [{ source: boot, autoDelete: true, boot: true }],
    });
    this.#put("instances", { ...zone, instance: "off" }, {
      status: "TERMINATED",
      machineType: custom,
      deletionProtection: true,
    });
    this.#put("disks", { ...zone, disk: "boot" }, {
      sizeGb: "10",
      status: "READY",
      type: ssd,
      users: [web],
    });
    this.#put("disks", { ...zone, disk: "loose" }, {
      sizeGb: "20",
      status: "READY",
      type: ssd,
      ...ADMIN,
    });
    this.#put("regionDisks", { region: "us-east1", disk: "twice" }, {
      status: "READY",
      type: regional,
    });
    this.#put("snapshots", { snapshot: "snap" }, {
      diskSizeGb: "10",
      storageBytes: "12345678901",
      status: "READY",
      sourceDisk: boot,
      ...ADMIN,
    });
    this.#put("images", { image: "golden" }, { status: "READY", diskSizeGb: "10", ...ADMIN });
    this.#put("instanceTemplates", { instanceTemplate: "template" }, {
      properties: { machineType: "n1-standard-1" },
    });
    this.#put("regionInstanceTemplates", { region: "us-east1", instanceTemplate: "regional" }, {});
  }

  #putBalancers(): void {
    const zone = { zone: "us-east1-b" };
    const region = { region: "us-east1" };
    const web = this.#link("instances", { ...zone, instance: "web" });
    const check = this.#put("healthChecks", { healthCheck: "check" }, {
      type: "TCP",
      checkIntervalSec: 5,
      timeoutSec: 4,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    });
    this.#put("regionHealthChecks", { ...region, healthCheck: "near" }, { type: "HTTP" });
    const http = this.#put("httpHealthChecks", { httpHealthCheck: "http" }, {
      host: "h.test",
      port: 80,
    });
    this.#put("httpsHealthChecks", { httpsHealthCheck: "https" }, {
      requestPath: "/up",
      timeoutSec: 7,
    });
    const group = this.#put("instanceGroups", { ...zone, instanceGroup: "group" }, { size: 1 });
    this.#put("regionInstanceGroups", { ...region, instanceGroup: "spread" }, { size: 0 });
    const manager = this.#put(
      "instanceGroupManagers",
      { ...zone, instanceGroupManager: "manager" },
      {
        instanceGroup: group,
        autoHealingPolicies: [{ healthCheck: check }],
        targetSize: 1,
      },
    );
    this.#put("autoscalers", { ...zone, autoscaler: "scaler" }, {
      target: manager,
      autoscalingPolicy: { minNumReplicas: 1, maxNumReplicas: 4 },
    });
    this.#put("networkEndpointGroups", { ...zone, networkEndpointGroup: "neg" }, {
      defaultPort: 8080,
      networkEndpointType: "GCE_VM_IP_PORT",
    });
    const service = this.#put("backendServices", { backendService: "backend" }, {
      healthChecks: [check],
      backends: [{ group }],
    });
    this.#put("regionBackendServices", { ...region, backendService: "inner" }, {
      backends: [{ group }],
    });
    const urlMap = this.#put("urlMaps", { urlMap: "map" }, { defaultService: service });
    const pool = this.#put("targetPools", { ...region, targetPool: "pool" }, {
      instances: [web],
      healthChecks: [http],
      failoverRatio: 0.5,
    });
    this.#put("targetInstances", { ...zone, targetInstance: "target" }, { instance: web });
    const certificate = this.#put("sslCertificates", { sslCertificate: "cert" }, {
      type: "MANAGED",
      managed: { domains: ["h.test"], status: "ACTIVE" },
      expireTime: "2027-01-02T03:04:05.000-07:00",
      certificate: "-----BEGIN CERTIFICATE-----",
      subjectAlternativeNames: ["h.test"],
    });
    const proxy = this.#put("targetHttpProxies", { targetHttpProxy: "proxy" }, { urlMap });
    this.#put("targetHttpsProxies", { targetHttpsProxy: "proxy" }, {
      urlMap,
      sslCertificates: [certificate],
    });
    this.#put("targetSslProxies", { targetSslProxy: "ssl" }, {
      service,
      sslCertificates: [certificate],
    });
    const tcp = this.#put("targetTcpProxies", { targetTcpProxy: "tcp" }, { service });
    this.#put("targetGrpcProxies", { targetGrpcProxy: "grpc" }, { urlMap });
    this.#put("securityPolicies", { securityPolicy: "armor" }, { type: "CLOUD_ARMOR", ...ADMIN });
    this.#put("forwardingRules", { ...region, forwardingRule: "pooled" }, {
      target: pool,
      IPAddress: "203.0.113.9",
      IPProtocol: "TCP",
      loadBalancingScheme: "EXTERNAL",
      networkTier: "PREMIUM",
      portRange: "80-80",
      ...ADMIN,
    });
    this.#put("globalForwardingRules", { forwardingRule: "everywhere" }, {
      target: proxy,
      ...ADMIN,
    });
    this.#put("globalForwardingRules", { forwardingRule: "plain" }, { target: tcp });
  }

  #putOthers(): void {
    this.#putCluster();
    const spread = { region: "us-east1", instanceGroup: "spread" };
    const place = { region: "us-east1", instanceGroupManager: "spread" };
    const instanceGroup = this.#link("regionInstanceGroups", spread);
    this.#put("regionInstanceGroupManagers", place, { instanceGroup, targetSize: 0 });
    const name = `${this.#project}-data`;
    this.#state.put("storage", "buckets", { project: this.#project, bucket: name }, {
      location: "US-EAST1",
      locationType: "region",
      storageClass: "STANDARD",
      timeCreated: "2024-03-04T05:06:07.890Z",
      updated: "2024-04-04T05:06:07.890Z",
      metageneration: "3",
      ...ADMIN,
    });
    for (const [object, generation] of [["a/b", "1"], ["a/b", "2"], ["c", "1"]] as const) {
      const given = { bucket: name, name: object, generation };
      this.#state.put("storage", "objects", { bucket: name, object, generation }, given);
    }
    this.#state.put("sqladmin", "instances", { project: this.#project, instance: "db" }, {
      project: this.#project,
      region: "us-east1",
      gceZone: "us-east1-b",
      databaseVersion: "POSTGRES_16",
      state: "RUNNABLE",
      createTime: "2024-03-04T05:06:07.890Z",
      ipAddresses: [
        { type: "OUTGOING", ipAddress: "203.0.113.20" },
        { type: "PRIMARY", ipAddress: "203.0.113.21" },
      ],
      settings: {
        tier: "db-f1-micro",
        dataDiskSizeGb: "10",
        userLabels: { owner: "ann" },
        deletionProtectionEnabled: false,
      },
      rootPassword: "s3cr3t",
    });
    const inside = { project: this.#project, instance: "db" };
    const database = { instance: "db", name: "shop", charset: "UTF8" };
    this.#state.put("sqladmin", "databases", { ...inside, database: "shop" }, database);
    const user = { instance: "db", name: "app", host: "%", password: "s3cr3t" };
    this.#state.put("sqladmin", "users", { ...inside, user: "app" }, user);
  }

  #putCluster(): void {
    const place = `projects/${this.#project}`;
    const manager = { zone: "us-east1-b", instanceGroupManager: "manager" };
    this.#state.put("container", "projects.locations.clusters", {
      name: `${place}/locations/us-east1/clusters/gke`,
    }, {
      name: "gke",
      id: "c1",
      location: "us-east1",
      zone: "us-east1",
      selfLink: `https://container.googleapis.com/v1/${place}/regions/us-east1/clusters/gke`,
      status: "RUNNING",
      createTime: "2024-03-04T05:06:07+00:00",
      resourceLabels: { owner: "ann" },
      networkConfig: {
        network: `${place}/global/networks/net`,
        subnetwork: `${place}/regions/us-east1/subnetworks/sub`,
      },
      instanceGroupUrls: [this.#link("instanceGroupManagers", manager)],
      masterAuth: { clientKey: "s3cr3t" },
    });
  }

  /** @returns its link */
  #put(collection: string, place: Place, given: Json): string {
    const parameters = { project: this.#project, ...place };
    this.#state.put("compute", collection, parameters, given);
    return this.#link(collection, place);
  }

  #link(collection: string, place: Place): string {
    return linkOf("compute", collection, { project: this.#project, ...place });
  }
}
