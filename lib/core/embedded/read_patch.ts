import { z } from "zod";
import { CoreRejectedError } from "../../errors/mod.ts";
import type { NodePatch } from "../core.ts";
import type { SourceChange } from "./graph_source.ts";

const entrySchema = z.looseObject({ timestamp: z.string(), msg: z.string() });
export type LogEntry = z.infer<typeof entrySchema>;

const schema = z.strictObject({
  id: z.string().min(1),
  reported: z.strictObject({ tags: z.record(z.string(), z.string()) }).exactOptional(),
  desired: z.strictObject({ clean: z.boolean().exactOptional() }).nullable().exactOptional(),
  metadata: z.strictObject({
    protected: z.boolean().exactOptional(),
    cleaned: z.boolean().exactOptional(),
    event_log: z.array(entrySchema).exactOptional(),
  }).exactOptional(),
});

/** A patch in its parts. */
export interface ReadPatch extends Omit<SourceChange, "why" | "notes"> {
  readonly log: readonly LogEntry[];
}

/**
 * Reads a patch. What a cloud reports is the cloud's to change, so that of a node's properties only
 * the tags are taken, as the cloud has them after a change.
 * @throws CoreRejectedError for what is not kept about a node here
 */
export function readPatch(patch: NodePatch): ReadPatch {
  const parsed = schema.safeParse(withoutAbsent(patch));
  if (!parsed.success) throw refused(patch.id, parsed.error);
  const { id, reported, desired, metadata } = parsed.data;
  if (reported === undefined && desired === undefined && metadata === undefined) {
    throw new CoreRejectedError(400, `the change of node ${id} names no section`);
  }
  const clean = desired === null ? false : desired?.clean;
  return {
    id,
    ...(reported === undefined ? {} : { tags: reported.tags }),
    ...(clean === undefined ? {} : { clean }),
    ...(metadata?.protected === true ? { protect: true } : {}),
    ...(metadata?.cleaned === true ? { cleaned: true } : {}),
    log: metadata?.event_log ?? [],
  };
}

/** A section that is undefined is one that is not given. */
function withoutAbsent(patch: NodePatch): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function refused(id: string, { issues: [issue] }: z.ZodError): CoreRejectedError {
  const path = issue?.path.join(".") ?? "";
  const what = issue?.code === "unrecognized_keys"
    ? `${[path, issue.keys[0]].filter((part) => part !== "").join(".")} cannot be changed here`
    : `${path}: ${issue?.message ?? "it is no change of a node"}`;
  return new CoreRejectedError(400, `node ${id}: ${what}`, {
    hint: "The store keeps what clouds report; marks, protections, logs and tags can be changed",
  });
}
