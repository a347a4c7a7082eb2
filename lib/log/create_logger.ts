import type { LogFields, Logger, LogLevel, LogRecord } from "./logger.ts";
import type { Redactor } from "./redactor.ts";

/** Levels, ascending. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "critical"] as const;

/** Where formatted events go. */
export interface LogSink {
  /** One event as one line, without a line break. */
  readonly format: (record: LogRecord) => string;
  /** Takes a line with its line break; synchronous, so that a crash loses nothing. */
  readonly write: (line: string) => void;
}

/** What a logger is made of. */
export interface LoggerOptions {
  readonly sinks: readonly LogSink[];
  /** Events below it are dropped. */
  readonly level: LogLevel;
  /** Added to every event. */
  readonly fields?: LogFields;
  readonly now: () => Date;
  readonly redactor: Redactor;
}

/** Creates a logger; secrets are taken out of the finished line, whatever part they came from. */
export function createLogger(options: LoggerOptions): Logger {
  const { sinks, level: lowest, fields: common = {}, now, redactor } = options;
  const log: Logger["log"] = (level, event, message, fields) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(lowest)) return;
    const record = { at: now(), level, event, message, fields: { ...common, ...fields } };
    for (const sink of sinks) sink.write(`${redactor.redact(sink.format(record))}\n`);
  };
  return {
    log,
    debug: (event, message, fields) => log("debug", event, message, fields),
    info: (event, message, fields) => log("info", event, message, fields),
    warn: (event, message, fields) => log("warn", event, message, fields),
    error: (event, message, fields) => log("error", event, message, fields),
    with: (fields) => createLogger({ ...options, fields: { ...common, ...fields } }),
  };
}
