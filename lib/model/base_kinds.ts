import type { Kind, Property, PropertyDefault, PropertyType } from "./model.ts";

/** Own properties of a base kind: type and default by name. */
type Own = Readonly<Record<string, readonly [PropertyType, PropertyDefault?]>>;

/** What every node has; each synthetic property follows the one it is computed from. */
const RESOURCE: Kind = {
  name: "resource",
  bases: [],
  pythonType: "cklib.baseresources.BaseResource",
  properties: [
    { name: "id", type: "string" },
    { name: "tags", type: "dictionary[string, string]", default: {} },
    { name: "name", type: "string" },
    { name: "ctime", type: "datetime" },
    synthetic("age", "ctime"),
    { name: "mtime", type: "datetime" },
    synthetic("last_update", "mtime"),
    { name: "atime", type: "datetime" },
    synthetic("last_access", "atime"),
    { name: "kind", type: "string", required: true },
  ],
};

/** The kinds from which those of all plugins derive, in the order of the model export. */
export const BASE_KINDS: readonly Kind[] = Object.freeze([
  RESOURCE,
  phantom("phantom_resource", "PhantomBaseResource", "resource"),
  phantom("quota", "BaseQuota", "phantom_resource", {
    quota: ["double"],
    usage: ["double"],
    quota_type: ["string"],
  }),
  phantom("type", "BaseType", "quota"),
  phantom("instance_quota", "BaseInstanceQuota", "quota", {
    instance_type: ["string"],
  }),
  phantom("instance_type", "BaseInstanceType", "type", {
    instance_type: ["string"],
    instance_cores: ["double", 0],
    instance_memory: ["double", 0],
    ondemand_cost: ["double"],
    reservations: ["int64"],
  }),
  base("base_cloud", "BaseCloud", "resource"),
  base("account", "BaseAccount", "resource"),
  base("region", "BaseRegion", "resource"),
  base("zone", "BaseZone", "resource"),
  base("instance", "BaseInstance", "resource", {
    instance_cores: ["double", 0],
    instance_memory: ["double", 0],
    instance_type: ["string", ""],
    instance_status: ["string", ""],
  }),
  phantom("volume_type", "BaseVolumeType", "type", {
    volume_type: ["string", ""],
    ondemand_cost: ["double", 0],
  }),
  base("volume", "BaseVolume", "resource", {
    volume_size: ["int64", 0],
    volume_type: ["string", ""],
    volume_status: ["string", ""],
    volume_iops: ["int64"],
    volume_throughput: ["int64"],
    volume_encrypted: ["boolean"],
    snapshot_before_delete: ["boolean", false],
  }),
  base("snapshot", "BaseSnapshot", "resource", {
    snapshot_status: ["string", ""],
    description: ["string", ""],
    volume_id: ["string"],
    volume_size: ["int64", 0],
    encrypted: ["boolean", false],
    owner_id: ["string"],
    owner_alias: ["string", ""],
  }),
  base("cloud", "Cloud", "base_cloud"),
  phantom("graph_root", "GraphRoot", "phantom_resource"),
  base("bucket", "BaseBucket", "resource"),
  base("keypair", "BaseKeyPair", "resource", {
    fingerprint: ["string", ""],
  }),
  phantom("bucket_quota", "BaseBucketQuota", "quota"),
  base("network", "BaseNetwork", "resource"),
  phantom("network_quota", "BaseNetworkQuota", "quota"),
  base("database", "BaseDatabase", "resource", {
    db_type: ["string", ""],
    db_status: ["string", ""],
    db_endpoint: ["string", ""],
    db_version: ["string"],
    db_publicly_accessible: ["boolean"],
    instance_type: ["string", ""],
    volume_size: ["int64", 0],
    volume_iops: ["int64"],
    volume_encrypted: ["boolean"],
  }),
  base("load_balancer", "BaseLoadBalancer", "resource", {
    lb_type: ["string", ""],
    backends: ["string[]", []],
  }),
  phantom("load_balancer_quota", "BaseLoadBalancerQuota", "quota"),
  base("subnet", "BaseSubnet", "resource"),
  base("gateway", "BaseGateway", "resource"),
  base("tunnel", "BaseTunnel", "resource"),
  phantom("gateway_quota", "BaseGatewayQuota", "quota"),
  base("security_group", "BaseSecurityGroup", "resource"),
  base("routing_table", "BaseRoutingTable", "resource"),
  base("network_acl", "BaseNetworkAcl", "resource"),
  base("peering_connection", "BasePeeringConnection", "resource"),
  base("endpoint", "BaseEndpoint", "resource"),
  base("network_interface", "BaseNetworkInterface", "resource", {
    network_interface_status: ["string", ""],
    network_interface_type: ["string", ""],
    mac: ["string", ""],
    private_ips: ["string[]", []],
    public_ips: ["string[]", []],
    v6_ips: ["string[]", []],
    description: ["string", ""],
  }),
  base("user", "BaseUser", "resource"),
  base("group", "BaseGroup", "resource"),
  base("policy", "BasePolicy", "resource"),
  base("role", "BaseRole", "resource"),
  base("instance_profile", "BaseInstanceProfile", "resource"),
  base("access_key", "BaseAccessKey", "resource", {
    access_key_status: ["string", ""],
  }),
  base("certificate", "BaseCertificate", "resource", {
    expires: ["datetime"],
  }),
  phantom("certificate_quota", "BaseCertificateQuota", "quota"),
  base("stack", "BaseStack", "resource", {
    stack_status: ["string", ""],
    stack_status_reason: ["string", ""],
    stack_parameters: ["dictionary[any, any]", {}],
  }),
  base("autoscaling_group", "BaseAutoScalingGroup", "resource", {
    min_size: ["int64", -1],
    max_size: ["int64", -1],
  }),
  base("ip_address", "BaseIPAddress", "resource", {
    ip_address: ["string", ""],
    ip_address_family: ["string", ""],
  }),
  base("health_check", "BaseHealthCheck", "resource", {
    check_interval: ["int64", -1],
    healthy_threshold: ["int64", -1],
    unhealthy_threshold: ["int64", -1],
    timeout: ["int64", -1],
    health_check_type: ["string", ""],
  }),
  base("unknown_cloud", "UnknownCloud", "base_cloud"),
  base("unknown_account", "UnknownAccount", "account"),
  base("unknown_region", "UnknownRegion", "region"),
  base("unknown_zone", "UnknownZone", "zone"),
  base("unknown_location", "UnknownLocation", "resource"),
]);

function base(name: string, pythonClass: string, parent: string, own: Own = {}): Kind {
  return {
    name,
    bases: [parent],
    properties: Object.entries(own).map(([property, [type, value]]) =>
      value === undefined ? { name: property, type } : { name: property, type, default: value }
    ),
    pythonType: `cklib.baseresources.${pythonClass}`,
  };
}

function phantom(name: string, pythonClass: string, parent: string, own: Own = {}): Kind {
  return { ...base(name, pythonClass, parent, own), phantom: true };
}

function synthetic(name: string, path: string): Property {
  return { name, type: "trafo.duration_to_datetime", synthetic: [path] };
}
