import assert from "node:assert/strict";
import calls from "../../../../plugins/gcp/calls.json" with { type: "json" };
import model from "../../../../plugins/gcp/model.json" with { type: "json" };
import { manifest } from "../../../../plugins/gcp/manifest.ts";
import { options } from "../../../../plugins/gcp/options.ts";
import { resources } from "../../../../plugins/gcp/resources/mod.ts";
import { callsSchema } from "../../../../lib/sdk/mod.ts";
import { KindIndex } from "../../../../lib/model/mod.ts";
import { pluginOf } from "../../../support/saas/saas_store.ts";
import { schemaFacts } from "../../../../scripts/gen/gcp/facts.ts";

/** Kinds of the original worker: class, bases, and own properties with their types. */
const ORIGINAL = `
gcp_resource GCPResource - link:string label_fingerprint:string
gcp_project GCPProject gcp_resource,account
gcp_zone GCPZone gcp_resource,zone zone_status:string
gcp_region GCPRegion gcp_resource,region region_status:string
gcp_disk_type GCPDiskType gcp_resource,volume_type
gcp_disk GCPDisk gcp_resource,volume last_attach_timestamp:datetime last_detach_timestamp:datetime
gcp_instance GCPInstance gcp_resource,instance network_interfaces:string
gcp_network GCPNetwork gcp_resource,network
gcp_subnetwork GCPSubnetwork gcp_resource,subnet
gcp_vpn_tunnel GCPVPNTunnel gcp_resource,tunnel
gcp_vpn_gateway GCPVPNGateway gcp_resource,gateway
gcp_target_vpn_gateway GCPTargetVPNGateway gcp_resource,gateway
gcp_router GCPRouter gcp_resource,gateway
gcp_route GCPRoute gcp_resource,resource
gcp_instance_template GCPInstanceTemplate gcp_resource,resource
gcp_security_policy GCPSecurityPolicy gcp_resource,policy
gcp_snapshot GCPSnapshot gcp_resource,snapshot storage_bytes:int64=0
gcp_ssl_certificate GCPSSLCertificate gcp_resource,certificate description:string certificate:string certificate_type:string certificate_managed:dictionary[any,any] subject_alternative_names:string[]
gcp_machine_type GCPMachineType gcp_resource,instance_type
gcp_network_endpoint_group GCPNetworkEndpointGroup gcp_resource,resource default_port:int64=-1 neg_type:string=""
gcp_global_network_endpoint_group GCPGlobalNetworkEndpointGroup gcp_resource,resource default_port:int64=-1 neg_type:string=""
gcp_instance_group GCPInstanceGroup gcp_resource,resource
gcp_instance_group_manager GCPInstanceGroupManager gcp_resource,resource
gcp_autoscaler GCPAutoscaler gcp_resource,autoscaling_group
gcp_health_check GCPHealthCheck gcp_resource,health_check
gcp_http_health_check GCPHTTPHealthCheck gcp_resource,health_check host:string="" request_path:string="" port:int64=-1
gcp_https_health_check GCPHTTPSHealthCheck gcp_http_health_check
gcp_url_map GCPUrlMap gcp_resource,resource
gcp_target_pool GCPTargetPool gcp_resource,resource session_affinity:string="" failover_ratio:double=-1
gcp_target_http_proxy GCPTargetHttpProxy gcp_resource,resource
gcp_target_https_proxy GCPTargetHttpsProxy gcp_resource,resource
gcp_target_ssl_proxy GCPTargetSslProxy gcp_resource,resource
gcp_target_tcp_proxy GCPTargetTcpProxy gcp_resource,resource
gcp_target_grpc_proxy GCPTargetGrpcProxy gcp_resource,resource
gcp_target_instance GCPTargetInstance gcp_resource,resource
gcp_quota GCPQuota gcp_resource,quota
gcp_backend_service GCPBackendService gcp_resource,resource
gcp_forwarding_rule GCPForwardingRule gcp_resource,load_balancer ip_address:string="" ip_protocol:string="" load_balancing_scheme:string="" network_tier:string="" port_range:string=""
gcp_global_forwarding_rule GCPGlobalForwardingRule gcp_forwarding_rule
gcp_bucket GCPBucket gcp_resource,bucket bucket_location:string="" bucket_location_type:string="" storage_class:string="" zone_separation:boolean=false
gcp_database GCPDatabase gcp_resource,database
gcp_service GCPService gcp_resource,phantom_resource
gcp_service_sku GCPServiceSKU gcp_resource,phantom_resource service:string="" resource_family:string="" resource_group:string="" usage_type:string="" pricing_info:any[]=[] service_provider_name:string="" geo_taxonomy_type:string geo_taxonomy_regions:any[]=[]
`;
const PHANTOM = [
  "gcp_disk_type",
  "gcp_machine_type",
  "gcp_quota",
  "gcp_service",
  "gcp_service_sku",
];

Deno.test("gcp declarations: the kinds of the original worker are as they were", () => {
  for (const line of ORIGINAL.trim().split("\n")) {
    const [name = "", className, bases = "", ...properties] = line.split(" ");
    const kind = model.kinds.find((each) => each.name === name);
    assert.equal(kind?.pythonType, `cloudkeeper_plugin_gcp.resources.${className}`);
    assert.equal(kind.bases.join(",") || "-", bases, name);
    assert.equal(kind.phantom === true, PHANTOM.includes(name), name);
    const own = kind.properties.map((each) =>
      `${each.name}:${each.type.replace(", ", ",")}${
        "default" in each ? `=${JSON.stringify(each.default)}` : ""
      }`
    );
    for (const property of properties) assert.ok(own.includes(property), `${name} ${property}`);
  }
});

Deno.test("gcp declarations: names for --gcp-collect are those of the original worker", () => {
  const original =
    "services networks subnetworks routers routes health_checks http_health_checks " +
    "https_health_checks machine_types instances disk_types disks target_vpn_gateways vpn_gateways " +
    "vpn_tunnels security_policies snapshots ssl_certificates network_endpoint_groups instance_groups " +
    "instance_group_managers autoscalers backend_services url_maps target_pools target_instances " +
    "target_http_proxies target_https_proxies target_ssl_proxies target_tcp_proxies " +
    "target_grpc_proxies forwarding_rules buckets databases instance_templates";
  for (const name of original.split(" ")) {
    assert.equal(options.safeParse({ collect: [name] }).success, true, name);
  }
  const names = resources.flatMap(({ collector }) => collector ?? []);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("gcp declarations: edges, uses and parents are of kinds that there are", () => {
  const kinds = new Set(model.kinds.map(({ name }) => name));
  for (const { kind, edges = [], uses = {}, under } of resources) {
    for (const name of [...edges.map((edge) => edge.kind), ...Object.keys(uses), under?.kind]) {
      assert.ok(name === undefined || kinds.has(name), `${kind}: ${name}`);
    }
  }
});

Deno.test("gcp declarations: paths of edges, ids and times are members of the described type", () => {
  for (const { kind, service, schema, edges = [], id, name, ctime, mtime, labels } of resources) {
    const ids = typeof id === "string" ? [id] : [];
    const paths = [...edges.map(({ path }) => path), ...ids, name, ctime, mtime, labels];
    for (const path of paths) {
      if (typeof path !== "string" || path.startsWith("$")) continue;
      let type: string | undefined = schema;
      for (const step of path.split(".")) {
        type = schemaFacts(service, type ?? "")?.[step.replace("[]", "")];
        assert.ok(type !== undefined, `${kind}: ${path}`);
        if (step.endsWith("[]")) type = type.replace(/\[\]$/, "");
      }
    }
  }
});

Deno.test("gcp declarations: clean-up rules speak of properties that there are", () => {
  const index = new KindIndex(pluginOf("gcp").model.kinds);
  for (const { kind, cleanup } of resources) {
    const names = new Set([...index.properties(kind).map(({ name }) => name), "name"]);
    const matches = [...cleanup?.never ?? [], ...cleanup?.ended ?? []];
    const along = (cleanup?.along ?? []).map(({ when }) => when);
    const paths = [...matches, ...along, cleanup?.loose ?? {}].flatMap((each) => Object.keys(each));
    for (const path of paths) assert.ok(names.has(path.split(".")[0] ?? ""), `${kind} ${path}`);
  }
});

Deno.test("gcp declarations: only the calls of what is chosen are asked for", () => {
  const chosen = manifest.enabledCalls?.(
    options.parse({ collect: ["buckets"] }),
    callsSchema.parse(calls),
  ) ?? [];
  const reads = chosen.filter(({ purpose, kinds }) => purpose === "read" && kinds.length > 0);
  assert.deepEqual(reads.map(({ call, permissions }) => [call, ...permissions]), [
    ["cloudresourcemanager:projects.list", "resourcemanager.projects.get"],
    ["compute:regions.list", "compute.regions.list"],
    ["compute:zones.list", "compute.zones.list"],
    ["storage:buckets.list", "storage.buckets.list"],
  ]);
});

Deno.test("gcp declarations: permissions are those that Google asks for", () => {
  const of = (call: string) => calls.find((each) => each.call === call)?.permissions;
  assert.deepEqual(of("compute:disks.aggregatedList"), ["compute.disks.list"]);
  assert.deepEqual(of("compute:regionDisks.delete"), ["compute.disks.delete"]);
  assert.deepEqual(of("compute:instances.setLabels"), ["compute.instances.setLabels"]);
  assert.deepEqual(of("compute:regionUrlMaps.delete"), ["compute.regionUrlMaps.delete"]);
  assert.deepEqual(of("compute:instanceGroups.listInstances"), ["compute.instanceGroups.list"]);
  assert.deepEqual(of("sqladmin:instances.patch"), ["cloudsql.instances.update"]);
  assert.deepEqual(of("sqladmin:operations.get"), ["cloudsql.instances.get"]);
  assert.deepEqual(of("aiplatform:projects.locations.models.evaluations.list"), [
    "aiplatform.modelEvaluations.list",
  ]);
  assert.deepEqual(of("firestore:projects.databases.list"), ["datastore.databases.list"]);
  assert.deepEqual(of("firestore:projects.databases.operations.get"), ["datastore.operations.get"]);
  assert.deepEqual(of("pubsub:projects.topics.patch"), ["pubsub.topics.update"]);
  assert.deepEqual(of("storage:objects.delete"), ["storage.objects.delete"]);
});

Deno.test("gcp declarations: a guest that collects has no call that changes anything", () => {
  const reads = callsSchema.parse(calls).filter(({ purpose }) => purpose === "read");
  for (const { call } of reads) assert.doesNotMatch(call, /delete|setLabels|patch/);
});

Deno.test("gcp declarations: what is collected on request is so only where it is named", () => {
  const asks = (given: object) =>
    manifest.enabledCalls?.(options.parse(given), callsSchema.parse(calls))
      .some(({ call, purpose }) => call === "storage:objects.list" && purpose === "read");
  assert.equal(asks({}), false);
  assert.equal(asks({ collect: ["buckets"] }), false);
  assert.equal(asks({ collect: ["buckets", "objects"] }), true);
});

Deno.test("gcp declarations: a guest reaches the hosts of the regions by their names, if at all", () => {
  const seen = { env: {}, files: {} };
  const hosts = (given: object) => manifest.permissions(options.parse(given), seen).net ?? [];
  const regional = hosts({}).filter((host) => host.includes("aiplatform"));
  assert.ok(regional.length > 40 && regional.includes("us-east1-aiplatform.googleapis.com:443"));
  assert.ok(regional.every((host) => !host.includes("*")));
  assert.deepEqual(hosts({ collect: ["buckets"] }).filter((host) => /aipl|pubsub/.test(host)), []);
  const one = ["http://127.0.0.1:1"];
  assert.deepEqual(
    hosts({ endpoint_url: one, collect: ["vertex_ai_models"] }).filter((host) =>
      host.includes("aiplatform")
    ),
    [],
  );
});
