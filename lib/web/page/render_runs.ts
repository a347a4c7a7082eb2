import { accountLabel } from "../../metrics/mod.ts";
import type { AccountStatus, FaultStatus, RunStatus, StatusSnapshot } from "../status_snapshot.ts";
import { changes, type Html, markup, time, tone } from "./html.ts";
import { allOf, plural, span, utc, whole, words } from "./text.ts";

/** Runs that are shown. */
const SHOWN = 12;

/** The last runs, each with its accounts behind a click. */
export function renderRuns({ runs, at }: StatusSnapshot): Html {
  return markup`
    <section data-key="runs" class="card" aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      ${
    runs.length === 0
      ? markup`
          <p class="quiet">None yet.</p>
        `
      : markup`
          <div class="runs">${runs.slice(0, SHOWN).map((run) => renderRun(run, at))}</div>
        `
  }
    </section>
  `;
}

function renderRun(run: RunStatus, now: string): Html {
  const { id, outcome, startedAt, finishedAt } = run;
  const took = finishedAt === null ? "" : span(Date.parse(finishedAt) - Date.parse(startedAt));
  return markup`
    <details data-key="${id}">
      <summary>
        <span class="badge ${tone(outcome)}">${outcome}</span>
        <span class="when">${time(finishedAt ?? startedAt, now)}</span>
        <span class="quiet took">${took === "" ? "" : `took ${took}`}</span>
        <span class="nodes">${plural(run.nodes, "node", "nodes")}</span>
        <span class="quiet change">${changes(run) || "no change"}</span>
        <span class="quiet faulty">${troubles(run.scopes)}</span>
        <span class="scopes">${scopeBar(run.scopes)}</span>
      </summary>
      <div class="inside">
        <p class="quiet">
          Run ${id}, ${utc(startedAt)}${
    took === "" ? "" : ` to ${utc(finishedAt ?? "")}`
  }. Scopes: ${scopeText(run.scopes)}.${
    run.stale === 0 ? "" : ` ${plural(run.stale, "node is", "nodes are")} stale.`
  }
        </p>
        ${collectors(run)} ${run.accounts.length === 0 ? "" : accounts(run.accounts)}
      </div>
    </details>
  `;
}

/** The outcomes that somebody may have to look at. */
function troubles(scopes: RunStatus["scopes"]): string {
  return ordered(scopes).filter(([outcome]) => tone(outcome) === "bad" || tone(outcome) === "warn")
    .map(([outcome, count]) => `${whole(count)} ${words(outcome)}`).join(", ");
}

/** Outcomes in the order of the bar: what is well first. */
const ORDER = [
  "complete",
  "unsupported",
  "gone",
  "not_enabled",
  "skipped",
  "partial",
  "cancelled",
  "throttled_out",
  "denied",
  "failed",
];

function ordered(scopes: RunStatus["scopes"]): readonly (readonly [string, number])[] {
  return Object.entries(scopes)
    .flatMap(([outcome, count = 0]) => count > 0 ? [[outcome, count] as const] : [])
    .toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
}

function scopeText(scopes: RunStatus["scopes"]): string {
  const parts = ordered(scopes).map(([outcome, count]) => `${whole(count)} ${words(outcome)}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

/** How the scopes ended, as one bar; the same in words for who does not see it. */
function scopeBar(scopes: RunStatus["scopes"]): Html | "" {
  const parts = ordered(scopes);
  const total = parts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return "";
  let x = 0;
  const pieces = parts.map(([outcome, count]) => {
    // A single failed scope of thousands stays visible.
    const width = Math.max(count / total * 100, 2);
    const piece = markup`
      <rect class="${tone(outcome)}" x="${x.toFixed(2)}" y="0" width="${
      width.toFixed(
        2,
      )
    }" height="6" />
    `;
    x += width;
    return piece;
  });
  return markup`
    <svg
      class="scopebar"
      viewBox="0 0 ${x.toFixed(2)} 6"
      preserveAspectRatio="none"
      role="img"
      aria-label="Scopes: ${scopeText(scopes)}"
    >
      ${pieces}
    </svg>
  `;
}

function collectors(run: RunStatus): Html | "" {
  const others = run.collectors.filter(({ status }) => status !== "collected");
  if (others.length === 0) return "";
  return markup`
    <ul class="collectors">${
    others.map(({ name, status, reason, hint }) =>
      markup`
        <li>
          <span class="badge ${tone(status)}">${words(status)}</span> <strong>${name}</strong>
          ${reason}${
        hint === undefined ? "" : markup`
            <span class="cure">${hint}</span>
          `
      }
        </li>
      `
    )
  }</ul>
  `;
}

function accounts(all: readonly AccountStatus[]): Html {
  return markup`
    <div class="scroll" tabindex="0" role="group" aria-label="Accounts of this run">
      <table class="accounts">
        <caption>Accounts, those with faults first</caption>
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col" class="number">Nodes</th>
            <th scope="col">Scopes</th>
          </tr>
        </thead>
        <tbody>
          ${
    all.map((account) =>
      markup`
              <tr>
                <th scope="row">${account.cloud} ${nameOf(account)}</th>
                <td class="number">${whole(account.nodes)}</td>
                <td>${scopeText(account.scopes)}</td>
              </tr>${
        account.faults.length === 0 ? "" : markup`
                <tr class="faults"><td colspan="3"><ul>${
          account.faults.map(
            faultLine,
          )
        }</ul></td></tr>
              `
      }
            `
    )
  }
        </tbody>
      </table>
    </div>
  `;
}

function nameOf(account: AccountStatus): string {
  return account.account === "" ? "(all accounts)" : accountLabel(account);
}

function faultLine(fault: FaultStatus): Html {
  const { outcome, call, code, count, regions, kinds } = fault;
  const times = count === 1 ? "once" : `${whole(count)} times`;
  return markup`
    <li>
      <p>
        <span class="badge ${tone(outcome)}">${words(outcome)}</span> <code>${call}</code> ${code}
        <span class="quiet">${times}${regions.length === 0 ? "" : ` in ${allOf(regions, 6)}`}</span>
      </p>
      <p class="wrap">${fault.message}</p>
      ${
    kinds.length === 0 ? "" : markup`
        <p class="quiet">Missing or stale: ${allOf(kinds, 8)}</p>
      `
  } ${cure(fault)}
    </li>
  `;
}

function cure({ permission, policy }: FaultStatus): Html | "" {
  if (policy === true) {
    return markup`
      <p class="cure">An organisation policy denies it: no permission of the account cures it.</p>
    `;
  }
  if (permission === undefined) return "";
  return markup`
    <p class="cure">To cure it, allow <code>${permission}</code>.</p>
  `;
}
