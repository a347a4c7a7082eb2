/** Formats of an export. */
export const EXPORT_FORMATS = ["ndjson", "json", "csv", "dot", "graphml", "parquet"] as const;
export type ExportFormat = typeof EXPORT_FORMATS[number];

/** Where an export goes; a write resolves when there is room for more. */
export interface ExportSink {
  write(bytes: Uint8Array): void | Promise<void>;
}
