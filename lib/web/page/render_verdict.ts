import type { StatusSnapshot } from "../status_snapshot.ts";
import type { Remedy, Verdict } from "../verdict.ts";
import { type Html, markup, time } from "./html.ts";
import { allOf, plural, whole, words } from "./text.ts";

/** Remedies that are shown at once. */
const SHOWN = 8;

/** The answer at a glance, and what to do. */
export function renderVerdict(snapshot: StatusSnapshot, verdict: Verdict): Html {
  return markup`
    <section data-key="verdict" class="verdict ${verdict.level}" aria-labelledby="headline">
      <span class="light" aria-hidden="true"></span>
      <div>
        <div role="status"><h2 id="headline">${verdict.headline}</h2></div>
        <p>${verdict.sentence}</p>
        <p>${doing(snapshot)} ${ended(snapshot)}</p>
      </div>
    </section>
    ${verdict.remedies.length === 0 ? "" : remedies(verdict.remedies)}
  `;
}

function doing({ running }: StatusSnapshot): string {
  if (running.length === 0) return "Nothing runs now.";
  const accounts = running.flatMap((each) => each.accounts);
  const done = accounts.filter(({ finished }) => finished).length;
  const names = allOf([...new Set(running.map(({ action }) => words(action)))], 3);
  if (accounts.length === 0) return `Now: ${names}.`;
  return `Now: ${names}, ${whole(done)} of ${plural(accounts.length, "account", "accounts")} done.`;
}

function ended({ runs: [last], at }: StatusSnapshot): Html | "" {
  if (last === undefined) return "";
  return markup`Last run ${time(last.finishedAt ?? last.startedAt, at)}.`;
}

function remedies(all: readonly Remedy[]): Html {
  const rest = all.length - SHOWN;
  return markup`
    <section data-key="todo" class="card todo" aria-labelledby="todo">
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
