import { z } from "zod";
import type { ServiceName } from "../services.ts";

const operationSchema = z.strictObject({
  method: z.enum(["GET", "POST", "PATCH", "DELETE"]),
  /** Template with `{parameter}` or `{+parameter}`, below the base of the service. */
  path: z.string(),
  /** Parameters of the query that are known. */
  query: z.array(z.string()),
  /** Parameter that takes the size of a page. */
  size: z.string().exactOptional(),
  /** Member of the answer that holds the objects. */
  items: z.string().exactOptional(),
  /** In an answer by location: member of each location. */
  inner: z.string().exactOptional(),
});
const schema = z.record(
  z.string(),
  z.strictObject({
    root: z.string(),
    base: z.string(),
    /** Addresses by region, of a service that is called at one of them. */
    hosts: z.record(z.string(), z.string()).exactOptional(),
    operations: z.record(z.string(), operationSchema),
  }),
);

/** An operation as its API describes it. */
export type Operation = z.infer<typeof operationSchema>;

/** The operations of all services. */
export class Operations {
  readonly #services: z.infer<typeof schema>;

  /** @param value what the generator wrote */
  constructor(value: unknown) {
    this.#services = schema.parse(value);
  }

  /**
   * Address of a service, without what its operations add.
   * @param region where a call is made that is made in a region
   */
  address(service: ServiceName, region?: string): string {
    const { root = "", base = "", hosts = {} } = this.#services[service] ?? {};
    const host = region !== undefined && Object.hasOwn(hosts, region) ? hosts[region] : root;
    return `${host}${base}`;
  }

  /** Regions of which a service has hosts of their own; empty for one that is called at one host. */
  regions(service: ServiceName): readonly string[] {
    return Object.keys(this.#services[service]?.hosts ?? {});
  }

  /** Part of {@link address} that follows the host. */
  base(service: ServiceName): string {
    return this.#services[service]?.base ?? "";
  }

  find(service: ServiceName, operation: string): Operation | undefined {
    return this.#services[service]?.operations[operation];
  }

  /** @throws Error for one that is not known */
  require(service: ServiceName, operation: string): Operation {
    const found = this.find(service, operation);
    if (found === undefined) throw new Error(`there is no operation ${service}:${operation}`);
    return found;
  }
}

/** Name of an operation as a call. */
export function callName(service: ServiceName, operation: string): string {
  return `${service}:${operation}`;
}
