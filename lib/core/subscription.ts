import { CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import type { CoreConnection } from "./connection.ts";

/** An action that a subscriber wants to be told of. */
export interface Subscription {
  /** `collect`. */
  readonly name: string;
  /** How long the core waits for the answer. */
  readonly timeoutSeconds: number;
  /** The core's workflow waits for the answer. */
  readonly waitForCompletion: boolean;
}

const CALL_MS = 30_000;
/** Statuses of a core, or of what stands before it, that has no time now. */
const BUSY: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Registers a subscriber for an action; again is no harm.
 * @throws CoreUnreachableError, CoreRejectedError
 */
export async function subscribe(
  connection: CoreConnection,
  subscriber: string,
  { name, timeoutSeconds, waitForCompletion }: Subscription,
  signal: AbortSignal,
): Promise<void> {
  // A core reads everything but "false" as true; the words are those of its own client.
  const wait = waitForCompletion ? "True" : "False";
  const query = `timeout=${Math.round(timeoutSeconds)}&wait_for_completion=${wait}`;
  const path = `${subscriptionPath(subscriber, name)}?${query}`;
  await call(connection, "POST", path, `subscribe to "${name}"`, signal);
}

/** Ends a registration. @throws CoreUnreachableError, CoreRejectedError */
export async function unsubscribe(
  connection: CoreConnection,
  subscriber: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const path = subscriptionPath(subscriber, name);
  await call(connection, "DELETE", path, `unsubscribe from "${name}"`, signal);
}

/** Where the actions of a subscriber come. */
export function handlePath(subscriber: string): string {
  return `/subscriber/${encodeURIComponent(subscriber)}/handle`;
}

function subscriptionPath(subscriber: string, name: string): string {
  return `/subscriber/${encodeURIComponent(subscriber)}/${encodeURIComponent(name)}`;
}

async function call(
  connection: CoreConnection,
  method: "POST" | "DELETE",
  path: string,
  what: string,
  signal: AbortSignal,
): Promise<void> {
  const headers = { accept: "application/json" };
  const response = await connection.request({ method, path, headers, timeoutMs: CALL_MS, signal });
  if (response.status === 200) return await response.body?.cancel();
  const said = (await response.text()).replaceAll(/\s+/g, " ").slice(0, 300);
  const message = `Cannot ${what} at ${connection.uri}: ${response.status} ${said}`.trim();
  if (!BUSY.has(response.status)) throw new CoreRejectedError(response.status, message);
  const seconds = Number(response.headers.get("retry-after"));
  throw new CoreUnreachableError(message, seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {});
}
