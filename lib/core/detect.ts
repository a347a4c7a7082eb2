import type { CoreConnection } from "./connection.ts";
import type { DialectName } from "./core.ts";
import { readStart } from "./read_start.ts";
import { refused } from "./refusal.ts";

const PROBE_MS = 10_000;
/** Key sets have a few kilobytes. */
const KEYS_MAX = 1_048_576;

/**
 * Finds out which generation answers. The later one shows the keys of its user tokens to everybody;
 * the earlier one has no such path. No token is sent: the later one checks it even there.
 * @throws CoreUnreachableError when nothing answers, or something before the core says that it is
 *   not there
 * @throws CoreRejectedError when it fails
 */
export async function detectDialect(
  connection: CoreConnection,
  signal: AbortSignal,
): Promise<DialectName> {
  const response = await connection.request({
    method: "GET",
    path: "/.well-known/jwks.json",
    headers: { accept: "application/json" },
    timeoutMs: PROBE_MS,
    signal,
    anonymous: true,
  });
  // Neither generation answers like this: it starts, stops or is in trouble.
  if (response.status === 429 || response.status >= 500) {
    throw await refused("the question for its generation", response);
  }
  if (response.status === 200) {
    return hasKeys(await readStart(response, KEYS_MAX)) ? "fixcore" : "ckcore";
  }
  await response.body?.cancel();
  return "ckcore";
}

function hasKeys(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "keys" in value &&
      Array.isArray(value.keys);
  } catch {
    // Not JSON, so a page of something else.
    return false;
  }
}
