import type { Core, CoreRecord, DialectName } from "../../core/mod.ts";
import { CoreRejectedError } from "../../errors/mod.ts";

/**
 * Answers of a core that has no such graph yet, or never heard of clouds: it holds nothing. By its
 * words, not by its status: a proxy answers 404, too.
 */
const NOTHING_THERE = /NoSuchGraph|No such graph|Given kind does not exist/i;

/**
 * Everything that a core holds below the node of a cloud, and that node: nodes, then their edges.
 * @throws CoreUnreachableError
 * @throws CoreRejectedError
 */
export async function* knownGraph(
  core: Core,
  cloud: string,
  signal: AbortSignal,
): AsyncGenerator<CoreRecord, void, undefined> {
  await core.prepare(signal);
  const text = knownGraphQuery(await core.dialect(signal), cloud);
  try {
    yield* core.query(text, signal);
  } catch (error) {
    if (!isNothingThere(error)) throw error;
  }
}

/** The query for {@link knownGraph} in the words of a dialect. */
export function knownGraphQuery(dialect: DialectName, cloud: string): string {
  const id = JSON.stringify(cloud);
  return dialect === "ckcore"
    ? `is(cloud) and reported.id == ${id} -[0:]->`
    : `is(cloud) and /reported.id == ${id} -default[0:]->`;
}

function isNothingThere(error: unknown): boolean {
  return error instanceof CoreRejectedError && NOTHING_THERE.test(error.message);
}
