/** Whether two JSON texts of properties say the same, key order and the given properties apart. */
export function sameBody(
  before: string,
  after: string,
  volatile: ReadonlySet<string>,
): boolean {
  if (before === after) return true;
  return changedProperties(before, after, volatile).length === 0;
}

/** Properties that differ between two JSON texts of objects, sorted; volatile ones left out. */
export function changedProperties(
  before: string,
  after: string,
  volatile: ReadonlySet<string>,
): string[] {
  const left = parseObject(before);
  const right = parseObject(after);
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names]
    .filter((name) => !volatile.has(name) && canonical(left[name]) !== canonical(right[name]))
    .sort();
}

/** Properties of a JSON text; an empty text has none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text === "" ? {} : JSON.parse(text);
  return isRecord(value) ? value : {};
}

/** JSON text with sorted keys at every level; undefined for an absent value. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, inner: unknown) => isRecord(inner) ? sorted(inner) : inner);
}

function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, value[key]]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
