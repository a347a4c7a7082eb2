import type { Generation } from "./action/records.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Units of configuration, the greatest first; any beginning of a word means it. */
const UNITS = [["weeks", WEEK], ["days", DAY], ["hours", HOUR], ["minutes", MINUTE]] as const;

/**
 * Reads a span of time from configuration: `7d`, `2 weeks`, `1w 2d`. Units are weeks, days, hours and
 * minutes or any beginning of these words; one that is given twice counts with its last number.
 * @returns milliseconds; undefined for any other text, `never` and units like seconds and years too
 */
export function parseDelta(text: string): number | undefined {
  if (!/^\s*(\d+\s*[a-z]+\s*)+$/.test(text)) return undefined;
  const amounts = new Map<number, number>();
  for (const [, amount = "", word = ""] of text.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const unit = UNITS.find(([name]) => name.startsWith(word));
    if (unit === undefined) return undefined;
    amounts.set(unit[1], Number(amount));
  }
  const total = [...amounts].reduce((sum, [unit, amount]) => sum + unit * amount, 0);
  return Number.isSafeInteger(total) ? total : undefined;
}

/**
 * Writes a span of time in words that {@link parseDelta} and every core read: `1w2d`, `1h30m`, `0m`.
 * Seconds are rounded up to a minute.
 * @param ms milliseconds; negative ones get a sign
 */
export function deltaToText(ms: number): string {
  let rest = Math.ceil(Math.abs(ms) / MINUTE) * MINUTE;
  let text = "";
  for (const [name, unit] of UNITS) {
    const amount = Math.floor(rest / unit);
    rest -= amount * unit;
    if (amount > 0) text += `${amount}${name[0]}`;
  }
  if (text === "") return "0m";
  return ms < 0 ? `-${text}` : text;
}

/** Units of expiration tags at each generation of cores, longer names than these with an `s`. */
const TAG_UNITS: Readonly<Record<Generation, Readonly<Record<string, number>>>> = {
  ckcore: tagUnits(30.5, 366),
  fixcore: { ...tagUnits(31, 365), min: MINUTE, mo: 31 * DAY, yr: 365 * DAY },
};

function tagUnits(monthDays: number, yearDays: number): Record<string, number> {
  const units = {
    second: 1_000,
    minute: MINUTE,
    hour: HOUR,
    day: DAY,
    week: WEEK,
    month: monthDays * DAY,
    year: yearDays * DAY,
  };
  const full = Object.entries(units).flatMap(([name, ms]) =>
    [[name, ms], [`${name}s`, ms]] as const
  );
  const short = Object.entries(units).map(([name, ms]) =>
    [name === "month" ? "M" : name.slice(0, 1), ms] as const
  );
  return Object.fromEntries([...full, ...short]);
}

/**
 * Reads an expiration tag as a core does when it computes when a node expires: a sign, then numbers
 * with units and no blanks: `30s`, `1.5h`, `1y2M`, `2days`.
 * @returns milliseconds; undefined for what a core does not read, so that the node never expires
 */
export function parseTagDuration(text: string, dialect: Generation): number | undefined {
  if (!/^[+-]?(\d+(\.\d+)?[A-Za-z]+)+$/.test(text)) return undefined;
  const units = new Map(Object.entries(TAG_UNITS[dialect]));
  let total = 0;
  for (const [, amount = "", word = ""] of text.matchAll(/(\d+(?:\.\d+)?)([A-Za-z]+)/g)) {
    const unit = units.get(word);
    if (unit === undefined) return undefined;
    total += Number(amount) * unit;
  }
  return text.startsWith("-") ? -total : total;
}
