import { type Document, LineCounter, parseDocument } from "yaml";

/** A YAML text and where its lines begin. */
export interface YamlDocument {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Reads a YAML text whose scalars all stay text; what is wrong with it is in the document. */
export function parseYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  return { document: parseDocument(text, { schema: "failsafe", lineCounter: lines }), lines };
}
