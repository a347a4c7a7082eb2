import { z } from "zod";

const schema = z.object({
  metadata: z.object({
    name: z.string().min(1),
    uid: z.string().min(1),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
    creationTimestamp: z.string().nullish(),
    selfLink: z.string().optional(),
    labels: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z.array(z.object({
      apiVersion: z.string(),
      kind: z.string(),
      uid: z.string().min(1),
    })).nullish(),
  }),
});

/** What every object tells of itself. */
export type Meta = z.infer<typeof schema>["metadata"];

/** Reads the metadata of an object; undefined for what is no object, such as one without uid. */
export function readMeta(raw: unknown): Meta | undefined {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data.metadata : undefined;
}
