import type { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import { type Given, type GivenOptions, SOURCES } from "./given.ts";
import type { Option, OptionSet } from "./option.ts";
import { Secret } from "./secret.ts";
import { type RawValue, valueOf } from "./value.ts";

/** A set of options with its values, validated by its schema. */
export interface Resolved<Values> {
  readonly values: Values;
  /** Values of secret options, for the redactor. */
  readonly secrets: readonly Secret[];
  /** Sentences that the user should see once. */
  readonly warnings: readonly string[];
}

/** Where options may be given, the strongest first, and how to read files named by them. */
export interface Sources {
  readonly given: readonly GivenOptions[];
  /** @throws when the file cannot be read */
  readonly readText: (path: string) => string;
}

/**
 * Takes each option from the strongest source that has it and validates all by the schema.
 * @throws ConfigError that names the flag, variable or file line at fault
 */
export function resolve<Schema extends z.ZodObject>(
  set: OptionSet & { readonly schema: Schema },
  sources: Sources,
): Resolved<z.output<Schema>> {
  const found = set.options.flatMap((option) => {
    const given = sources.given.find((source) => source.has(option.name))?.get(option.name);
    return given === undefined ? [] : [readOption(option, given, sources)];
  });
  const values = validate(set, found);
  for (const { option, given, value } of found) refuseLater(option, given, value);
  return {
    values,
    secrets: found.flatMap(({ option, value }) =>
      isSecret(option) ? textsOf(value).map((text) => new Secret(text)) : []
    ),
    warnings: found.filter(({ value }) => value !== undefined).flatMap(({ option, given }) => [
      ...(option.secret && given.source === "flag" ? [exposed(option)] : []),
      ...(option.inert ? [`${given.origin}: has no effect`] : []),
    ]),
  };
}

interface Found {
  readonly option: Option;
  readonly given: Given;
  readonly value: RawValue;
}

function readOption(option: Option, given: Given, { readText }: Sources): Found {
  const value = valueOf(option, given);
  if (option.fileOf === undefined || option.later || typeof value !== "string") {
    return { option, given, value };
  }
  try {
    const text = readText(value).trimEnd();
    return { option, given, value: option.lines === true ? linesOf(text) : text };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${given.origin}: cannot read ${value}: ${why}`, {
      context: { subject: given.origin },
      cause,
    });
  }
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function textsOf(value: RawValue): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" ? value : [];
}

function isSecret(option: Option): boolean {
  return option.secret === true || option.fileOf !== undefined;
}

/** A value that asks for nothing (`false`, empty) is what this version does anyway. */
function refuseLater(option: Option, given: Given, value: RawValue): void {
  if (!option.later || value === false || value === undefined) return;
  throw new ConfigError(`${given.origin}: not in this version`, {
    context: { subject: given.origin },
    hint: "Leave it out; ckworker --once collects into the store",
  });
}

function exposed({ name, env }: Option): string {
  return `--${name} shows its value to everyone who may list processes: ` +
    `use --${name}-file or ${env}`;
}

function validate<Schema extends z.ZodObject>(
  set: OptionSet & { readonly schema: Schema },
  found: readonly Found[],
): z.output<Schema> {
  const weakestFirst = found.filter(({ value }) => value !== undefined)
    .toReversed().toSorted((a, b) => rank(b.given) - rank(a.given));
  const input = Object.fromEntries(
    weakestFirst.map(({ option, value }) => [option.fileOf ?? option.key, value]),
  );
  const result = set.schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const origin = found.find(({ option }) => (option.fileOf ?? option.key) === issue?.path[0])
    ?.given.origin;
  const subject = origin ?? (set.plugin === "" ? "options" : `options of ${set.plugin}`);
  throw new ConfigError(`${subject} ${ruleOf(issue)}`, { context: { subject } });
}

/** The value itself and its file form may both be given: the stronger source counts. */
function rank({ source }: Given): number {
  return SOURCES.indexOf(source);
}

function ruleOf(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case "too_small":
      return `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    default:
      return issue?.message ?? "is not valid";
  }
}
