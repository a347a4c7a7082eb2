/** SQLite's JSON path of a property; undefined for a name that no path can quote. */
export function propertyPath(name: string): string | undefined {
  return /["\\\p{Cc}]/u.test(name) ? undefined : `$."${name}"`;
}
