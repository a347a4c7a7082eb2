/**
 * Third schema: `uploads.due_run` is the last run of the cloud that was made for the core. Other runs
 * of the store are none of the core's business.
 */
export const SCHEMA_V3 = "ALTER TABLE uploads ADD COLUMN due_run INTEGER;";
