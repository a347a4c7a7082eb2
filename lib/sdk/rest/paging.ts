import type { Verdict } from "./verdict.ts";

/** A page of a list, and what leads to the next one: a cursor, a link. */
export interface ListPage {
  readonly records: unknown;
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** What is wrong with a page that is none. */
export const NO_LIST: Verdict = {
  fault: "request",
  code: "NoList",
  message: "the answer is no list",
};

/** What is wrong with a list that goes in a circle. */
export function repeatedPage(code: string): Verdict {
  return { fault: "request", code, message: "the next page is one that was read before" };
}

/**
 * Pages of a list, to the last one.
 * @param read reads a page; undefined: the first one
 * @param fault makes the error for a page that is no list, or leads back to one that was read
 */
export async function* followPages(
  read: (place: string | undefined) => Promise<ListPage>,
  fault: (verdict: Verdict) => Error,
  { noList = NO_LIST, repeated = repeatedPage("RepeatedCursor") } = {},
): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<string>();
  let place: string | undefined;
  do {
    const { records, next } = await read(place);
    if (!Array.isArray(records)) throw fault(noList);
    yield records;
    if (next !== undefined && seen.has(next)) throw fault(repeated);
    if (next !== undefined) seen.add(next);
    place = next;
  } while (place !== undefined);
}
