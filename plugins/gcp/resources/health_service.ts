import { defineResource, parents } from "../resource.ts";

/** Tells the health of endpoints by several checks. */
export const healthCheckService = defineResource({
  kind: "gcp_health_check_service",
  bases: ["gcp_resource", "resource"],
  description: "Tells the health of endpoints of a region by several checks.",
  collector: "health_check_services",
  service: "compute",
  schema: "HealthCheckService",
  collections: ["regionHealthCheckServices"],
  omit: ["fingerprint"],
  edges: [
    ...parents("gcp_health_check", "healthChecks[]"),
    ...parents("gcp_network_endpoint_group", "networkEndpointGroups[]"),
    ...parents("gcp_notification_endpoint", "notificationEndpoints[]"),
  ],
  deletable: true,
});

/** Who is told of changes of health. */
export const notificationEndpoint = defineResource({
  kind: "gcp_notification_endpoint",
  bases: ["gcp_resource", "resource"],
  description: "Whom a health check service tells of changes.",
  collector: "notification_endpoints",
  service: "compute",
  schema: "NotificationEndpoint",
  collections: ["regionNotificationEndpoints"],
  deletable: true,
  cleanup: { first: [{ kind: "gcp_health_check_service" }] },
});
