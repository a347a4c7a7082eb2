import { accountLabel } from "../metrics/mod.ts";
import { allOf, plural } from "./page/text.ts";
import type { CoreStatus, RunStatus, StatusSnapshot } from "./status_snapshot.ts";

/** How it stands, worst last. */
export type Level = "good" | "idle" | "warn" | "bad";

/** One thing for a person to do. */
export interface Remedy {
  readonly level: "warn" | "bad";
  /** What is wrong. */
  readonly what: string;
  /** What to do about it; may be empty when the message says it. */
  readonly todo: string;
}

/** The answer to: is it healthy, and what do I do? */
export interface Verdict {
  readonly level: Level;
  readonly headline: string;
  readonly sentence: string;
  readonly remedies: readonly Remedy[];
}

/** Judges a snapshot. */
export function judge(snapshot: StatusSnapshot): Verdict {
  const remedies = [
    ...snapshot.problems.map(({ severity, message, hint }): Remedy => ({
      level: severity === "error" ? "bad" : "warn",
      what: message,
      todo: hint ?? "",
    })),
    ...(snapshot.core === undefined ? [] : coreRemedies(snapshot.core, snapshot)),
    ...runRemedies(snapshot.runs[0]),
  ].toSorted((a, b) => Number(b.level === "bad") - Number(a.level === "bad"));
  const bad = remedies.filter(({ level }) => level === "bad").length;
  if (bad > 0) return { level: "bad", ...HEADLINES.bad, remedies };
  if (remedies.length > 0) return { level: "warn", ...HEADLINES.warn, remedies };
  if (snapshot.runs.length === 0) return { level: "idle", ...idle(snapshot), remedies };
  return { level: "good", ...HEADLINES.good, remedies };
}

const HEADLINES = {
  good: {
    headline: "All is well",
    sentence: "The last run looked at everything that it was asked to.",
  },
  warn: {
    headline: "Mostly well",
    sentence:
      "It works, but something is missing. What was not looked at keeps its last good data.",
  },
  bad: {
    headline: "Needs you",
    sentence: "Something is wrong that does not cure itself. Nothing that was collected is lost.",
  },
} as const;

function idle({ running }: StatusSnapshot): Pick<Verdict, "headline" | "sentence"> {
  return running.length > 0
    ? { headline: "First run", sentence: "The first run is on its way." }
    : { headline: "Ready", sentence: "Nothing was collected yet; it waits for its first run." };
}

function coreRemedies(core: CoreStatus, { queues }: StatusSnapshot): readonly Remedy[] {
  if (core.state === "connected" || (core.state === "connecting" && !core.lastError)) return [];
  const waiting = queues.uploadsPending === 0
    ? ""
    : ` ${plural(queues.uploadsPending, "finished graph waits", "finished graphs wait")} for it.`;
  const why = core.lastError === undefined ? "" : `: ${core.lastError.message}`;
  const rejected = core.state === "rejected";
  return [{
    level: rejected ? "bad" : "warn",
    what: `The core ${core.uri} ${rejected ? "refuses us" : "cannot be reached"}${why}.${waiting}`
      .replaceAll(/\.\.(?=\s|$)/g, "."),
    todo: core.lastError?.hint ??
      (rejected ? REJECTED : "It is tried again by itself; see whether the core runs."),
  }];
}

const REJECTED = "Compare the pre-shared key and the version of both sides.";

function runRemedies(run: RunStatus | undefined): readonly Remedy[] {
  if (run === undefined) return [];
  return [
    ...run.collectors.filter(({ status }) => status === "failed").map((
      { name, reason, hint },
    ): Remedy => ({ level: "bad", what: `${name}: ${reason}`, todo: hint ?? "" })),
    ...permissionRemedies(run),
    ...policyRemedies(run),
    ...otherFaults(run),
    ...(run.outcome === "interrupted" ? [INTERRUPTED] : []),
  ];
}

const INTERRUPTED: Remedy = {
  level: "warn",
  what: "The last run was interrupted.",
  todo: "What it finished is kept; the next run looks at the rest.",
};

/** Outcomes of a fault that nobody has to cure. */
const QUIET: ReadonlySet<string> = new Set(["skipped", "not_enabled", "unsupported", "gone"]);

function permissionRemedies({ accounts }: RunStatus): readonly Remedy[] {
  const places = accounts.flatMap((account) =>
    account.faults.filter(({ permission, policy }) => permission !== undefined && !policy)
      .map(({ permission = "" }) => ({ permission, account: accountLabel(account) }))
  );
  if (places.length === 0) return [];
  const names = new Set(places.map(({ account }) => account));
  const permissions = [...new Set(places.map(({ permission }) => permission))].toSorted();
  return [{
    level: "warn",
    what: `${plural(permissions.length, "permission is", "permissions are")} missing in ` +
      `${allOf([...names], 3)}.`,
    todo: `Allow ${allOf(permissions, 8)}.`,
  }];
}

function policyRemedies({ accounts }: RunStatus): readonly Remedy[] {
  const denied = accounts.filter(({ faults }) => faults.some(({ policy }) => policy === true));
  if (denied.length === 0) return [];
  const calls = new Set(denied.flatMap(({ faults }) => {
    return faults.filter(({ policy }) => policy === true).map(({ call }) => call);
  }));
  return [{
    level: "warn",
    what: `An organisation policy denies ${allOf([...calls], 4)} in ` +
      `${allOf(denied.map(accountLabel), 3)}.`,
    todo: "No permission of the account cures it: change the policy, or accept it with " +
      "--accept denied.",
  }];
}

function otherFaults({ accounts }: RunStatus): readonly Remedy[] {
  const faults = accounts.flatMap((account) =>
    account.faults.filter(({ outcome, permission, policy }) =>
      permission === undefined && policy !== true && !QUIET.has(outcome)
    ).map((fault) => ({ ...fault, account: accountLabel(account) }))
  );
  const groups = Map.groupBy(faults, ({ outcome, call, code }) => [outcome, call, code].join("\n"));
  return [...groups.values()].slice(0, 5).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const names = new Set(group.map(({ account }) => account));
    return [{
      level: "warn" as const,
      what: `${first.call} (${first.code}) in ${allOf([...names], 3)}: ${first.message}`,
      todo: CURES.get(first.outcome) ?? "",
    }];
  });
}

const CURES: ReadonlyMap<string, string> = new Map([
  ["throttled_out", "The cloud asked for patience for too long; the next run tries again, slower."],
  ["failed", "The next run tries again; if it stays, look into the log for this call."],
  ["denied", "Look up what the account may do; the details are with the run below."],
  ["cancelled", "The run ended before it came to this; the next run looks at it."],
  ["partial", "Some properties keep their last good value; the next run tries again."],
]);
