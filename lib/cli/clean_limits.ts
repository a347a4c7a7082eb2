import type { Limits } from "../cleanup/mod.ts";
import { type Settings, spanMs } from "../config/mod.ts";

/** The code of clean-up, which help and completions do not wait for. */
export function cleanupCode(): Promise<typeof import("../cleanup/mod.ts")> {
  return import("../cleanup/mod.ts");
}

/**
 * What the settings allow a clean-up of a store.
 * @throws ConfigError for a cap that is none
 */
export async function limitsOf(settings: Settings): Promise<Limits> {
  const { readCap } = await cleanupCode();
  return {
    accounts: settings.cleanup_accounts,
    denyAccounts: settings.cleanup_deny_accounts,
    cap: readCap(settings.cleanup_max),
    maxAgeMs: spanMs(settings.max_age),
    trustUnknown: false,
  };
}
