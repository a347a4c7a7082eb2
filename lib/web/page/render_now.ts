import { accountLabel } from "../../metrics/mod.ts";
import type { AccountProgress, RunningStatus, StatusSnapshot } from "../status_snapshot.ts";
import { type Html, markup, time } from "./html.ts";
import { plural, whole, words } from "./text.ts";

/** Accounts at work that are shown; the rest is counted. */
const SHOWN = 24;

/** What runs now, account by account. */
export function renderNow({ running, at }: StatusSnapshot): Html {
  return markup`
    <section data-key="now" class="card" aria-labelledby="now">
      <h2 id="now">Now</h2>
      ${
    running.length === 0
      ? markup`
          <p class="quiet">Nothing runs; it waits for its next action.</p>
        `
      : running.map((each) => action(each, at))
  }
    </section>
  `;
}

function action({ id, action, startedAt, accounts }: RunningStatus, now: string): Html {
  const done = accounts.filter(({ finished }) => finished).length;
  const working = accounts.filter(({ finished }) => !finished);
  const rest = working.length - SHOWN;
  return markup`
    <div class="action" data-key="${id}">
      <p><strong>${words(action)}</strong> <span class="quiet">began ${time(startedAt, now)}${
    accounts.length === 0
      ? ""
      : `; ${whole(done)} of ${plural(accounts.length, "account", "accounts")} done`
  }</span></p>
      ${
    working.length === 0 ? "" : markup`
        <ul class="progress">${working.slice(0, SHOWN).map((account) => line(account))}</ul>
      `
  }${
    rest > 0
      ? markup`
          <p class="quiet">and ${plural(rest, "account", "accounts")} more</p>
        `
      : ""
  }
    </div>
  `;
}

function line(progress: AccountProgress): Html {
  const { cloud, account, done, total, label } = progress;
  const name = `${cloud} ${accountLabel(progress)}`;
  const known = total > 0;
  const value = known ? Math.min(done / total, 1) : 0;
  const percent = known ? `${Math.floor(value * 100)} %` : "…";
  return markup`
    <li data-key="${cloud}/${account}">
      <span class="who">${name}</span>
      ${
    known
      ? markup`
          <progress max="1" value="${value.toFixed(3)}" aria-label="${name}">${percent}</progress>
        `
      : markup`
          <progress aria-label="${name}"></progress>
        `
  }
      <span class="percent">${percent}</span>
      <span class="quiet at">${known ? `${whole(done)} of ${whole(total)}` : ""}${
    label === "" ? "" : ` ${label}`
  }</span>
    </li>
  `;
}
