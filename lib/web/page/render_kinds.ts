import type { KindStatus, StatusSnapshot } from "../status_snapshot.ts";
import { sparkline } from "./chart.ts";
import { breakable, changes, type Html, markup } from "./html.ts";
import { plural, whole } from "./text.ts";

/** Kinds that are shown at once: the most frequent. */
const SHOWN = 10;

/** Counts by kind and how they went. */
export function renderKinds({ kinds }: StatusSnapshot): Html {
  const sorted = kinds.toSorted((a, b) => b.nodes - a.nodes || (a.kind < b.kind ? -1 : 1));
  const rest = sorted.slice(SHOWN);
  return markup`
    <section data-key="kinds" class="card" aria-labelledby="kinds">
      <h2 id="kinds">Kinds</h2>
      ${
    kinds.length === 0
      ? markup`
          <p class="quiet">No nodes yet.</p>
        `
      : table(sorted.slice(0, SHOWN), "The most frequent kinds")
  }${
    rest.length === 0 ? "" : markup`
        <details data-key="more">
          <summary class="more">${plural(rest.length, "more kind", "more kinds")}</summary>
          ${table(rest, "The other kinds")}
        </details>
      `
  }
    </section>
  `;
}

function table(kinds: readonly KindStatus[], caption: string): Html {
  return markup`
    <div class="scroll" tabindex="0" role="group" aria-label="${caption}">
      <table class="kinds">
        <caption>${caption}</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col" class="number">Nodes</th>
            <th scope="col" class="number">Change</th>
            <th scope="col" class="number">Stale</th>
            <th scope="col">History</th>
          </tr>
        </thead>
        <tbody>
          ${kinds.map(row)}
        </tbody>
      </table>
    </div>
  `;
}

function row({ kind, nodes, added, changed, removed, stale, history }: KindStatus): Html {
  return markup`
    <tr data-key="${kind}">
      <th scope="row"><code>${breakable(kind)}</code></th>
      <td class="number">${whole(nodes)}</td>
      <td class="number quiet">${changes({ added, changed, removed })}</td>
      <td class="number ${stale > 0 ? "stale" : ""}">${stale === 0 ? "" : whole(stale)}</td>
      <td class="trend">${sparkline(history, kind)}</td>
    </tr>
  `;
}
