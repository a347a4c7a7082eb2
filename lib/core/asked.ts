import { CoreUnreachableError } from "../errors/mod.ts";

/** What an answer is the answer to. */
export interface Asked {
  /** For messages: `a query`. */
  readonly what: string;
  /** The signal of the request: reading ends with it. */
  readonly signal: AbortSignal;
}

/**
 * Waits for a part of an answer whose head was there already.
 * @throws CoreUnreachableError when the answer breaks off
 */
export async function heard<T>({ what, signal }: Asked, part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CoreUnreachableError(`the core's answer to ${what} breaks off: ${why}`, { cause });
  }
}
