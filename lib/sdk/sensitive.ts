import { createHmac } from "node:crypto";

/** What to do with members that hold secrets. */
export interface Sensitive {
  readonly keep: boolean;
  /** Hex. */
  readonly key: string;
}

/** Puts something harmless in the place of a secret text. */
export type Hide = (text: string) => string;

/** Makes the function that replaces texts by keyed hashes: a change shows, the secret does not. */
export function createHide({ keep, key }: Sensitive): Hide {
  if (keep) return (text) => text;
  const bytes = new Uint8Array(key.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []);
  return (text) =>
    `hmac-sha256:${createHmac("sha256", bytes).update(text).digest("hex").slice(0, 32)}`;
}
