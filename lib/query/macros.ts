import { dateText } from "./date.ts";

const DAY = 86_400_000;
const WEEK_DAYS = ["SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"];

/**
 * Replaces the macros of the command line, also inside of quotes: `@NOW@` and `@UTC@`, `@TODAY@`,
 * `@TOMORROW@`, `@YESTERDAY@`, `@YEAR@` to `@SECOND@`, `@TIME@`, `@TZ@`, `@TZ_OFFSET@`, and
 * `@MONDAY@` to `@SUNDAY@`, which is the next such day, today included. All are UTC; unknown ones
 * stay.
 */
export function expandMacros(text: string, now: Date): string {
  const values = macrosAt(now);
  return text.replaceAll(/@([A-Z_]+)@/g, (macro, name: string) => values.get(name) ?? macro);
}

function macrosAt(now: Date): ReadonlyMap<string, string> {
  const text = dateText(now);
  const day = (offset: number) => dateText(now.getTime() + offset * DAY).slice(0, 10);
  return new Map([
    ["UTC", text],
    ["NOW", text],
    ["TODAY", day(0)],
    ["TOMORROW", day(1)],
    ["YESTERDAY", day(-1)],
    ["YEAR", text.slice(0, 4)],
    ["MONTH", text.slice(5, 7)],
    ["DAY", text.slice(8, 10)],
    ["TIME", text.slice(11, 19)],
    ["HOUR", text.slice(11, 13)],
    ["MINUTE", text.slice(14, 16)],
    ["SECOND", text.slice(17, 19)],
    ["TZ", "UTC"],
    ["TZ_OFFSET", "+0000"],
    ...WEEK_DAYS.map((name, index): [string, string] => [
      name,
      day((index - now.getUTCDay() + 7) % 7),
    ]),
  ]);
}
