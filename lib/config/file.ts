import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { ConfigError, didYouMean } from "../errors/mod.ts";
import type { Given, GivenOptions } from "./given.ts";
import type { Option } from "./option.ts";

/** A configuration file: its path for messages, and its text. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** What to do about keys that are no options: a first reading does not know all options yet. */
export type UnknownKeys = "refuse" | "ignore";

/**
 * Reads a YAML file whose keys are long flags without dashes. Every scalar stays text, so that an
 * account id keeps its leading zeros and the rules for values are those of flags and variables.
 * @throws ConfigError with the line for broken YAML, unknown keys and nested values
 */
export function parseFile(
  file: ConfigFile,
  known: readonly Option[],
  unknown: UnknownKeys,
): GivenOptions {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { schema: "failsafe", lineCounter: lines });
  const place = (offset: number) => `${file.path}:${lines.linePos(offset).line}`;
  const broken = document.errors[0];
  if (broken !== undefined) {
    const problem = broken.message.split("\n")[0]?.replace(/ at line \d+, column \d+:$/, "");
    throw new ConfigError(`${place(broken.pos[0])}: ${problem}`, {
      context: { subject: file.path },
      hint: "The file must be YAML: one `flag: value` a line",
    });
  }
  const given = new Map<string, Given>();
  if (document.contents === null) return given;
  if (!isMap(document.contents)) throw notOptions(place(0));
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key)) throw notOptions(place(0));
    const origin = `${place(key.range?.[0] ?? 0)}: ${key.value}`;
    const option = known.find(({ name, env }) => name === key.value && env !== undefined);
    if (option === undefined) {
      if (unknown === "refuse") throw unknownKey(String(key.value), origin, known);
      continue;
    }
    const target = (node: unknown) => {
      if (!isAlias(node)) return node;
      const found = node.resolve(document);
      if (found === undefined) throw new ConfigError(`${origin}: nothing is named &${node.source}`);
      return found;
    };
    const texts = textsOf(target(value), option, origin, target);
    given.set(option.name, { texts, origin, source: "file" });
  }
  return given;
}

function notOptions(place: string): ConfigError {
  return new ConfigError(`${place}: this is no list of options`, {
    hint: "The file must be YAML: one `flag: value` a line",
  });
}

function unknownKey(key: string, origin: string, known: readonly Option[]): ConfigError {
  const names = known.filter((option) => option.env !== undefined && !option.later)
    .map((option) => option.name);
  return new ConfigError(`${origin}: unknown key`, {
    context: { subject: key },
    hint: didYouMean(key.replaceAll("_", "-"), names, "Keys are long flags without their dashes"),
  });
}

function textsOf(
  value: unknown,
  option: Option,
  origin: string,
  target: (node: unknown) => unknown,
): readonly string[] {
  if (value === null || value === undefined) return option.type === "list" ? [] : [""];
  if (isScalar(value)) return [String(value.value ?? "")];
  if (isSeq(value) && option.type === "list") {
    const texts = value.items.map(target)
      .map((item) => isScalar(item) ? String(item.value) : undefined);
    if (texts.every((text) => text !== undefined)) return texts;
  }
  const expected = option.type === "list" ? "a value or a list of values" : "one value";
  throw new ConfigError(`${origin}: must be ${expected}`);
}
