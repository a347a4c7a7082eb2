import type { ProgressEvent } from "../collect/mod.ts";
import type { Screen } from "./screen.ts";
import { printable } from "./table.ts";

const BAR = 20;

/** Takes progress events and shows them. */
export type ProgressDisplay = (event: ProgressEvent) => void;

/**
 * Shows progress: one live line per running account on a terminal, and one plain line per account
 * that is done. `quiet` shows nothing.
 */
export function showProgress(screen: Screen, quiet: boolean): ProgressDisplay {
  const running = new Map<string, ProgressEvent>();
  return (event) => {
    if (quiet) return;
    const key = `${event.cloud}/${event.account}`;
    if (event.finished) {
      running.delete(key);
      screen.write(`${renderFinished(event)}\n`);
    } else running.set(key, event);
    screen.update([...running.values()].map(renderRunning));
  };
}

/** Live line of an account: `aws 111122223333 [#####---------------]  25 % eu-west-1`. */
export function renderRunning({ cloud, account, done, total, label }: ProgressEvent): string {
  const share = total > 0 ? Math.min(done / total, 1) : 0;
  const filled = Math.floor(share * BAR);
  const bar = "#".repeat(filled) + "-".repeat(BAR - filled);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return printable(`${cloud} ${account} [${bar}] ${percent} % ${label}`).trimEnd();
}

/** Line of an account that is done: `aws 111122223333: done, 48 of 48`. */
export function renderFinished({ cloud, account, done, total, label }: ProgressEvent): string {
  const more = label === "" ? "" : `, ${label}`;
  return printable(`${cloud} ${account}: done, ${done} of ${total}${more}`);
}
