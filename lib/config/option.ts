import { z } from "zod";

/** How an option's text is read. */
export type OptionType = "boolean" | "integer" | "number" | "string" | "list";

/** What a schema's `meta()` may say about an option beside its description. */
export interface OptionMeta {
  /** One letter, without the dash. */
  readonly short?: string;
  /** Heading in the help text. */
  readonly group?: string;
  /** Name of the value in the help text. */
  readonly placeholder?: string;
  /** Words for a default that is computed. */
  readonly defaultText?: string;
  /** Gets a `-file` form and is never printed. */
  readonly secret?: boolean;
  /** Known, but not in this version: absent from the help text, refused when used. */
  readonly later?: boolean;
  /** Taken for the sake of the original worker and without effect, which its use is told. */
  readonly inert?: boolean;
  /** Neither variable nor file key. */
  readonly flagOnly?: boolean;
  /** Taken by every command, not only by those that collect. */
  readonly everywhere?: boolean;
  /** Its flag is the plugin's name alone: what switches a plugin on. */
  readonly bare?: boolean;
}

/** One option: flag, variable and file key in one declaration. */
export interface Option extends OptionMeta {
  /** Key in its schema. */
  readonly key: string;
  /** Long flag without dashes; also the key in a file. */
  readonly name: string;
  /** Variable; absent for options that are flags only. */
  readonly env: string | undefined;
  readonly type: OptionType;
  readonly choices: readonly string[] | undefined;
  readonly default: unknown;
  readonly help: string;
  readonly group: string;
  /** The option whose value is the content of the named file. */
  readonly fileOf?: string;
  /** That option is a list, of which the file has one value a line. */
  readonly lines?: boolean;
}

/** Options that are validated together: of the program, of a command or of one plugin. */
export interface OptionSet {
  /** Plugin's name; empty for the program's and a command's own. */
  readonly plugin: string;
  readonly schema: z.ZodObject;
  readonly options: readonly Option[];
}

/** A plugin's part that this folder needs; a manifest has it. */
export interface PluginOptions {
  readonly name: string;
  readonly type?: "collector" | "action";
  readonly options: z.ZodObject;
}

/** Options of a plugin: key `role_override` of `aws` is `--aws-role-override`. */
export function pluginOptionSet({ name, type, options }: PluginOptions): OptionSet {
  return optionSet(options, { plugin: name, group: `${titleOf(type)} ${name}` });
}

function titleOf(type: PluginOptions["type"]): string {
  return type === "action" ? "Action" : "Collector";
}

/** Derives the options from a zod object: types, choices, defaults, help and meta. */
export function optionSet(
  schema: z.ZodObject,
  { plugin = "", group }: { readonly plugin?: string; readonly group: string },
): OptionSet {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const options = Object.entries(properties).flatMap(([key, property]) =>
    typeof property === "boolean" ? [] : optionsOf(key, property, plugin, group)
  );
  return { plugin, schema, options };
}

function optionsOf(
  key: string,
  property: z.core.JSONSchema.BaseSchema,
  plugin: string,
  group: string,
): readonly Option[] {
  const meta = metaSchema.parse(property);
  const parts = meta.bare ? [plugin] : [plugin, key];
  const name = parts.filter((part) => part !== "").join("-").replaceAll("_", "-");
  const option: Option = {
    group,
    ...meta,
    key,
    name,
    env: meta.flagOnly ? undefined : variableOf(name),
    type: typeOf(property),
    choices: choicesOf(property),
    default: property.default,
    help: property.description ?? "",
  };
  return meta.secret ? [option, fileForm(option)] : [option];
}

function fileForm({ key, name, type, group, later }: Option): Option {
  return {
    key: `${key}_file`,
    name: `${name}-file`,
    env: variableOf(`${name}-file`),
    type: "string",
    choices: undefined,
    default: undefined,
    help: type === "list"
      ? `File that holds the values of --${name}, one a line`
      : `File that holds the value of --${name}`,
    group,
    placeholder: "FILE",
    fileOf: key,
    ...(type === "list" ? { lines: true } : {}),
    ...(later === undefined ? {} : { later }),
  };
}

/** `pool-size` → `CKWORKER_POOL_SIZE`. */
function variableOf(name: string): string {
  return `CKWORKER_${name.replaceAll("-", "_").toUpperCase()}`;
}

function typeOf(property: z.core.JSONSchema.BaseSchema): OptionType {
  switch (property.type) {
    case "boolean":
    case "integer":
    case "number":
      return property.type;
    case "array":
      return "list";
    default:
      return "string";
  }
}

function choicesOf(property: z.core.JSONSchema.BaseSchema): readonly string[] | undefined {
  const values = z.object({ enum: z.array(z.string()) });
  const listed = z.object({ items: values }).safeParse(property);
  if (listed.success) return listed.data.items.enum;
  return values.safeParse(property).data?.enum;
}

const metaSchema = z.object({
  short: z.string().length(1).exactOptional(),
  group: z.string().exactOptional(),
  placeholder: z.string().exactOptional(),
  defaultText: z.string().exactOptional(),
  secret: z.boolean().exactOptional(),
  later: z.boolean().exactOptional(),
  inert: z.boolean().exactOptional(),
  flagOnly: z.boolean().exactOptional(),
  everywhere: z.boolean().exactOptional(),
  bare: z.boolean().exactOptional(),
});
