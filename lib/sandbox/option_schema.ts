import { z } from "zod";
import { PluginError } from "../errors/mod.ts";

/** The forms of an option that a manifest may use, as JSON schema. */
const optionSchema = z.looseObject({
  type: z.enum(["boolean", "integer", "number", "string", "array"]),
  enum: z.array(z.string()).min(1).optional(),
  items: z.looseObject({ type: z.literal("string") }).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]).optional(),
  description: z.string().max(2_000).optional(),
  secret: z.boolean().optional(),
});
type Option = z.infer<typeof optionSchema>;

/** JSON schema of a plugin's options. */
export const optionsSchema = z.looseObject({
  type: z.literal("object"),
  properties: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), optionSchema).default({}),
  required: z.array(z.string()).default([]),
});

/**
 * Rebuilds the schema of a third-party plugin's options on this side, so that they become flags like
 * those of any other. What JSON schema cannot say is checked once more in the guest, where the
 * plugin's own schema parses them.
 * @throws PluginError when an option is of a form that no flag has
 */
export function rebuildOptions(schema: z.infer<typeof optionsSchema>): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, option] of Object.entries(schema.properties)) {
    const value = describe(base(name, option), option);
    const isOptional = option.default === undefined && !schema.required.includes(name);
    shape[name] = option.default !== undefined
      ? value.default(option.default)
      : isOptional
      ? value.optional()
      : value;
  }
  return z.object(shape);
}

function base(name: string, option: Option): z.ZodType {
  switch (option.type) {
    case "boolean":
      return z.boolean();
    case "integer":
      return within(z.int(), option);
    case "number":
      return within(z.number(), option);
    case "string":
      return option.enum === undefined ? z.string() : z.enum(option.enum);
    case "array":
      if (option.items !== undefined) return z.array(z.string());
      throw new PluginError(`Option "${name}" is a list of something that is no text`);
  }
}

function within(value: z.ZodNumber, option: Option): z.ZodNumber {
  const { minimum = -Infinity, maximum = Infinity } = option;
  return value.min(minimum).max(maximum);
}

function describe(value: z.ZodType, option: Option): z.ZodType {
  return value.meta({
    ...(option.description === undefined ? {} : { description: option.description }),
    ...(option.secret === true ? { secret: true } : {}),
  });
}
