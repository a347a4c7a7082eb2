import { html as markup } from "hono/html";
import { span, utc, whole } from "./text.ts";

/** Tag of markup; every inserted text is escaped. (The formatter cannot read templates of `html`.) */
export { markup };

/** Markup whose every inserted text is escaped. */
export type Html = ReturnType<typeof markup>;

/** A moment: how long ago it was at `now`, for how long it has lasted, or its time. */
export function time(iso: string, now: string, form: "ago" | "for" | "absolute" = "ago"): Html {
  const text = form === "absolute" ? utc(iso) : form === "for" ? since(iso, now) : ago(iso, now);
  return markup`<time datetime="${iso}" title="${utc(iso)}">${text}</time>`;
}

/** What was added, changed and removed: `+3 ~1 −2`, in words for who does not see it. */
export function changes(
  { added, changed, removed }: Readonly<Record<"added" | "changed" | "removed", number>>,
): Html | "" {
  const parts = [["+", "added", added], ["~", "changed", changed], [
    "−",
    "removed",
    removed,
  ]] as const;
  const shown = parts.filter(([, , count]) => count > 0);
  if (shown.length === 0) return "";
  const signs = shown.map(([sign, , count]) => `${sign}${whole(count)}`).join(" ");
  const words = shown.map(([, word, count]) => `${whole(count)} ${word}`).join(", ");
  return markup`<span aria-hidden="true">${signs}</span><span class="hidden">${words}</span>`;
}

/** A name that may break at its underscores. */
export function breakable(name: string): Html {
  return markup`${name.split("_").map((part, index) => markup`${index > 0 ? BREAK : ""}${part}`)}`;
}

const BREAK = markup`_<wbr>`;

function since(iso: string, now: string): string {
  const ms = Date.parse(now) - Date.parse(iso);
  return Number.isNaN(ms) ? "for some time" : `for ${span(ms)}`;
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
