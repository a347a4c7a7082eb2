import { CkError, type NodeInput, type NodeReading } from "ckworker";
import type { Raw } from "../raw.ts";
import type { Resource } from "../resource.ts";
import { attachedTo } from "./listing.ts";
import type { Tools } from "./tools.ts";

/** An object with what belongs to it, as far as that can be asked for alone. */
export async function attachForReading(
  raw: Raw,
  { attach }: Resource,
  tools: Tools,
): Promise<{ readonly raw: Raw; readonly unknown: readonly string[] }> {
  if (attach === undefined) return { raw, unknown: [] };
  try {
    return attachedTo(raw, await attach.run(raw, tools));
  } catch (error) {
    if (!(error instanceof CkError)) throw error;
    return { raw, unknown: attach.gives };
  }
}

/** A node as a reading: what it does not tell is told as unknown. */
export function toReading({ name, reported, keep = [], phantom }: NodeInput): NodeReading {
  const unknown = keep.filter((each) => each !== "$edges");
  return {
    ...(name === undefined || name === null ? {} : { name }),
    reported,
    unknown,
    ...(phantom === true ? { phantom } : {}),
  };
}
