import type { Generation } from "./records.ts";

/** How queries are written for one generation of cores. */
export interface QueryWords {
  /** A path from the document on: `reported.kind`. */
  path(path: string): string;
  /** A text as a value. */
  text(value: string): string;
  /** A list of texts as a value. */
  list(values: readonly string[]): string;
  /** True for nodes that are not protected, no phantom and not cleaned up. */
  readonly untouched: string;
}

/**
 * Words of a generation. Paths of the newer one begin with `/`, else they would be looked for below
 * `reported`; marks that are not set are absent there, and the comparison holds for both.
 */
export function queryWords(dialect: Generation): QueryWords {
  const path = (path: string) => dialect === "fixcore" ? `/${path}` : path;
  const text = dialect === "fixcore" ? quoted : JSON.stringify;
  return {
    path,
    text,
    list: (values) => `[${values.map((value) => text(value)).join(", ")}]`,
    untouched: ["protected", "phantom", "cleaned"]
      .map((mark) => `${path(`metadata.${mark}`)} != true`).join(" and "),
  };
}

/** The time in the form in which cores keep and compare times. */
export function timeText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** The newer generation takes every other back slash as it is. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
}
