import type { Kind } from "../model/mod.ts";

/** A cloud that one plugin lends to another, with everything that may be yielded of it. */
export interface LentCloud {
  readonly cloud: string;
  /** All kinds of its plugin, nested ones included. */
  readonly kinds: readonly Kind[];
}
