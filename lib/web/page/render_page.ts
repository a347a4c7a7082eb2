import type { StatusSnapshot } from "../status_snapshot.ts";
import { judge } from "../verdict.ts";
import { type Html, markup, time } from "./html.ts";
import { renderKinds } from "./render_kinds.ts";
import { renderNow } from "./render_now.ts";
import { renderRuns } from "./render_runs.ts";
import { renderTiles } from "./render_tiles.ts";
import { renderVerdict } from "./render_verdict.ts";
import { span } from "./text.ts";

/**
 * The status page of a snapshot. It is whole without its script, which only fetches it again and
 * takes over what changed.
 */
export function renderPage(snapshot: StatusSnapshot): Html {
  const verdict = judge(snapshot);
  const up = span(Date.parse(snapshot.at) - Date.parse(snapshot.startedAt));
  return markup`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <title>${verdict.headline} · ckworker</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <link rel="icon" type="image/svg+xml" href="icon.svg">
        <link rel="stylesheet" href="page.css">
        <script src="page.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#status">To the status</a>
        <header class="bar">
          <h1><span aria-hidden="true" class="mark"></span>ckworker</h1>
          <p class="live">
            <span id="freshness">As of the last load</span>
            <button id="pause" type="button" hidden>Pause</button>
          </p>
        </header>
        <main id="status" tabindex="-1">
          ${renderVerdict(snapshot, verdict)}
          ${renderTiles(snapshot)}
          ${renderNow(snapshot)}
          ${renderRuns(snapshot)}
          ${renderKinds(snapshot)}
          <footer data-key="foot" class="foot">
            <p>ckworker ${snapshot.version} · up for ${up} · state of ${
    time(snapshot.at, snapshot.at, "absolute")
  }</p>
            <p>
              <a href="metrics">Metrics</a> <a href="ready">Readiness</a> <a href="health">Health</a>
              <a href="status.json">This page as JSON</a>
            </p>
          </footer>
        </main>
      </body>
    </html>
  `;
}
