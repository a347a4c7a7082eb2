import type { CoreStatus, RunStatus, StatusSnapshot } from "../status_snapshot.ts";
import { areaChart } from "./chart.ts";
import { changes, type Html, markup, time, tone } from "./html.ts";
import { plural, whole } from "./text.ts";

/** The figures of a glance: the core, the graph, what waits. */
export function renderTiles(snapshot: StatusSnapshot): Html {
  return markup`
    <div data-key="tiles" class="tiles">
      ${snapshot.core === undefined ? alone() : coreTile(snapshot.core, snapshot.at)}
      ${graphTile(snapshot)}
      ${queueTile(snapshot)}
    </div>
  `;
}

function coreTile({ uri, state, since, dialect, lastError }: CoreStatus, now: string): Html {
  return markup`
    <section class="card" aria-labelledby="core">
      <h2 id="core">Core</h2>
      <p class="figure"><span class="dot ${tone(state)}" aria-hidden="true"></span>${state}</p>
      <p class="quiet">${time(since, now, "for")}${
    dialect === undefined ? "" : `, speaks ${dialect}`
  }</p>
      <p class="quiet wrap">${uri}</p>
      ${
    lastError === undefined ? "" : markup`
        <p class="quiet wrap">Last error ${time(lastError.at, now)}: ${lastError.message}</p>
      `
  }
    </section>
  `;
}

function alone(): Html {
  return markup`
    <section class="card" aria-labelledby="core">
      <h2 id="core">Core</h2>
      <p class="figure">none</p>
      <p class="quiet">The graph stays in the store.</p>
    </section>
  `;
}

function graphTile({ kinds, history, runs }: StatusSnapshot): Html {
  const nodes = kinds.reduce((sum, kind) => sum + kind.nodes, 0);
  const stale = kinds.reduce((sum, kind) => sum + kind.stale, 0);
  const [last] = runs;
  return markup`
    <section class="card" aria-labelledby="graph">
      <h2 id="graph">Graph</h2>
      <p class="figure">${whole(nodes)} <small>${nodes === 1 ? "node" : "nodes"}</small></p>
      <p class="quiet">${plural(kinds.length, "kind", "kinds")}${
    stale === 0 ? "" : `, ${whole(stale)} stale`
  }</p>
      ${last === undefined ? "" : markup`<p class="quiet">Last run ${lastChange(last)}</p>`}
      ${areaChart(history.map((point) => point.nodes), "Nodes")}
    </section>
  `;
}

function lastChange(run: RunStatus): Html {
  return markup`${changes(run) || "changed nothing"}`;
}

function queueTile({ queues, at }: StatusSnapshot): Html {
  const waiting = queues.actionsWaiting + queues.tasksWaiting + queues.uploadsPending;
  const oldest = queues.oldestUploadAt;
  return markup`
    <section class="card" aria-labelledby="queues">
      <h2 id="queues">Waiting</h2>
      <p class="figure">${waiting === 0 ? "nothing" : whole(waiting)}</p>
      <dl>
        <div>
          <dt>Actions</dt>
          <dd>${whole(queues.actionsWaiting)}</dd>
        </div>
        <div>
          <dt>Tasks</dt>
          <dd>${whole(queues.tasksWaiting)}, ${
    whole(
      queues.tasksRunning,
    )
  } running${queues.tasksFailed === 0 ? "" : `, ${whole(queues.tasksFailed)} failed`}</dd>
        </div>
        <div>
          <dt>Uploads</dt>
          <dd>${whole(queues.uploadsPending)}${
    oldest === undefined ? "" : markup`, oldest from ${time(oldest, at)}`
  }</dd>
        </div>
      </dl>
    </section>
  `;
}
