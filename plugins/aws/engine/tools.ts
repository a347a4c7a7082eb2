import { isCode } from "./caller.ts";
import type { Caller } from "./caller.ts";
import { CallFault } from "../client/call_fault.ts";
import { Connection } from "../client/connection.ts";
import { list, number, text } from "./path.ts";
import { LIST_QUOTAS } from "../hooks/quota.ts";
import type { Input, Operation, Optional, Place, Tools } from "../resource.ts";
import type { ServiceName } from "../services.ts";

/** Values that are computed once for all who ask. */
export type Once = Map<string, Promise<unknown>>;

/** What the tools of one listing are made of. */
export interface ToolParts {
  readonly place: Place;
  readonly signal: AbortSignal;
  readonly service: ServiceName;
  readonly caller: Caller;
  readonly connection: Connection;
  /** Connection of the same account to another region. */
  elsewhere(region: string): Connection;
  /** Shared by the listings of one region of one account. */
  readonly regionOnce: Once;
  /** Shared by all listings of a guest. */
  readonly guestOnce: Once;
  wants(part: Optional): boolean;
  fault(error: unknown): void;
}

/** The tools that hooks and sources of one listing get. */
export class ListingTools implements Tools {
  readonly place: Place;
  readonly signal: AbortSignal;
  readonly #parts: ToolParts;
  readonly #gathered = new Map<string, Set<string>>();

  constructor(parts: ToolParts) {
    this.#parts = parts;
    this.place = parts.place;
    this.signal = parts.signal;
  }

  call(operation: Operation, input: Input, region?: string): Promise<unknown> {
    const { caller, connection, elsewhere, service } = this.#parts;
    const target = region === undefined || region === connection.region
      ? connection
      : elsewhere(region);
    return caller.call(target, operation, operation.service ?? service, input);
  }

  async once<T>(
    key: string,
    compute: () => Promise<T>,
    reach: "region" | "guest" = "region",
  ): Promise<T> {
    const once = reach === "guest" ? this.#parts.guestOnce : this.#parts.regionOnce;
    // The map holds values of many types; whoever asks for a key computes its one type.
    let known = once.get(key) as Promise<T> | undefined;
    if (known === undefined) {
      known = compute();
      once.set(key, known);
    }
    return await known;
  }

  gather(name: string, value: string): void {
    const values = this.#gathered.get(name);
    if (values === undefined) this.#gathered.set(name, new Set([value]));
    else values.add(value);
  }

  gathered(name: string): ReadonlySet<string> {
    return this.#gathered.get(name) ?? new Set();
  }

  async quota(service: string, name: string): Promise<number | undefined> {
    if (!this.wants("quotas")) return undefined;
    const quotas = await this.once(`quotas of ${service}`, () => this.#quotas(service));
    return quotas.get(name);
  }

  wants(part: Optional): boolean {
    return this.#parts.wants(part);
  }

  fault(error: unknown): void {
    this.#parts.fault(error);
  }

  async #quotas(service: string): Promise<ReadonlyMap<string, number>> {
    try {
      const found = await this.call(LIST_QUOTAS, { ServiceCode: service });
      return new Map(
        list({ found }, "found").flatMap((each) => {
          const name = text(each, "QuotaName");
          const value = number(each, "Value");
          return name === undefined || value === undefined ? [] : [[name, value] as const];
        }),
      );
    } catch (error) {
      // A region without Service Quotas, or a service without quotas in it, has none.
      const none = isCode(error, LIST_QUOTAS.none ?? []) ||
        (error instanceof CallFault && error.outcome === "unsupported");
      if (none) return new Map();
      throw error;
    }
  }
}
