import { QueryError } from "../../errors/mod.ts";
import type { Places } from "../places.ts";
import type { EdgeType } from "../tree.ts";

/** Sections of a node's document that paths may begin with. */
export const SECTIONS = ["reported", "desired", "metadata"] as const;
export type Section = typeof SECTIONS[number];

/** What the meaning of a piece of the text depends on. */
export interface BuildContext {
  readonly text: string;
  readonly places: Places;
  /** Section of paths that name none; undefined where paths start at an element or edge. */
  readonly section: Section | undefined;
  /** First words of the names under which nodes are merged in. */
  readonly names: ReadonlySet<string>;
  /** Type of the edges of navigations that name none. */
  readonly edgeType: EdgeType;
}

/** A fault at a place of the text. */
export function meaningError(
  { text }: Pick<BuildContext, "text">,
  at: number | undefined,
  message: string,
  hint?: string,
): QueryError {
  return new QueryError("meaning", message, {
    text,
    at,
    ...(hint === undefined ? {} : { hint }),
  });
}
