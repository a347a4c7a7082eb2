import { textAt } from "ckworker";
import { backendsOf } from "../hooks/backends.ts";
import { defineResource, parents } from "../resource.ts";

const COMPUTE = { bases: ["gcp_resource", "resource"], service: "compute" } as const;
const PROXY = { ...COMPUTE, omit: ["fingerprint"], balances: true, deletable: true } as const;

/** Ends HTTP for a url map. */
export const targetHttpProxy = defineResource({
  ...PROXY,
  kind: "gcp_target_http_proxy",
  description: "The part of a load balancer that speaks HTTP.",
  collector: "target_http_proxies",
  schema: "TargetHttpProxy",
  collections: ["targetHttpProxies", "regionTargetHttpProxies"],
  edges: parents("gcp_url_map", "urlMap"),
});

/** Ends HTTPS for a url map. */
export const targetHttpsProxy = defineResource({
  ...PROXY,
  kind: "gcp_target_https_proxy",
  description: "The part of a load balancer that speaks HTTPS.",
  collector: "target_https_proxies",
  schema: "TargetHttpsProxy",
  collections: ["targetHttpsProxies", "regionTargetHttpsProxies"],
  edges: [
    ...parents("gcp_url_map", "urlMap"),
    ...parents("gcp_ssl_certificate", "sslCertificates[]"),
    ...parents("gcp_ssl_policy", "sslPolicy"),
  ],
});

/** Ends TLS for a backend service. */
export const targetSslProxy = defineResource({
  ...PROXY,
  kind: "gcp_target_ssl_proxy",
  description: "The part of a load balancer that speaks TLS.",
  collector: "target_ssl_proxies",
  schema: "TargetSslProxy",
  collections: ["targetSslProxies"],
  edges: [
    ...parents("gcp_backend_service", "service"),
    ...parents("gcp_ssl_certificate", "sslCertificates[]"),
    ...parents("gcp_ssl_policy", "sslPolicy"),
  ],
});

/** Passes TCP on to a backend service. */
export const targetTcpProxy = defineResource({
  ...PROXY,
  kind: "gcp_target_tcp_proxy",
  description: "The part of a load balancer that passes TCP on.",
  collector: "target_tcp_proxies",
  schema: "TargetTcpProxy",
  // The aggregated list has those of regions, too.
  collections: ["targetTcpProxies", "regionTargetTcpProxies"],
  edges: parents("gcp_backend_service", "service"),
});

/** Ends gRPC for a url map. */
export const targetGrpcProxy = defineResource({
  ...PROXY,
  kind: "gcp_target_grpc_proxy",
  description: "The part of a load balancer that speaks gRPC.",
  collector: "target_grpc_proxies",
  schema: "TargetGrpcProxy",
  collections: ["targetGrpcProxies"],
  edges: parents("gcp_url_map", "urlMap"),
});

/** The address of a load balancer and where it leads. */
export const forwardingRule = defineResource({
  kind: "gcp_forwarding_rule",
  bases: ["gcp_resource", "load_balancer"],
  description: "The address of a load balancer and where it leads, in a region or everywhere.",
  collector: "forwarding_rules",
  service: "compute",
  schema: "ForwardingRule",
  collections: ["forwardingRules", "globalForwardingRules"],
  properties: {
    ip_address: { path: "IPAddress", default: "" },
    ip_protocol: { path: "IPProtocol", default: "" },
    load_balancing_scheme: { path: "loadBalancingScheme", default: "" },
    network_tier: { path: "networkTier", default: "" },
    port_range: { path: "portRange", default: "" },
  },
  values: (raw) => ({ lb_type: "gcp", backends: raw["$backends"] }),
  omit: ["fingerprint"],
  edges: parents("gcp_resource", "target", "backendService"),
  attach: backendsOf,
  last: true,
  labelling: { by: "setLabels" },
  deletable: true,
  cleanup: { first: [{ kind: "gcp_service_attachment" }], loose: { backends: [] } },
});

/** A certificate of a load balancer. */
export const sslCertificate = defineResource({
  kind: "gcp_ssl_certificate",
  bases: ["gcp_resource", "certificate"],
  pythonClass: "GCPSSLCertificate",
  description: "A certificate of a load balancer.",
  collector: "ssl_certificates",
  service: "compute",
  schema: "SslCertificate",
  collections: ["sslCertificates", "regionSslCertificates"],
  properties: {
    description: "description",
    certificate: "certificate",
    certificate_type: "type",
    certificate_managed: { path: "managed", type: "dictionary[any, any]" },
    subject_alternative_names: "subjectAlternativeNames",
  },
  // Some certificates have no time at all, which is no fault.
  values: (raw) => {
    const time = textAt(raw, "expireTime");
    return time === undefined ? {} : { expires: new Date(time) };
  },
  omit: ["expireTime", "privateKey", "selfManaged"],
  deletable: true,
});
