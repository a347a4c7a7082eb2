import { html as markup } from "hono/html";
import { span, utc } from "./text.ts";

/** Tag of markup; every inserted text is escaped. (The formatter cannot read templates of `html`.) */
export { markup };

/** Markup whose every inserted text is escaped. */
export type Html = ReturnType<typeof markup>;

/** A moment: how long ago it was at `now`, or its time. */
export function time(iso: string, now: string, form: "ago" | "absolute" = "ago"): Html {
  const text = form === "absolute" ? utc(iso) : ago(iso, now);
  return markup`
    <time datetime="${iso}" title="${utc(iso)}">${text}</time>
  `;
}

function ago(iso: string, now: string): string {
  const ms = Date.parse(now) - Date.parse(iso);
  if (Number.isNaN(ms)) return "some time ago";
  return ms < 1000 ? "just now" : `${span(ms)} ago`;
}

/** How good an outcome of a scope or a run is; the name of a colour in the style sheet. */
export function tone(outcome: string): "good" | "warn" | "bad" | "calm" {
  return TONES.get(outcome) ?? "calm";
}

const TONES: ReadonlyMap<string, "good" | "warn" | "bad"> = new Map([
  ["complete", "good"],
  ["whole", "good"],
  ["connected", "good"],
  ["partial", "warn"],
  ["incomplete", "warn"],
  ["throttled_out", "warn"],
  ["cancelled", "warn"],
  ["interrupted", "warn"],
  ["connecting", "warn"],
  ["disconnected", "warn"],
  ["denied", "bad"],
  ["failed", "bad"],
  ["rejected", "bad"],
]);
