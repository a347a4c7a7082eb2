import { ConfigError } from "../errors/mod.ts";

/** An open log file; closing it is the caller's. */
export interface Logfile extends Disposable {
  /** Appends synchronously. */
  write(line: string): void;
}

/**
 * Opens a file for appending; one that is absent is created for its owner alone.
 * @throws ConfigError when it cannot be opened, with the reason
 */
export function openLogfile(path: string): Logfile {
  const file = open(path);
  const encoder = new TextEncoder();
  return {
    write: (line) => writeAll(file, encoder.encode(line)),
    [Symbol.dispose]: () => file.close(),
  };
}

function open(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { append: true, create: true, mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot open the log file ${path}: ${why}`, {
      context: { subject: "--logfile" },
      hint: "Name a file in a folder that exists and may be written",
      cause,
    });
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
