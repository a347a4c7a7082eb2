import type { CoreConnection } from "./connection.ts";
import { refused } from "./refusal.ts";

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
  await call(connection, "POST", path, `the subscription to "${name}"`, signal);
}

/** Ends a registration. @throws CoreUnreachableError, CoreRejectedError */
export async function unsubscribe(
  connection: CoreConnection,
  subscriber: string,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const path = subscriptionPath(subscriber, name);
  await call(connection, "DELETE", path, `the end of the subscription to "${name}"`, signal);
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
  throw await refused(what, response);
}
