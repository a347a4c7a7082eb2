import { type Html, markup } from "./html.ts";
import { plural, whole } from "./text.ts";

const WIDTH = 200;
const HEIGHT = 36;
/** Points that fit; older ones are left out. */
const POINTS = 60;

/** A line over a soft area, with its story in words; nothing for fewer than two values. */
export function areaChart(values: readonly number[], what: string): Html | "" {
  const shown = values.slice(-POINTS);
  if (shown.length < 2) return "";
  const points = place(shown, WIDTH, HEIGHT);
  return markup`
    <svg
      class="chart"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${story(shown, what)}"
    >
      <polygon class="area" points="0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}" />
      <polyline class="line" points="${points}" />
    </svg>
  `;
}

/** The same as a line in a row of a table. */
export function sparkline(values: readonly number[], what: string): Html | "" {
  const shown = values.slice(-POINTS);
  if (shown.length < 2) return "";
  return markup`
    <svg
      class="spark"
      viewBox="0 0 80 18"
      preserveAspectRatio="none"
      role="img"
      aria-label="${story(shown, what)}"
    >
      <polyline class="line" points="${place(shown, 80, 18)}" />
    </svg>
  `;
}

function place(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  return values.map((value, index) => {
    const x = index / (values.length - 1) * width;
    const y = range === 0 ? height / 2 : (1 - (value - low) / range) * (height - 6) + 3;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  }).join(" ");
}

function story(values: readonly number[], what: string): string {
  return `${what} over ${plural(values.length, "run", "runs")}: from ${whole(values[0] ?? 0)} to ` +
    `${whole(values.at(-1) ?? 0)}, lowest ${whole(Math.min(...values))}, ` +
    `highest ${whole(Math.max(...values))}`;
}
