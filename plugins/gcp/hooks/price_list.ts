import { isRecord, listAt, recordsAt, textAt, textsAt, valueAt } from "ckworker";
import type { Api } from "../client/api.ts";
import type { Raw } from "../raw.ts";

/** The service whose prices are those of machines and disks. */
const COMPUTE_ENGINE = "Compute Engine";

/** Groups of prices that machine types and disk types have. */
const GROUPS: ReadonlySet<string> = new Set([
  "CPU",
  "F1Micro",
  "G1Small",
  "LocalSSD",
  "N1Standard",
  "PDStandard",
  "RAM",
  "SSD",
]);

/** A price, with what is looked at. */
export interface Sku {
  readonly raw: Raw;
  /** Link by which edges find it. */
  readonly link: string;
  readonly title: string;
  readonly family: string;
  readonly group: string;
  readonly regions: ReadonlySet<string>;
  /** USD for one unit of use. */
  readonly price: number;
}

/** Prices of machines and disks, with the service that they belong to. */
export interface PriceList {
  readonly service: Raw;
  readonly skus: readonly Sku[];
}

/**
 * Reads the price list of Compute Engine. Of its tens of thousands of prices only those are kept by
 * which machines and disks are paid on demand.
 * @throws CallFault when it cannot be read; undefined when there is no such service
 */
export async function readPriceList(api: Pick<Api, "pages">): Promise<PriceList | undefined> {
  const service = await findService(api);
  if (service === undefined) return undefined;
  const skus = new Map<string, Sku>();
  const parent = textAt(service, "name") ?? "";
  for await (const page of api.pages("cloudbilling", "services.skus.list", { parent })) {
    for (const raw of recordsAt(page, "skus")) {
      const sku = toSku(raw, serviceLink(service));
      if (sku !== undefined) skus.set(sku.link, sku);
    }
  }
  return { service, skus: [...skus.values()] };
}

async function findService(api: Pick<Api, "pages">): Promise<Raw | undefined> {
  for await (const page of api.pages("cloudbilling", "services.list", {})) {
    const found = recordsAt(page, "services").find((each) =>
      each["displayName"] === COMPUTE_ENGINE
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function serviceLink(service: Raw): string {
  return `https://cloudbilling.googleapis.com/v1/${service["name"]}`;
}

function toSku(raw: Raw, service: string): Sku | undefined {
  const group = textAt(raw, "category.resourceGroup") ?? "";
  const price = unitPrice(raw);
  const isWanted = GROUPS.has(group) && textAt(raw, "category.usageType") === "OnDemand";
  const name = textAt(raw, "name");
  if (!isWanted || price === undefined || name === undefined) return undefined;
  return {
    raw: { ...raw, $service: service },
    link: `https://cloudbilling.googleapis.com/v1/${name}`,
    title: textAt(raw, "description") ?? "",
    family: textAt(raw, "category.resourceFamily") ?? "",
    group,
    regions: new Set([
      ...textsAt(raw, "serviceRegions[]"),
      ...textsAt(raw, "geoTaxonomy.regions[]"),
    ]),
    price,
  };
}

/**
 * What one unit costs: the only rate, or of several the first that is not for a free beginning.
 * Whole units of the currency count as well as their parts.
 */
export function unitPrice(raw: Raw): number | undefined {
  const [pricing] = listAt(raw, "pricingInfo");
  const rates = listAt(pricing, "pricingExpression.tieredRates");
  const rate = rates.length === 1
    ? rates[0]
    : rates.find((each) => Number(valueAt(each, "startUsageAmount") ?? 0) > 0);
  const price = valueAt(rate, "unitPrice");
  if (!isRecord(price)) return undefined;
  const units = Number(price["units"] ?? 0);
  const nanos = Number(price["nanos"] ?? 0);
  const value = (units * 1e9 + nanos) / 1e9;
  return Number.isFinite(value) ? value : undefined;
}
