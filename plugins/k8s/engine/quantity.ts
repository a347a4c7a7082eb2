const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity such as `10Gi`, `500m` or `1e3`; undefined for text that is none. */
export function quantity(text: string): number | undefined {
  const match = /^([+-]?\d*\.?\d+|[+-]?\d+\.)(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, digits = "", exponent = "", suffix = ""] = match;
  const factor = FACTORS[suffix];
  return factor === undefined ? undefined : Number(digits + exponent) * factor;
}

/** Whole GiB of a quantity of bytes, rounded up as a volume of it takes that much. */
export function gibibytes(text: string): number | undefined {
  const bytes = quantity(text);
  return bytes === undefined ? undefined : Math.ceil(bytes / 2 ** 30);
}
