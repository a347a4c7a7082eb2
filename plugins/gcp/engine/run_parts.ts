import { type CollectContext, type DescribedMapper } from "ckworker";
import type { Api } from "../client/api.ts";
import type { PriceList } from "../hooks/price_list.ts";
import type { GcpOptions } from "../options.ts";
import type { Resource } from "../resource.ts";

/** What all projects of a run share. */
export interface RunParts {
  readonly context: CollectContext<GcpOptions>;
  /** All kinds, and those that are collected. */
  readonly all: readonly Resource[];
  readonly resources: readonly Resource[];
  readonly mapper: DescribedMapper;
  /** The price list, read once; undefined when prices are not wanted. */
  prices(api: Api): Promise<PriceList | undefined>;
}
