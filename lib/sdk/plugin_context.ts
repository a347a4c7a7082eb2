import type { LogFields, LogLevel } from "../log/mod.ts";

/** One call's figures for summary and metrics, added up in the guest and sent now and then. */
export interface CallStats {
  readonly call: string;
  readonly account: string;
  readonly region: string;
  readonly count: number;
  readonly errors: number;
  readonly throttles: number;
  readonly retries: number;
  /** Milliseconds, of answers; waiting for a budget is not part of it. */
  readonly totalMs: number;
  readonly maxMs: number;
  /** Milliseconds waited for a budget or after a throttle. */
  readonly waitedMs: number;
}

/** What a learned rate budget was at the end of a run; handed back at the next start. */
export interface Budget {
  /** `account/region/service`. */
  readonly key: string;
  /** Requests a second; null is "no limit met". */
  readonly rate: number | null;
  /** ISO time of the last throttle. */
  readonly at: string;
}

/** What every guest gets, whatever it is started for. */
export interface PluginContext<Options> {
  readonly options: Options;
  /** Start of the run; "now" for age-like computations, so that guests agree. */
  readonly now: Date;
  /** Aborted by a stop, a time-out or a dead host; every wait of the plugin takes it. */
  readonly signal: AbortSignal;
  /** Certificates (PEM) to trust beside the public ones, `--ca-cert`. */
  readonly caCertificates?: string;
  /** Learned rate budgets of earlier runs. */
  readonly budgets: readonly Budget[];
  log(level: LogLevel, event: string, message: string, fields?: LogFields): void;
  stats(calls: readonly CallStats[]): void;
  learned(budgets: readonly Budget[]): void;
  /** Runs an allowed credential helper on the host and returns its output. */
  helper(path: string, args: readonly string[]): Promise<string>;
}
