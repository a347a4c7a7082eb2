/** Names of GitHub are the same in upper and lower case. */
export function fold(name: string): string {
  return name.toLowerCase();
}

/** Each name once, however it is written. */
export function distinct(names: readonly string[]): readonly string[] {
  const first = new Map<string, string>();
  for (const name of names) if (!first.has(fold(name))) first.set(fold(name), name);
  return [...first.values()];
}
