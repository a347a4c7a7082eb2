/** `1 node`, `2 nodes`, `1 200 nodes`. */
export function plural(count: number, one: string, several: string): string {
  return `${whole(count)} ${count === 1 ? one : several}`;
}

/** A whole number with thin spaces between thousands. */
export function whole(count: number): string {
  return Math.round(count).toString().replaceAll(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** `a, b and 3 more`. */
export function allOf(names: readonly string[], shown: number): string {
  const rest = names.length - shown;
  if (rest > 1) return `${names.slice(0, shown).join(", ")} and ${rest} more`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** A span in its largest unit or two: `12 s`, `3 min`, `2 h 5 min`, `4 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} d`;
}

/** `2025-03-01 12:30 UTC`; a text that is no time stays as it is. */
export function utc(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `not enabled` for `not_enabled`. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}
