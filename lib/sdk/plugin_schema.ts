import { z } from "zod";
import { type Call, CHANGE_TYPES, type Model } from "../model/mod.ts";

/** Names of kinds and properties at a core. */
const snakeCase = z.string().max(200).regex(/^[a-z][a-z0-9_]*$/, "must be snake_case");
const text = z.string().max(2_000);

const propertySchema = z.strictObject({
  name: z.string().max(200).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a plain name"),
  type: z.string().max(200),
  required: z.boolean().exactOptional(),
  description: text.exactOptional(),
  default: z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.tuple([]),
    z.record(z.string(), z.never()),
  ]).exactOptional(),
  synthetic: z.array(z.string()).exactOptional(),
  volatile: z.boolean().exactOptional(),
  dialect: z.boolean().exactOptional(),
});

const value = z.union([text, z.number(), z.boolean()]);
const matchSchema = z.record(text, z.array(value).max(1_000));
const cleanupSchema = z.strictObject({
  ended: z.array(matchSchema).exactOptional(),
  never: z.array(matchSchema).exactOptional(),
  along: z.array(z.strictObject({
    with: z.array(snakeCase),
    when: matchSchema,
    by: text.exactOptional(),
    only: z.boolean().exactOptional(),
  })).exactOptional(),
  first: z.array(z.strictObject({ kind: snakeCase, sharing: snakeCase.exactOptional() }))
    .exactOptional(),
  loose: z.record(text, z.array(value).max(1_000)).exactOptional(),
});

/** One kind of a model. */
export const kindSchema = z.strictObject({
  name: snakeCase,
  bases: z.array(snakeCase),
  properties: z.array(propertySchema).max(5_000),
  pythonType: text.exactOptional(),
  phantom: z.boolean().exactOptional(),
  nested: z.boolean().exactOptional(),
  targets: z.array(z.string()).exactOptional(),
  volatile: z.array(z.string()).exactOptional(),
  changes: z.array(z.enum(CHANGE_TYPES)).exactOptional(),
  cleanup: cleanupSchema.exactOptional(),
  description: text.exactOptional(),
  listing: snakeCase.exactOptional(),
});

/** A plugin's `model.json`. */
export const modelSchema = z.strictObject({
  kinds: z.array(kindSchema).max(10_000),
}) satisfies z.ZodType<Model>;

/** A plugin's `calls.json`. */
export const callsSchema = z.array(z.strictObject({
  call: text,
  permissions: z.array(text),
  purpose: z.enum(["read", "change"]),
  kinds: z.array(snakeCase),
})).max(10_000) satisfies z.ZodType<Call[]>;
