import type { StatusSnapshot } from "../../lib/web/mod.ts";

/** A snapshot whose every text from outside, times apart, ends with the given one. */
export function poisoned(snapshot: StatusSnapshot, evil: string): StatusSnapshot {
  const { core, running, runs, kinds } = snapshot;
  const poison = (text: string) => `${text}${evil}`;
  return {
    ...snapshot,
    version: poison(snapshot.version),
    ...(core === undefined ? {} : {
      core: {
        ...core,
        uri: poison(core.uri),
        dialect: evil,
        lastError: { at: core.since, message: evil, hint: evil },
      },
    }),
    running: running.map((each) => ({
      ...each,
      id: poison(each.id),
      action: poison(each.action),
      accounts: each.accounts.map((account) => ({
        ...account,
        cloud: evil,
        account: poison(account.account),
        name: poison(account.name),
        label: evil,
      })),
    })),
    runs: runs.map((run) => ({
      ...run,
      id: poison(run.id),
      startedAt: poison(run.startedAt),
      scopes: { ...run.scopes, [evil]: 3 },
      collectors: run.collectors.map((each) => ({
        name: poison(each.name),
        status: poison(each.status),
        reason: evil,
        hint: evil,
      })),
      accounts: run.accounts.map((account) => ({
        ...account,
        cloud: evil,
        account: evil,
        name: poison(account.name),
        faults: account.faults.map((fault) => ({
          ...fault,
          outcome: poison(fault.outcome),
          call: evil,
          code: evil,
          message: evil,
          regions: [evil],
          kinds: [evil],
          permission: evil,
        })),
      })),
    })),
    kinds: kinds.map((kind) => ({ ...kind, kind: poison(kind.kind) })),
    problems: [{ severity: "error", message: evil, hint: evil }],
  };
}
