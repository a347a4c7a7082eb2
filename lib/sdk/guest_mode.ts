import type { CkError } from "../errors/mod.ts";
import type { GuestPort } from "./guest_port.ts";
import type { HelperCalls } from "./helper_calls.ts";
import type { Outbox } from "./outbox.ts";
import type { PluginContext } from "./plugin_context.ts";
import type { ServiceMessage, StartMessage } from "./protocol.ts";

/** What a mode of a guest is made of. */
export interface ModeParts<Start extends StartMessage> {
  readonly start: Start;
  readonly port: GuestPort;
  readonly outbox: Outbox;
  readonly helpers: HelperCalls;
}

/** What a guest does between its start and its last message. */
export interface GuestMode {
  /** Does the work; resolves when it is done. */
  run(): Promise<void>;
  /** The host asks to end, at most once. */
  stop(reason: CkError): void;
  /** A request of the host, for modes that serve. */
  receive?(message: ServiceMessage): void;
  /** Sends what waits to be sent: the guest's last message follows, whatever led to it. */
  flush?(): void;
}

/** The part of a context that every mode gives, told by messages. */
export function pluginContext(
  { start, port, outbox, helpers }: ModeParts<StartMessage>,
  signal: AbortSignal,
): Omit<PluginContext<unknown>, "options"> {
  return {
    now: new Date(start.now),
    signal,
    ...(start.caCertificates === undefined ? {} : { caCertificates: start.caCertificates }),
    budgets: start.budgets,
    log: (level, event, message, fields = {}) =>
      outbox.log({ level, event, message, fields: { ...fields } }),
    stats: (calls) => port.post({ type: "stats", calls: [...calls] }),
    learned: (budgets) => port.post({ type: "learned", budgets: [...budgets] }),
    helper: (path, args) => helpers.call(path, args),
  };
}
