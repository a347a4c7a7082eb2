import type { NodeExtras } from "../model/mod.ts";

/** Extras in one order of keys, without what only this run needs; empty when there are none. */
export function extrasText({ z, e, t, o, ph, pr }: NodeExtras): string {
  if ((z ?? e ?? t ?? o ?? ph ?? pr) === undefined) return "";
  return JSON.stringify({ z, e, t, o, ph, pr });
}

/** Extras of a stored text. */
export function readExtras(text: string): NodeExtras {
  return text === "" ? {} : JSON.parse(text);
}
