import { createHmac } from "node:crypto";

/** What to do with members that hold secrets. */
export interface Sensitive {
  readonly keep: boolean;
  /** Hex. */
  readonly key: string;
}

/** Puts something harmless in the place of a secret. */
export type Redact = (value: unknown) => unknown;

/**
 * Makes the function that replaces secrets by keyed hashes, so that a change shows and the secret
 * does not. Maps and lists keep their form, so that the value keeps its type; what is neither text
 * nor a container of text is left out.
 */
export function createRedact({ keep, key }: Sensitive): Redact {
  if (keep) return (value) => value;
  const bytes = new Uint8Array(key.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? []);
  const redact: Redact = (value) => {
    if (typeof value === "string") {
      return `hmac-sha256:${createHmac("sha256", bytes).update(value).digest("hex").slice(0, 32)}`;
    }
    if (Array.isArray(value)) return value.map(redact).filter((each) => each !== undefined);
    if (typeof value !== "object" || value === null) return undefined;
    if (value instanceof Date || ArrayBuffer.isView(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, redact(part)]));
  };
  return redact;
}
