/** Date, then optionally a time with its zone; ISO 8601 as clouds and people write it. */
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?<zone>Z|[+-]\d\d:?\d\d)?)?$/;

/** A time as nodes report it: `YYYY-MM-DDTHH:MM:SSZ`. */
export function dateText(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** The time in the text of nodes; without a zone it is UTC. Undefined for other text. */
export function normalDate(text: string): string | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const zoned = text.length === 10 || match.groups?.zone !== undefined ? text : `${text}Z`;
  const time = Date.parse(zoned.replace(" ", "T").replace(/\s+/g, ""));
  return Number.isNaN(time) ? undefined : dateText(time);
}
