import type { Api } from "../client/api.ts";
import type { PriceList, Sku } from "../hooks/price_list.ts";
import type { Raw } from "../raw.ts";
import type { ServiceName } from "../services.ts";

/** What hooks work with. */
export interface Tools {
  /** Id of the project. */
  readonly project: string;
  readonly api: Api;
  /**
   * The object that a link leads to, asked for once in a project; undefined when there is none.
   * @param collections in which it can be
   */
  object(
    service: ServiceName,
    collections: readonly string[],
    link: string,
  ): Promise<Raw | undefined>;
  /** Name of the region in which an object lies; undefined for one that lies in none. */
  regionOf(raw: Raw): string | undefined;
  /**
   * Names of the instances that load balancers lead to from these links; undefined when a part of what
   * lies between is not known.
   */
  instancesBehind(links: readonly string[]): readonly string[] | undefined;
  /** Leaves a value for kinds that are listed later. */
  note(topic: string, value: string): void;
  /** Values of a topic; undefined when the kind that leaves them was not listed whole. */
  noted(topic: string, kind: string): ReadonlySet<string> | undefined;
  /** The price list, read once for all projects; undefined when prices are not wanted. */
  prices(): Promise<PriceList | undefined>;
  /** The project pays by these prices. */
  usePrices(skus: readonly Sku[]): void;
}
