import type { Given, GivenOptions } from "./given.ts";
import type { Option } from "./option.ts";

/** Highest number of the `NAME0` … `NAME254` form of a list. */
const LAST_NUMBERED = 254;

/** Prefix of our variables, and those of the later generations of the worker, the strongest first. */
const PREFIXES = ["CKWORKER_", "FIXWORKER_", "RESOTOWORKER_"] as const;

/**
 * Reads variables; those of the later generations of the worker count where ours is absent. A list is one variable split at blanks, or one value unsplit in each of `NAME0`
 * to `NAME254`, gaps allowed; the first form wins.
 */
export function parseEnvironment(
  env: Readonly<Record<string, string>>,
  options: readonly Option[],
): GivenOptions {
  const given = new Map<string, Given>();
  for (const option of options) {
    for (const name of option.env === undefined ? [] : namesOf(option.env)) {
      const found = option.type === "list" ? listOf(env, name) : textOf(env, name);
      if (found === undefined) continue;
      given.set(option.name, { ...found, source: "variable" });
      break;
    }
  }
  return given;
}

/** `CKWORKER_FIXCORE_URI` is also `FIXWORKER_FIXCORE_URI` and `RESOTOWORKER_RESOTOCORE_URI`. */
function namesOf(name: string): readonly string[] {
  const rest = name.slice(PREFIXES[0].length);
  return PREFIXES.map((prefix) =>
    prefix + (prefix === "RESOTOWORKER_" ? rest.replace("FIXCORE", "RESOTOCORE") : rest)
  );
}

type Found = Omit<Given, "source">;

function textOf(env: Readonly<Record<string, string>>, name: string): Found | undefined {
  const text = env[name];
  return text === undefined ? undefined : { texts: [text], origin: name };
}

function listOf(env: Readonly<Record<string, string>>, name: string): Found | undefined {
  const text = env[name];
  if (text !== undefined) return { texts: text.split(/\s+/), origin: name };
  const numbers = Array.from({ length: LAST_NUMBERED + 1 }, (_, number) => `${name}${number}`);
  const present = numbers.filter((numbered) => env[numbered] !== undefined);
  if (present.length === 0) return undefined;
  return { texts: present.map((numbered) => env[numbered] ?? ""), origin: `${name}0…` };
}
