import type { LogFields, LogLevel, LogRecord } from "./logger.ts";

/** Names of the levels as the original worker writes them. */
const LEVEL_NAMES: Readonly<Record<LogLevel, string>> = {
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  critical: "CRITICAL",
};

/**
 * Formats events like the original worker, local time:
 * `21-12-02 08:00:00|ckworker| INFO|4711|MainThread  message key=value`.
 */
export function textFormat(pid: number): (record: LogRecord) => string {
  return ({ at, level, message, fields }) => {
    const head = [localTime(at), "ckworker", LEVEL_NAMES[level].padStart(5), pid, "MainThread"];
    return `${head.join("|")}  ${oneLine(message)}${textFields(fields)}`;
  };
}

/** Formats events as JSON objects: `at` (ISO, UTC), `level`, `event`, `message`, `fields`. */
export function jsonFormat(record: LogRecord): string {
  return JSON.stringify({ ...record, at: record.at.toISOString() });
}

function localTime(at: Date): string {
  const two = (figure: number) => String(figure).padStart(2, "0");
  const day = [at.getFullYear() % 100, at.getMonth() + 1, at.getDate()].map(two).join("-");
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}

function textFields(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${textValue(String(value))}`)
    .join("");
}

function textValue(text: string): string {
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : oneLine(JSON.stringify(text));
}

/** One event is one line: a line break in a name from a cloud must not forge another event. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (char) => JSON.stringify(char).slice(1, -1))
    .replaceAll(
      /[\p{Cc}\u2028\u2029]/gu,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
