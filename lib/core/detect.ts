import { CkError, CoreUnreachableError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { CoreConnection } from "./connection.ts";
import type { DialectName } from "./core.ts";
import { readStart } from "./read_start.ts";
import { refusal } from "./refusal.ts";
import { type Wait, waitFor } from "./retry.ts";

const PROBE_MS = 10_000;
const READY_MS = 5_000;
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
    throw await refusal(response, "say which generation it is");
  }
  if (response.status === 200) {
    return hasKeys(await readStart(response, KEYS_MAX)) ? "fixcore" : "ckcore";
  }
  await response.body?.cancel();
  return "ckcore";
}

/** How long to wait for a core. */
export interface ReadyOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly now: () => Date;
  /** Longest wait altogether, milliseconds; 300000. */
  readonly limitMs?: number;
  readonly wait?: Wait;
}

/**
 * Waits until a core says that it is ready, asking more and more seldom, every 2 seconds in the end.
 * @throws CoreUnreachableError with the last reason when it is not within the limit; at once what
 *   cannot pass, such as a wrong pre-shared key
 */
export async function waitUntilReady(
  connection: CoreConnection,
  { signal, log, now, limitMs = 300_000, wait = waitFor }: ReadyOptions,
): Promise<void> {
  const end = now().getTime() + limitMs;
  let told = "";
  for (let ms = 250;; ms = Math.min(2 * ms, 2_000)) {
    const fault = await readyFault(connection, signal);
    if (fault === undefined) return;
    if (now().getTime() + ms > end) throw fault;
    if (fault.message !== told) log.warn("core.waiting", `waiting for the core: ${fault.message}`);
    told = fault.message;
    await wait(ms, signal);
  }
}

/** Why the core is not ready; undefined when it is. */
async function readyFault(
  connection: CoreConnection,
  signal: AbortSignal,
): Promise<CkError | undefined> {
  try {
    const response = await connection.request({
      method: "GET",
      path: "/system/ready",
      timeoutMs: READY_MS,
      signal,
      anonymous: true,
    });
    if (response.status !== 200) return await refusal(response, "say that it is ready");
    await response.body?.cancel();
    return undefined;
  } catch (error) {
    if (error instanceof CoreUnreachableError) return error;
    throw error;
  }
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
