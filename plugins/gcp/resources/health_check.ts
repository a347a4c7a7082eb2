import { defineResource } from "../resource.ts";

const TIMES = {
  check_interval: "checkIntervalSec",
  healthy_threshold: "healthyThreshold",
  unhealthy_threshold: "unhealthyThreshold",
  timeout: "timeoutSec",
} as const;

/** A health check of any protocol. */
export const healthCheck = defineResource({
  kind: "gcp_health_check",
  bases: ["gcp_resource", "health_check"],
  description: "A health check of any protocol.",
  collector: "health_checks",
  service: "compute",
  schema: "HealthCheck",
  collections: ["healthChecks", "regionHealthChecks"],
  properties: { ...TIMES, health_check_type: "type" },
  deletable: true,
});

/** A legacy health check by HTTP. */
export const httpHealthCheck = defineResource({
  kind: "gcp_http_health_check",
  bases: ["gcp_resource", "health_check"],
  pythonClass: "GCPHTTPHealthCheck",
  description: "A legacy health check by HTTP.",
  collector: "http_health_checks",
  service: "compute",
  schema: "HttpHealthCheck",
  collections: ["httpHealthChecks"],
  properties: {
    host: { path: "host", default: "" },
    request_path: { path: "requestPath", default: "" },
    port: { path: "port", default: -1 },
    ...TIMES,
  },
  deletable: true,
});

/** A legacy health check by HTTPS. */
export const httpsHealthCheck = defineResource({
  kind: "gcp_https_health_check",
  bases: ["gcp_http_health_check"],
  pythonClass: "GCPHTTPSHealthCheck",
  description: "A legacy health check by HTTPS.",
  collector: "https_health_checks",
  service: "compute",
  schema: "HttpsHealthCheck",
  collections: ["httpsHealthChecks"],
  properties: {
    host: { path: "host", default: "" },
    request_path: { path: "requestPath", default: "" },
    port: { path: "port", default: -1 },
    ...TIMES,
  },
  values: () => ({ health_check_type: "HTTPS" }),
  deletable: true,
});
