import { type ChangerGuest, startChanger } from "../../lib/sandbox/mod.ts";
import type { PluginEntry, Seen } from "../../lib/sdk/mod.ts";
import { exampleRequest, type RequestChanges } from "./guest_request.ts";

/** Whom a guest of changes is made of. */
export interface ChangerOf {
  readonly entry: PluginEntry;
  /** Before their schema has seen them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seen?: Seen;
  /** Main module of the program whose guest it is. */
  readonly base: string;
}

/** Starts a guest that changes nodes, with the rights that its manifest gives. */
export async function startChangerOf(
  { entry, options: given, seen = { env: {}, files: {} }, base }: ChangerOf,
  more: RequestChanges = {},
): Promise<ChangerGuest> {
  const options = entry.manifest.options.parse(given);
  return await startChanger(exampleRequest({
    entry,
    options,
    permissions: entry.manifest.permissions(options, seen),
    base,
    timeouts: { startMs: 20_000, heartbeatMs: 20_000, runMs: Infinity, stopMs: 3_000 },
    ...more,
  }));
}
