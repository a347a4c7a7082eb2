/** Forms in which an answer is printed. */
export const QUERY_FORMATS = ["table", "json", "ndjson", "csv", "dot", "svg", "mermaid"] as const;
export type QueryFormat = typeof QUERY_FORMATS[number];
