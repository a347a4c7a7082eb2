/** Severity, ascending. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "critical";

/** Values that a log line may carry beside its event. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One structured event: a stable name, a sentence for people, fields for machines. */
export interface LogRecord {
  readonly at: Date;
  readonly level: LogLevel;
  /** Stable dotted name, `collect.region.done`. */
  readonly event: string;
  readonly message: string;
  readonly fields: LogFields;
}

/**
 * Takes events. Handed to whoever logs; there is no global logger.
 * The event is a constant, the message a sentence without the fields' names.
 */
export interface Logger {
  log(level: LogLevel, event: string, message: string, fields?: LogFields): void;
  debug(event: string, message: string, fields?: LogFields): void;
  info(event: string, message: string, fields?: LogFields): void;
  warn(event: string, message: string, fields?: LogFields): void;
  error(event: string, message: string, fields?: LogFields): void;
  /** A logger that adds the given fields to every event. */
  with(fields: LogFields): Logger;
}
