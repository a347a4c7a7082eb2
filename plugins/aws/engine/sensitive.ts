import { createHide, type Sensitive } from "ckworker";

/** Puts something harmless in the place of a secret. */
export type Redact = (value: unknown) => unknown;

/**
 * Makes the function that replaces secrets by keyed hashes. Maps and lists keep their form, so that the
 * value keeps its type; what is neither text nor a container of text is left out.
 */
export function createRedact(sensitive: Sensitive): Redact {
  if (sensitive.keep) return (value) => value;
  const hide = createHide(sensitive);
  const redact: Redact = (value) => {
    if (typeof value === "string") return hide(value);
    if (Array.isArray(value)) return value.map(redact).filter((each) => each !== undefined);
    if (typeof value !== "object" || value === null) return undefined;
    if (value instanceof Date || ArrayBuffer.isView(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, redact(part)]));
  };
  return redact;
}
