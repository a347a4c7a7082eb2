import { type Clock, systemClock } from "../clock.ts";
import { openOwnCheckPool, type OwnCheck } from "./own_check_pool.ts";
import type { Pool } from "./pool.ts";

/** What a plugin takes from the machine it runs on; tests give their own. */
export interface Machine {
  readonly clock: Clock;
  /** Longest time that one request may take, milliseconds; a minute by default. */
  readonly requestMs?: number;
  /** Value of a variable that the manifest lists; undefined when it is not set or empty. */
  readonly env: (name: string) => string | undefined;
  /**
   * A connection pool that trusts these certificates (PEM), too.
   * @param check in place of the usual check of certificates
   */
  pool(certificates?: string, check?: OwnCheck): Pool;
}

/** The machine that the guest runs on. */
export const thisMachine: Machine = {
  clock: systemClock,
  env: (name) => Deno.env.get(name) || undefined,
  pool: openPool,
};

/** The runtime itself honours `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
function openPool(certificates?: string, check?: OwnCheck): Pool {
  if (check !== undefined) return openOwnCheckPool(check);
  const client = Deno.createHttpClient({
    caCerts: certificates === undefined || certificates === "" ? [] : [certificates],
  });
  return {
    fetch: (url, init) => fetch(url, { ...init, client }),
    [Symbol.dispose]: () => client.close(),
  };
}
