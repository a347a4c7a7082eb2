/** What `/proc/cpuinfo` tells. */
export interface Processors {
  /** How many there are, as the system counts them. */
  readonly count: number;
  /** What they are called, or what the machine is where they have no name; absent: neither. */
  readonly model?: string;
}

/** Where a name may stand, the best first: x86, MIPS, POWER, ARM boards, older ARM, RISC-V. */
const NAMES = ["model name", "cpu model", "cpu", "model", "hardware", "uarch"] as const;

/** Reads `/proc/cpuinfo` of any architecture; undefined when it lists no processor. */
export function readProcessors(text: string): Processors | undefined {
  const found = new Map<string, string>();
  let count = 0;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim();
    // s390 numbers them before the colon: `processor 0: version = …`.
    if (/^processor(\s+\d+)?$/.test(key)) count++;
    const value = line.slice(colon + 1).trim();
    const name = key.toLowerCase();
    if (value !== "" && !found.has(name)) found.set(name, value);
  }
  if (count === 0) return undefined;
  // On x86 "model" is a number.
  const model = NAMES.map((name) => found.get(name)).find((value) =>
    value !== undefined && !/^\d+$/.test(value)
  );
  return model === undefined ? { count } : { count, model };
}
