const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Length of units in milliseconds. A month has 30.5 days and a year 366, as in the first core. */
const UNITS: Readonly<Record<string, number>> = {
  ...named(SECOND, "s", "second", "seconds"),
  ...named(60 * SECOND, "m", "min", "minute", "minutes"),
  ...named(HOUR, "h", "hour", "hours"),
  ...named(DAY, "d", "day", "days"),
  ...named(7 * DAY, "w", "week", "weeks"),
  ...named(30.5 * DAY, "M", "mo", "month", "months"),
  ...named(366 * DAY, "y", "yr", "year", "years"),
};

/** Units that one core does not know: a tag with them sets no end there, so it sets none here. */
const NOT_IN_TAGS: ReadonlySet<string> = new Set(["min", "mo", "yr"]);

const PAIR = /(\d+(?:\.\d+)?)\s*([A-Za-z]+)(?:\s*,\s*|\s+and\s+|\s*)/y;
const ISO =
  /^P(?=.)(?:(?<W>\d+)W)?(?:(?<D>\d+)D)?(?:T(?=.)(?:(?<H>\d+)H)?(?:(?<M>\d+)M)?(?:(?<S>\d+)S)?)?$/;

/**
 * Length in milliseconds of `2d3h`, `1 week and 2 days`, `-90m`, `P2D`; undefined for other text.
 */
export function parseDuration(text: string): number | undefined {
  const { sign = "", rest = "" } = /^(?<sign>[+-]?)\s*(?<rest>.*)$/s.exec(text.trim())?.groups ??
    {};
  const length = isoLength(rest) ?? lengthOf(rest);
  return length === undefined ? undefined : sign === "-" ? -length : length;
}

/** Length in milliseconds of a duration in a tag, without blanks; undefined for other text. */
export function parseTagDuration(text: string): number | undefined {
  const words = text.match(/[A-Za-z]+/g) ?? [];
  if (!/^[+-]?(\d+(\.\d+)?[A-Za-z]+)+$/.test(text)) return undefined;
  return words.some((word) => NOT_IN_TAGS.has(word)) ? undefined : parseDuration(text);
}

/** The two largest units of a length: `412d`, `2d3h`, `12s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / SECOND);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const text = parts.slice(first, first + 2).filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`).join("");
  return first < 0 ? "0s" : `${ms < 0 ? "-" : ""}${text}`;
}

function lengthOf(text: string): number | undefined {
  if (text === "") return undefined;
  let sum = 0;
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const [, count, unit = ""] = PAIR.exec(text) ?? [];
    const length = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    if (length === undefined) return undefined;
    sum += Number(count) * length;
  }
  return sum;
}

function isoLength(text: string): number | undefined {
  const { W, D, H, M, S } = ISO.exec(text)?.groups ?? {};
  if ([W, D, H, M, S].every((part) => part === undefined)) return undefined;
  const hours = (Number(W ?? 0) * 7 + Number(D ?? 0)) * 24 + Number(H ?? 0);
  return hours * HOUR + (Number(M ?? 0) * 60 + Number(S ?? 0)) * SECOND;
}

function named(length: number, ...names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, length]));
}
