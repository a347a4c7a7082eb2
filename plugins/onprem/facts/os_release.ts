/** Reads a file of shell-like assignments such as `/etc/os-release`. */
export function readAssignments(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = "", value = ""] of text.matchAll(/^([A-Z_][A-Z0-9_]*)=(.*)$/gm)) {
    found[name] = unquote(value.trim());
  }
  return found;
}

function unquote(value: string): string {
  const [, quoted] = /^"(.*)"$/.exec(value) ?? /^'(.*)'$/.exec(value) ?? [];
  return (quoted ?? value).replaceAll(/\\(["$`\\])/g, "$1");
}
