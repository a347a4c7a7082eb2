import { z } from "zod";

const DAY = 86_400;
const UNITS: readonly (readonly [string, number])[] = [["d", DAY], ["h", 3600], ["m", 60], [
  "s",
  1,
]];
const seconds = z.number().catch(0);

/** The seconds that a stored span of time is. */
export function secondsOf(value: unknown): number {
  return Math.trunc(seconds.parse(value));
}

/** A span as Python prints it: `3 days, 2:00:05`. */
export function spanInPython(span: number): string {
  const days = Math.floor(span / DAY);
  const rest = span - days * DAY;
  const [hours, minutes, left] = [rest / 3600, rest % 3600 / 60, rest % 60].map(Math.floor);
  const clock = `${hours}:${twoDigits(minutes)}:${twoDigits(left)}`;
  return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? "" : "s"}, ${clock}`;
}

/** A span as the later generation of cores reads it: `3d2h5s`. */
export function spanInUnits(span: number): string {
  let rest = Math.abs(span);
  let text = "";
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) text += `${count}${unit}`;
  }
  return `${span < 0 ? "-" : ""}${text === "" ? "0s" : text}`;
}

function twoDigits(number = 0): string {
  return String(number).padStart(2, "0");
}
