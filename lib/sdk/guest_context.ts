import { PluginError } from "../errors/mod.ts";
import type { AccountReport, CollectContext, RegionReport } from "./collector.ts";
import { type ModeParts, pluginContext } from "./guest_mode.ts";
import type { GuestMessage, StartOf } from "./protocol.ts";
import type { Scopes } from "./scope_writer.ts";

/** A collector's context before its options are parsed. */
export type GuestContext = Omit<CollectContext<unknown>, "options">;

/** Everything that a collector gets, told by messages and lines. */
export function guestContext(
  parts: ModeParts<StartOf<"collect" | "doctor">>,
  scopes: Scopes,
  signal: AbortSignal,
): GuestContext {
  const { start, port, outbox } = parts;
  return {
    ...pluginContext(parts, signal),
    shard: start.shard,
    sensitive: start.sensitive,
    lent: start.lent ?? [],
    resumed: (scope) => scopes.resumed(scope),
    open: (scope) => {
      if (start.mode === "doctor") throw new PluginError("A doctor opens no scope");
      return scopes.start(scope);
    },
    accounts: (report) => port.post(accountsMessage(report, start.cloud)),
    regions: (report) => port.post(regionsMessage(report, start.cloud)),
    progress: (account, done, total, label = "") =>
      outbox.progress({ account, done, total, label }),
  };
}

function accountsMessage(report: AccountReport, cloud: string): GuestMessage {
  return {
    type: "accounts",
    report: {
      cloud: report.cloud ?? cloud,
      complete: report.complete,
      ...(report.source === undefined ? {} : { source: report.source }),
      unfiltered: report.unfiltered,
      ...(report.filters === undefined ? {} : { filters: [...report.filters] }),
      accounts: report.accounts.map(({ id, name }) => name === undefined ? { id } : { id, name }),
      skipped: (report.skipped ?? []).map(({ id, reason }) => ({ id, reason })),
    },
  };
}

function regionsMessage(report: RegionReport, cloud: string): GuestMessage {
  return {
    type: "regions",
    report: {
      cloud: report.cloud ?? cloud,
      account: report.account,
      notEnabled: [...report.notEnabled],
      ...(report.whole === undefined ? {} : { whole: [...report.whole] }),
      ...(report.listed === undefined ? {} : { listed: [...report.listed] }),
    },
  };
}
