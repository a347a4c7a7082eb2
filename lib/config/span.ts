const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Length of a span such as `90d`, `12h`, `8w`, `30m`, in milliseconds; the schema checked its form. */
export function spanMs(span: string): number {
  return Number(span.slice(0, -1)) * (UNIT_MS[span.slice(-1)] ?? NaN);
}
