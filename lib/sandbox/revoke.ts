/** What this invocation will need beyond files, network and environment. */
export interface Needs {
  /** Guests in child processes. */
  readonly fork: boolean;
  /** Credential helpers that may be run. */
  readonly helpers: readonly string[];
}

/**
 * Gives up the rights of the program that this invocation does not need, for good: loading native
 * code always, starting processes unless guests fork or a helper is allowed. What a guest gets can
 * never be more than what is left.
 */
export async function revokeRights(needs: Needs): Promise<void> {
  await Deno.permissions.revoke({ name: "ffi" });
  if (!needs.fork && needs.helpers.length === 0) await Deno.permissions.revoke({ name: "run" });
}
