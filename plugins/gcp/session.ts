import { type Call, callsSchema, type PluginContext, type Pool, RestCaller } from "ckworker";
import type { TokenAuthority } from "./access/authority.ts";
import { endpointsOf } from "./access/endpoints.ts";
import type { GcpMachine } from "./access/machine.ts";
import { readAuthorities } from "./access/read_credentials.ts";
import calls from "./calls.json" with { type: "json" };
import { Api } from "./client/api.ts";
import { judge } from "./client/judge.ts";
import { Operations } from "./engine/operations.ts";
import operations from "./operations.json" with { type: "json" };
import type { GcpOptions } from "./options.ts";

/** A throttled call waits so long, milliseconds: quotas are by the minute. */
const THROTTLE_MS = 15 * 60_000;
/** Requests in flight of one project. */
const CONCURRENCY = 8;

/** What calls of one run are made with. */
export class Session implements Disposable {
  readonly operations = new Operations(operations);
  readonly #context: PluginContext<GcpOptions>;
  readonly #machine: GcpMachine;
  readonly #pool: Pool;
  readonly #calls: readonly Call[];
  #authorities: Promise<readonly TokenAuthority[]> | undefined;

  /** @param purpose a guest that collects cannot make calls that change anything */
  constructor(
    context: PluginContext<GcpOptions>,
    machine: GcpMachine,
    purpose: Call["purpose"],
  ) {
    this.#context = context;
    this.#machine = machine;
    this.#pool = machine.pool(context.caCertificates);
    this.#calls = callsSchema.parse(calls)
      .filter((call) => purpose === "change" || call.purpose === "read");
  }

  /**
   * The identities that the options give.
   * @throws CloudError when one of them cannot be used
   */
  authorities(): Promise<readonly TokenAuthority[]> {
    return this.#authorities ??= readAuthorities({
      context: this.#context,
      machine: this.#machine,
      pool: this.#pool,
      calls: this.#calls,
    });
  }

  /**
   * Calls of one project as one identity.
   * @param signal ends them earlier than the run
   */
  api(authority: TokenAuthority, signal = this.#context.signal): Api {
    const caller = new RestCaller({
      plugin: "gcp",
      calls: this.#calls,
      machine: this.#machine,
      pool: this.#pool,
      judge,
      throttleMs: THROTTLE_MS,
      concurrency: CONCURRENCY,
      context: {
        signal,
        log: (...told) => this.#context.log(...told),
        stats: (told) => this.#context.stats(told),
      },
    });
    const endpoints = endpointsOf(this.#context.options);
    return new Api({ caller, operations: this.operations, authority, endpoints });
  }

  [Symbol.dispose](): void {
    this.#pool[Symbol.dispose]();
  }
}
