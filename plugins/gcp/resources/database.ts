import { recordsAt, textAt } from "ckworker";
import type { Raw } from "../raw.ts";
import { defineResource } from "../resource.ts";

/** An instance of Cloud SQL. */
export const database = defineResource({
  kind: "gcp_database",
  bases: ["gcp_resource", "database"],
  description: "An instance of Cloud SQL.",
  collector: "databases",
  service: "sqladmin",
  schema: "DatabaseInstance",
  collections: ["instances"],
  id: "name",
  ctime: "createTime",
  labels: "settings.userLabels",
  place: { zone: "gceZone" },
  properties: {
    db_type: "databaseVersion",
    db_status: "state",
    instance_type: "settings.tier",
    volume_size: { path: "settings.dataDiskSizeGb", absent: -1 },
  },
  values: (raw) => ({ db_endpoint: endpointOf(raw) }),
  omit: ["etag", "rootPassword", "serverCaCert", "replicaConfiguration", "onPremisesConfiguration"],
  volatile: ["current_disk_size", "settings"],
  labelling: { by: "patch", path: "settings.userLabels" },
  deletable: true,
  cleanup: { never: [{ "settings.deletion_protection_enabled": [true] }] },
});

function endpointOf(raw: Raw): string | undefined {
  const primary = recordsAt(raw, "ipAddresses").find((each) => each["type"] === "PRIMARY");
  return primary === undefined ? undefined : textAt(primary, "ipAddress");
}
