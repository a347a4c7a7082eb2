import { textAt } from "ckworker";
import type { Raw } from "../raw.ts";
import { defineResource, parents } from "../resource.ts";

/** Numbers are unique within an instance only. */
function backupIdWithin(raw: Raw): string | undefined {
  const [instance, id] = ["instance", "id"].map((path) => textAt(raw, path));
  return instance === undefined || id === undefined ? undefined : `${instance}/${id}`;
}

/** Names are unique within an instance only. */
function idWithin(raw: Raw): string | undefined {
  const [instance, name, host] = ["instance", "name", "host"].map((path) => textAt(raw, path));
  if (instance === undefined || name === undefined) return undefined;
  return `${instance}/${name}${host === undefined ? "" : `@${host}`}`;
}

const CHILD = {
  bases: ["gcp_resource", "resource"],
  service: "sqladmin",
  under: { kind: "gcp_database", parameters: { instance: "name" } },
  id: idWithin,
  omit: ["instance", "project"],
  edges: parents("gcp_database", "$parent"),
  orphan: true,
} as const;

/** A database of an instance of Cloud SQL. */
export const sqlDatabase = defineResource({
  ...CHILD,
  kind: "gcp_sql_database",
  description: "A database of an instance of Cloud SQL.",
  collector: "sql_databases",
  schema: "Database",
  collections: ["databases"],
  deletable: true,
  cleanup: { along: [{ with: ["gcp_database"], when: {} }] },
});

/** A user of an instance of Cloud SQL. */
export const sqlUser = defineResource({
  ...CHILD,
  kind: "gcp_sql_user",
  description: "A user of an instance of Cloud SQL.",
  collector: "sql_users",
  schema: "User",
  collections: ["users"],
});

/** A backup of an instance of Cloud SQL. */
export const sqlBackupRun = defineResource({
  ...CHILD,
  kind: "gcp_sql_backup_run",
  description: "A backup of an instance of Cloud SQL.",
  collector: "sql_backup_runs",
  schema: "BackupRun",
  collections: ["backupRuns"],
  id: backupIdWithin,
  name: "id",
  ctime: "enqueuedTime",
  omit: ["instance"],
  deletable: true,
  cleanup: { along: [{ with: ["gcp_database"], when: {} }] },
});
