import { CkError } from "../errors/mod.ts";

/** A stream that text is written to. */
export interface Output {
  /** Writes all of the text before it returns. */
  write(text: string): void;
  /** Writes all of the bytes before it returns. */
  writeBytes(bytes: Uint8Array): void;
  /** Live lines are for terminals only. */
  readonly isTerminal: boolean;
  /** Width in characters. */
  readonly columns: number;
}

/** Signals that end the program. */
export type EndSignal = "SIGINT" | "SIGTERM";

/** The outside of the command line: streams, files, signals, clock. A test brings its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Asks on the terminal and returns the answer; null when there is no terminal to ask. */
  readonly ask: (question: string) => string | null;
  /** @throws when the file cannot be read */
  readonly readText: (path: string) => string;
  readonly onSignal: (handler: (signal: EndSignal) => void) => Disposable;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  readonly now: () => Date;
  readonly pid: number;
}

/** The io of this process. */
export function systemIo(): Io {
  return {
    stdout: systemOutput(Deno.stdout, refuseToLose),
    stderr: systemOutput(Deno.stderr, () => {}),
    ask: (question) => Deno.stdin.isTerminal() ? askTerminal(question) : null,
    readText: (path) => Deno.readTextFileSync(path),
    onSignal: systemSignals,
    exit: (code) => Deno.exit(code),
    now: () => new Date(),
    pid: Deno.pid,
  };
}

/** What a command was asked to print is its result. */
function refuseToLose(thrown: unknown): never {
  if (thrown instanceof Deno.errors.BrokenPipe || !(thrown instanceof Error)) throw thrown;
  throw new CkError("output.failed", `Cannot write to standard output: ${thrown.message}`, {
    cause: thrown,
  });
}

/** Logs and progress that nobody can read any more are no reason to end: `lost` takes the error. */
function systemOutput(stream: typeof Deno.stdout, lost: (thrown: unknown) => void): Output {
  const encoder = new TextEncoder();
  const isTerminal = stream.isTerminal();
  const writeBytes = (bytes: Uint8Array) => {
    try {
      for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
    } catch (thrown) {
      lost(thrown);
    }
  };
  return {
    isTerminal,
    write: (text) => writeBytes(encoder.encode(text)),
    writeBytes,
    get columns() {
      return isTerminal ? Deno.consoleSize().columns : 80;
    },
  };
}

/** The question goes to standard error: standard output is for what was asked to be printed. */
function askTerminal(question: string): string {
  systemOutput(Deno.stderr, refuseToLose).write(`${question} `);
  const bytes: number[] = [];
  const byte = new Uint8Array(1);
  while (Deno.stdin.readSync(byte) === 1 && byte[0] !== 10) bytes.push(byte[0] ?? 0);
  return new TextDecoder().decode(new Uint8Array(bytes)).trim();
}

function systemSignals(handler: (signal: EndSignal) => void): Disposable {
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const listener = () => handler(signal);
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose]() {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
