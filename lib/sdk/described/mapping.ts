import { z } from "zod";

const fieldSchema = z.strictObject({
  /** Members joined by dots, of several the first that is there; in a structure one member. */
  path: z.union([z.string(), z.array(z.string())]),
  name: z.string(),
  /** A wire type, `S[]`, `dictionary[string, S]`, or the name of a structure, `compute.Tags`. */
  type: z.string(),
  /** Holds secrets: texts are hidden. */
  sensitive: z.boolean().exactOptional(),
  /** Provider's word → ours; a word that is not in it becomes `otherwise`. */
  map: z.record(z.string(), z.string()).exactOptional(),
  otherwise: z.string().exactOptional(),
  /** Value where the object gives none. */
  default: z.unknown().optional(),
});
const schema = z.strictObject({
  kinds: z.record(z.string(), z.array(fieldSchema)),
  structures: z.record(z.string(), z.array(fieldSchema)),
});

/**
 * How properties follow from the members of objects, by kind and by structure: generated from
 * declarations and the published description of an API.
 */
export type DescribedMapping = z.infer<typeof schema>;
/** One property. */
export type DescribedField = z.infer<typeof fieldSchema>;

/** Reads what a generator wrote. */
export function readMapping(value: unknown): DescribedMapping {
  return schema.parse(value);
}
