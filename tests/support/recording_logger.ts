import type { Logger, LogLevel } from "../../lib/log/mod.ts";

export interface Said {
  readonly level: LogLevel;
  readonly event: string;
  readonly message: string;
}

/** A logger that keeps what is said, and tells what was more than a detail. */
export class RecordingLogger implements Logger {
  readonly all: Said[] = [];

  /** Events that a user sees. */
  get seen(): readonly string[] {
    return this.all.filter(({ level }) => level !== "debug").map(({ level, event }) =>
      `${level} ${event}`
    );
  }

  log(level: LogLevel, event: string, message: string): void {
    this.all.push({ level, event, message });
  }
  debug(event: string, message: string): void {
    this.log("debug", event, message);
  }
  info(event: string, message: string): void {
    this.log("info", event, message);
  }
  warn(event: string, message: string): void {
    this.log("warn", event, message);
  }
  error(event: string, message: string): void {
    this.log("error", event, message);
  }
  with(): Logger {
    return this;
  }
}
