import { EXIT } from "./exit_codes.ts";
import type { EndSignal, Io } from "./io.ts";

/** A signal that the user's wish to end aborts. */
export interface Interruption extends Disposable {
  /** Aborted with the name of the signal as reason. */
  readonly signal: AbortSignal;
}

/** Listens for SIGINT and SIGTERM: the first asks everything to stop, the second ends at once. */
export function listenForInterruption(io: Io): Interruption {
  const controller = new AbortController();
  const listener = io.onSignal((name) => {
    if (controller.signal.aborted) return io.exit(codeOf(name));
    io.stderr.write("ckworker: stopping; once more ends it at once\n");
    controller.abort(name);
  });
  return { signal: controller.signal, [Symbol.dispose]: () => listener[Symbol.dispose]() };
}

function codeOf(signal: EndSignal): number {
  return signal === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
}
