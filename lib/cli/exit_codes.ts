import { CkError, ConfigError, QueryError } from "../errors/mod.ts";

/** What the process tells its caller. */
export const EXIT = {
  /** Every scope complete, unsupported, gone, not enabled or skipped. */
  ok: 0,
  /** The command failed. */
  failed: 1,
  /** Flags, variables or files are not usable. */
  usage: 2,
  /** Some scope partial, denied, throttled out, failed or cancelled. */
  incomplete: 3,
  /** Clean-up refused or failed for some. */
  cleanup: 4,
  /** A fault of this program. */
  bug: 70,
  /** Another run holds the store. */
  locked: 75,
  /** Ended by SIGINT; the last good data is kept. */
  interrupted: 130,
  /** Ended by SIGTERM; the last good data is kept. */
  terminated: 143,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** The strongest first: several causes end in the first of these that is among them. */
const PRECEDENCE: readonly number[] = [
  EXIT.bug,
  EXIT.usage,
  EXIT.locked,
  EXIT.interrupted,
  EXIT.terminated,
  EXIT.failed,
  EXIT.cleanup,
  EXIT.incomplete,
];

/** The code that stands for all of the given ones. */
export function combineExitCodes(codes: Iterable<number>): number {
  const all = new Set(codes);
  return PRECEDENCE.find((code) => all.has(code)) ?? EXIT.ok;
}

/** Code of something thrown; `signal` tells whether the user ended the program. */
export function exitCodeOf(thrown: unknown, signal: AbortSignal): ExitCode {
  if (thrown instanceof ConfigError || thrown instanceof QueryError || isPin(thrown)) {
    return EXIT.usage;
  }
  if (thrown instanceof CkError && thrown.code === "store.locked") return EXIT.locked;
  if (isEnding(thrown, signal) || signal.aborted && isExpected(thrown)) {
    return signal.reason === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
  }
  return isExpected(thrown) ? EXIT.failed : EXIT.bug;
}

/** Whether something thrown is an expected fault rather than a bug. */
export function isExpected(thrown: unknown): thrown is CkError {
  return thrown instanceof CkError;
}

/** A plugin file that is not accepted yet, or changed: the user has to decide. */
function isPin(thrown: unknown): boolean {
  return thrown instanceof CkError && thrown.code === "sandbox.pin";
}

/** Whether something thrown says only that the user ended the program. */
export function isEnding(thrown: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return thrown === signal.reason || thrown instanceof Error && thrown.name === "AbortError";
}
