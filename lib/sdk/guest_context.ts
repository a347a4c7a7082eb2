import { fromWire, PluginError } from "../errors/mod.ts";
import type { AccountReport, CollectContext, RegionReport } from "./collector.ts";
import type { GuestPort } from "./guest_port.ts";
import type { Outbox } from "./outbox.ts";
import type { GuestMessage, HostMessage, StartMessage } from "./protocol.ts";
import type { Scopes } from "./scope_writer.ts";

/** A collector's context before its options are parsed. */
export type GuestContext = Omit<CollectContext<unknown>, "options">;

/** What a context is made of. */
export interface ContextParts {
  readonly port: GuestPort;
  readonly outbox: Outbox;
  readonly helpers: HelperCalls;
  readonly signal: AbortSignal;
  readonly scopes: Scopes;
  /** False for a doctor, which writes nothing. */
  readonly writes: boolean;
}

/** Everything that a collector gets, told by messages and lines. */
export function guestContext(start: StartMessage, parts: ContextParts): GuestContext {
  const { port, outbox, scopes } = parts;
  return {
    now: new Date(start.now),
    signal: parts.signal,
    shard: start.shard,
    sensitive: start.sensitive,
    ...(start.caCertificates === undefined ? {} : { caCertificates: start.caCertificates }),
    budgets: start.budgets,
    resumed: (scope) => scopes.resumed(scope),
    open: (scope) => {
      if (!parts.writes) throw new PluginError("A doctor opens no scope");
      return scopes.start(scope);
    },
    accounts: (report) => port.post(accountsMessage(report, start.cloud)),
    regions: (report) => port.post(regionsMessage(report, start.cloud)),
    log: (level, event, message, fields = {}) =>
      outbox.log({ level, event, message, fields: { ...fields } }),
    progress: (account, done, total, label = "") =>
      outbox.progress({ account, done, total, label }),
    stats: (calls) => port.post({ type: "stats", calls: [...calls] }),
    learned: (budgets) => port.post({ type: "learned", budgets: [...budgets] }),
    helper: (path, args) => parts.helpers.call(path, args),
  };
}

/** Helper calls that wait for the host's answer. */
export class HelperCalls {
  readonly #port: GuestPort;
  readonly #waiting = new Map<number, PromiseWithResolvers<string>>();
  #calls = 0;

  constructor(port: GuestPort) {
    this.#port = port;
  }

  call(path: string, args: readonly string[]): Promise<string> {
    const answer = Promise.withResolvers<string>();
    const id = ++this.#calls;
    this.#waiting.set(id, answer);
    this.#port.post({ type: "helper", id, path, args: [...args] });
    return answer.promise;
  }

  answer(message: Extract<HostMessage, { type: "helperResult" }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.output ?? "");
    else waiting?.reject(fromWire(message.error));
  }

  /** Nobody answers any more. */
  abort(reason: unknown): void {
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }
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
    },
  };
}
