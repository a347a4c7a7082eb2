import { extrasText, readExtras } from "./extras_text.ts";

/** Stands for the edges of a node among the properties that keep their last good value. */
export const KEEP_EDGES = "$edges";

/**
 * Extras of a line whose call for edges failed: the references of the stored node, and those that
 * the line has beside them.
 */
export function joinReferences(row: { readonly stored: string; readonly extras: string }): string {
  const sent = readExtras(row.extras);
  const known = readExtras(row.stored).e ?? [];
  const texts = new Set(known.map((reference) => JSON.stringify(reference)));
  const fresh = (sent.e ?? []).filter((reference) => !texts.has(JSON.stringify(reference)));
  const all = [...known, ...fresh];
  return extrasText(all.length === 0 ? sent : { ...sent, e: all });
}
