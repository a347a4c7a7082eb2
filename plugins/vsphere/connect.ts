import { callsSchema, type Machine, type PluginContext, type Pool } from "ckworker";
import calls from "./calls.json" with { type: "json" };
import { boundedPool } from "./client/bounded_pool.ts";
import { Session } from "./client/session.ts";
import type { VsphereOptions } from "./options.ts";
import { readSetup } from "./setup.ts";

/** A login at the server of the options, with the connections that it needs. */
export interface Connected {
  readonly session: Session;
  readonly host: string;
  readonly pool: Pool;
}

/**
 * Makes a session, not logged in yet; whoever has it closes it and disposes of the pool.
 * @throws CloudError when an option is missing
 */
export function connect(context: PluginContext<VsphereOptions>, machine: Machine): Connected {
  const setup = readSetup(context.options);
  const pool = boundedPool(machine.pool(context.caCertificates, setup.check));
  const parts = { calls: callsSchema.parse(calls), machine, pool, context };
  return { session: new Session(setup, parts), host: setup.host, pool };
}
