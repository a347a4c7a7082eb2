import type { StatusSnapshot } from "../status_snapshot.ts";
import type { Remedy, Verdict } from "../verdict.ts";
import { type Html, markup, time } from "./html.ts";
import { plural } from "./text.ts";

/** Remedies that are shown at once. */
const SHOWN = 8;

/** The answer at a glance, and what to do. */
export function renderVerdict(snapshot: StatusSnapshot, verdict: Verdict): Html {
  const [last] = snapshot.runs;
  const ended = last === undefined ? "" : markup`
    Last run ${time(last.finishedAt ?? last.startedAt, snapshot.at)}.
  `;
  return markup`
    <section class="verdict ${verdict.level}" aria-labelledby="headline">
      <span class="light" aria-hidden="true"></span>
      <div role="status">
        <h2 id="headline">${verdict.headline}</h2>
        <p>${verdict.sentence}${ended}</p>
      </div>
    </section>
    ${verdict.remedies.length === 0 ? "" : remedies(verdict.remedies)}
  `;
}

function remedies(all: readonly Remedy[]): Html {
  const rest = all.length - SHOWN;
  return markup`
    <section class="card todo" aria-labelledby="todo">
      <h2 id="todo">What to do</h2>
      <ul>
        ${
    all.slice(0, SHOWN).map(({ level, what, todo }) =>
      markup`
            <li class="${level}">
              <p class="what"><span class="hidden">${
        level === "bad" ? "Error: " : "Warning: "
      }</span>${what}</p>${
        todo === "" ? "" : markup`
                <p class="cure">${todo}</p>
              `
      }
            </li>
          `
    )
  }
      </ul>${
    rest > 0
      ? markup`
          <p class="quiet">And ${plural(rest, "thing", "things")} more.</p>
        `
      : ""
  }
    </section>
  `;
}
