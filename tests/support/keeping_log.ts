import type { LogFields, Logger, LogLevel } from "../../lib/log/mod.ts";

/** A logger that keeps its lines as texts, `level event message {fields}`. */
export class KeepingLog implements Logger {
  readonly lines: string[];
  readonly #bound: LogFields;

  constructor(lines: string[] = [], bound: LogFields = {}) {
    this.lines = lines;
    this.#bound = bound;
  }

  log(level: LogLevel, event: string, message: string, fields: LogFields = {}): void {
    this.lines.push(
      `${level} ${event} ${message} ${JSON.stringify({ ...this.#bound, ...fields })}`,
    );
  }
  debug(event: string, message: string, fields?: LogFields): void {
    this.log("debug", event, message, fields);
  }
  info(event: string, message: string, fields?: LogFields): void {
    this.log("info", event, message, fields);
  }
  warn(event: string, message: string, fields?: LogFields): void {
    this.log("warn", event, message, fields);
  }
  error(event: string, message: string, fields?: LogFields): void {
    this.log("error", event, message, fields);
  }
  with(fields: LogFields): Logger {
    return new KeepingLog(this.lines, { ...this.#bound, ...fields });
  }

  /** How many lines match. */
  count(pattern: RegExp): number {
    return this.lines.filter((line) => pattern.test(line)).length;
  }
}
