import { parseArgs } from "node:util";
import { ConfigError, didYouMean } from "../errors/mod.ts";
import type { Given, GivenOptions } from "./given.ts";
import type { Option } from "./option.ts";

/** A command line, read against a table of options. */
export interface Arguments {
  readonly given: GivenOptions;
  readonly positionals: readonly string[];
  /** Unknown, ambiguous and incomplete flags, in order; a first, lenient reading ignores them. */
  readonly problems: readonly ConfigError[];
}

type Token = NonNullable<ReturnType<typeof tokenise>>[number];
type Flag = Extract<Token, { kind: "option" }>;

/**
 * Reads arguments: `--flag value`, `--flag=value`, unique prefixes of long flags, and lists that
 * end at the next token starting with `-`. A flag given twice: the last counts, lists add up.
 */
export function parseArguments(args: readonly string[], options: readonly Option[]): Arguments {
  const tokens = tokenise(args);
  const given = new Map<string, Given>();
  const positionals: string[] = [];
  const problems: ConfigError[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === "positional") positionals.push(token.value);
    if (token?.kind !== "option") continue;
    const option = findOption(token, options);
    if (option instanceof ConfigError) {
      problems.push(option);
      continue;
    }
    const values = valuesOf(option, token, tokens.slice(at + 1));
    if (values instanceof ConfigError) problems.push(values);
    else {
      at += values.taken;
      const earlier = option.type === "list" ? given.get(option.name)?.texts ?? [] : [];
      given.set(option.name, {
        texts: [...earlier, ...values.texts],
        origin: `--${option.name}`,
        source: "flag",
      });
    }
  }
  return { given, positionals, problems };
}

function tokenise(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {},
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function findOption(token: Flag, options: readonly Option[]): Option | ConfigError {
  const short = !token.rawName.startsWith("--");
  const exact = options.find((option) =>
    short ? option.short === token.name : option.name === token.name
  );
  if (exact !== undefined) return exact;
  const candidates = short ? [] : options.filter((option) => option.name.startsWith(token.name));
  if (candidates.length === 1 && candidates[0] !== undefined) return candidates[0];
  return candidates.length === 0 ? unknownFlag(token, options) : ambiguousFlag(token, candidates);
}

function unknownFlag(token: Flag, options: readonly Option[]): ConfigError {
  const known = options.filter((option) => !option.later).map((option) => `--${option.name}`);
  return new ConfigError(`unknown flag ${token.rawName}`, {
    context: { subject: token.rawName },
    hint: didYouMean(token.rawName, known, "See --help for the flags that there are"),
  });
}

function ambiguousFlag(token: Flag, candidates: readonly Option[]): ConfigError {
  const names = candidates.map((option) => `--${option.name}`);
  return new ConfigError(`flag ${token.rawName} is short for several: ${names.join(", ")}`, {
    context: { subject: token.rawName },
    hint: "Write more of it",
  });
}

/** The texts of a flag and how many of the tokens behind it they took. */
function valuesOf(
  option: Option,
  token: Flag,
  rest: readonly Token[],
): { readonly texts: readonly string[]; readonly taken: number } | ConfigError {
  if (token.value !== undefined) return { texts: [token.value], taken: 0 };
  if (option.type === "boolean") return { texts: ["true"], taken: 0 };
  const words: string[] = [];
  for (const next of rest) {
    if (next.kind !== "positional") break;
    words.push(next.value);
    if (option.type !== "list") break;
  }
  if (words.length > 0) return { texts: words, taken: words.length };
  return new ConfigError(`--${option.name} needs a value`, {
    context: { subject: `--${option.name}` },
    hint: `Write --${option.name}=VALUE for a value that starts with a dash`,
  });
}
