import { ConfigError } from "../errors/mod.ts";
import type { Given } from "./given.ts";
import type { Option } from "./option.ts";

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "1", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "off"].map((word) => [word, false] as const),
]);

/** A value before its schema has seen it; undefined means the default. */
export type RawValue = boolean | number | string | readonly string[] | undefined;

/**
 * Reads an option's text as its type. An empty text is the default of a text option and an empty
 * list; it is an error for everything else.
 * @throws ConfigError that names the flag, variable or line; never the text of a secret
 */
export function valueOf(option: Option, given: Given): RawValue {
  if (option.type === "list") return listOf(option, given);
  const text = given.texts.at(-1) ?? "";
  switch (option.type) {
    case "boolean":
      return booleanOf(text, given);
    case "integer":
    case "number":
      return numberOf(text, option.type, given);
    case "string":
      return stringOf(text, option, given);
  }
}

/** What a word says as a boolean; undefined for other words. */
export function booleanWord(text: string): boolean | undefined {
  return WORDS.get(text.trim().toLowerCase());
}

function listOf({ choices }: Option, given: Given): readonly string[] {
  const texts = choices === undefined
    ? given.texts
    : given.texts.flatMap((text) => text.split(","));
  const words = texts.filter((text) => text.trim() !== "");
  const wrong = words.find((word) => choices !== undefined && !choices.includes(word));
  if (wrong !== undefined) throw invalid(given, `must be any of ${choices?.join(", ")}`, wrong);
  return words;
}

function booleanOf(text: string, given: Given): boolean {
  const value = booleanWord(text);
  if (value === undefined) throw invalid(given, "must be true or false", text);
  return value;
}

function numberOf(text: string, type: "integer" | "number", given: Given): number {
  const form = type === "integer" ? /^[+-]?\d+$/ : /^[+-]?\d+(\.\d+)?$/;
  if (form.test(text.trim())) return Number(text);
  throw invalid(given, type === "integer" ? "must be a whole number" : "must be a number", text);
}

function stringOf(text: string, { choices, secret }: Option, given: Given): string | undefined {
  if (choices !== undefined && !choices.includes(text)) {
    throw invalid(given, `must be one of ${choices.join(", ")}`, secret ? undefined : text);
  }
  return text === "" ? undefined : text;
}

function invalid(given: Given, rule: string, text: string | undefined): ConfigError {
  const found = text === undefined ? "" : text === "" ? ", but is empty" : `, not ${quote(text)}`;
  return new ConfigError(`${given.origin} ${rule}${found}`, {
    context: { subject: given.origin },
    ...(text === "" ? { hint: "Give it a value or leave it out" } : {}),
  });
}

function quote(text: string): string {
  return JSON.stringify(text);
}
