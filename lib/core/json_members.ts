/** A member of a JSON object: its name, and its value as the text that stands there. */
export type Member = readonly [name: string, text: string];

/**
 * The members of a JSON object without reading their values, which keep every digit of their
 * numbers so.
 * @param object text of a valid JSON object
 */
export function jsonMembers(object: string): readonly Member[] {
  const members: Member[] = [];
  let name: string | undefined;
  let start = object.indexOf("{") + 1;
  let depth = 0;
  for (let at = start; at < object.length; at++) {
    const character = object[at];
    if (character === '"') at = stringEnd(object, at);
    else if (character === "[" || character === "{") depth++;
    else if (character === ":" && depth === 0) {
      name = JSON.parse(object.slice(start, at));
      start = at + 1;
    } else if (depth === 0 && (character === "," || character === "}")) {
      if (name !== undefined) members.push([name, object.slice(start, at).trim()]);
      name = undefined;
      start = at + 1;
    } else if (character === "]" || character === "}") depth--;
  }
  return members;
}

/** The JSON object with these members, in their order. */
export function jsonObject(members: Iterable<Member>): string {
  return `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
}

/** Index of the quote that ends the string that begins at an index. */
function stringEnd(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
