import { defineResource, parents } from "../resource.ts";

/** Objects are known by their names. The API has no labels. */
const NAMED = {
  service: "firestore",
  link: ({ name }: Readonly<Record<string, unknown>>) =>
    `https://firestore.googleapis.com/v1/${name}`,
  deletable: true,
} as const;

/** A database of Firestore. */
export const firestoreDatabase = defineResource({
  ...NAMED,
  kind: "gcp_firestore_database",
  bases: ["gcp_resource", "database"],
  description: "A database of Firestore. Its documents are not read.",
  collector: "firestore_databases",
  schema: "GoogleFirestoreAdminV1Database",
  collections: ["projects.databases"],
  lists: [{
    operation: "projects.databases.list",
    parameters: { parent: "projects/{project}" },
  }],
  ctime: "createTime",
  mtime: "updateTime",
  place: { location: "locationId" },
  properties: { db_type: "type" },
  // Tags for policies, which are only written; and from when on it can be read.
  omit: ["tags", "earliestVersionTime"],
  cleanup: { never: [{ delete_protection_state: ["DELETE_PROTECTION_ENABLED"] }] },
});

/** A backup of a database. */
export const firestoreBackup = defineResource({
  ...NAMED,
  kind: "gcp_firestore_backup",
  bases: ["gcp_resource", "resource"],
  description: "A backup of a database of Firestore, which outlives it.",
  collector: "firestore_backups",
  schema: "GoogleFirestoreAdminV1Backup",
  collections: ["projects.locations.backups"],
  lists: [{
    operation: "projects.locations.backups.list",
    parameters: { parent: "projects/{project}/locations/-" },
  }],
  ctime: "snapshotTime",
  place: { location: "name" },
  edges: parents("gcp_firestore_database", "database"),
});
