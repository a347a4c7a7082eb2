import type { PluginContext } from "ckworker";
import { Budgets } from "../client/budgets.ts";
import { CallLog, type Clock, systemClock } from "ckworker";
import type { ClientConfig, LoadedService } from "../client/clients.ts";
import { loadService } from "../client/clients.ts";
import type { Network } from "../client/connection.ts";
import { type Fetch, FetchHandler } from "../client/fetch_handler.ts";
import { Slots } from "../client/slots.ts";
import { awsHost, customEndpoint, DUAL_STACK, FIPS } from "./endpoints.ts";
import { partition, partitionOf } from "./partitions.ts";
import { type Env, filled } from "./profile.ts";
import type { ServiceName } from "../services.ts";

/** Requests in flight of one guest. */
const IN_FLIGHT = 64;

/** Has no `info`: for one that has it, the SDK copies every answer without what is sensitive. */
const DEAF_LOGGER = { trace() {}, debug() {}, warn() {}, error() {} } as const;

/** What the plugin takes from the machine; tests give their own. */
export interface Machine {
  readonly clock: Clock;
  readonly env: Env;
  /** Longest time that one request may take, milliseconds; 2 minutes. */
  readonly requestMs?: number;
  readFile(path: string): Promise<string>;
  load(service: ServiceName): Promise<LoadedService>;
  /** A connection pool that trusts these certificates, too. */
  pool(certificates: string): Pool;
}

/** Connections to everywhere. */
export interface Pool extends Disposable {
  readonly fetch: Fetch;
}

/** The machine that the guest runs on. */
export const thisMachine: Machine = {
  clock: systemClock,
  env: filled((name) => Deno.env.get(name)),
  readFile: (path) => Deno.readTextFile(path),
  load: loadService,
  pool: openPool,
};

/** The network as one run uses it. */
export interface RunNetwork extends Network {
  readonly handler: FetchHandler;
  readonly log: CallLog;
}

/** Makes what all connections of a run share. */
export function createNetwork(
  context: Pick<PluginContext<unknown>, "signal" | "budgets">,
  machine: Machine,
  pool: Pool,
  endpointUrl: string | undefined,
  permissions: ReadonlyMap<string, readonly string[]>,
): RunNetwork {
  const { clock, env, requestMs } = machine;
  const handler = new FetchHandler(pool.fetch);
  const endpoint = (service: ServiceName) => customEndpoint(service, endpointUrl, env);
  const resolver = new Resolver(machine);
  return {
    clock,
    signal: context.signal,
    budgets: new Budgets(clock, context.budgets),
    slots: new Slots(IN_FLIGHT),
    log: new CallLog(),
    ...(requestMs === undefined ? {} : { requestMs }),
    handler,
    load: machine.load,
    config: (service) => clientConfig(service, handler, endpoint(service), env),
    permissions: (call) => permissions.get(call),
    // The resolver says nothing about an address of the user's choice.
    resolves: (region) =>
      endpoint("sts") === undefined ? resolver.works(region) : Promise.resolve(false),
  };
}

function clientConfig(
  service: ServiceName,
  requestHandler: FetchHandler,
  endpoint: string | undefined,
  env: Env,
): ClientConfig {
  return {
    requestHandler,
    defaultsMode: "standard",
    retryMode: "standard",
    useDualstackEndpoint: env(DUAL_STACK) === "true",
    useFipsEndpoint: env(FIPS) === "true",
    userAgentAppId: "ckworker",
    logger: DEAF_LOGGER,
    ...(endpoint === undefined ? {} : { endpoint }),
    // With the bucket in the host name there would be a host for each of them to allow.
    ...(service === "s3" ? { forcePathStyle: true } : {}),
  };
}

/**
 * Finds out whether names of AWS resolve at all, on a connection of its own. Nothing is remembered:
 * the network may have gone since, and then no name that fails may count as one that does not exist.
 */
class Resolver {
  readonly #machine: Machine;
  #asking: Promise<boolean> | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** One question at a time, for all who wait; it begins after whoever asks has failed. */
  async works(region: string): Promise<boolean> {
    await this.#asking;
    this.#asking ??= this.#ask(region).finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  async #ask(region: string): Promise<boolean> {
    using pool = this.#machine.pool("");
    const { home } = partition(partitionOf(region));
    try {
      const answer = await pool.fetch(`https://${awsHost("sts", home)}/`, { method: "HEAD" });
      await answer.body?.cancel();
      return true;
    } catch (error) {
      // Every other fault than that of the resolver comes after the name was found.
      return !/dns error|name or service|no such host|lookup/i.test(String(error));
    }
  }
}

function openPool(certificates: string): Pool {
  const client = Deno.createHttpClient({
    caCerts: certificates === "" ? [] : [certificates],
    poolMaxIdlePerHost: IN_FLIGHT,
  });
  return {
    fetch: (url, init) => fetch(url, { ...init, client }),
    [Symbol.dispose]: () => client.close(),
  };
}
