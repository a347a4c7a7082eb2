import { z } from "zod";
import { partition, partitionOf } from "../discovery/partitions.ts";
import type { Hook, Operation, Path, Tools } from "../resource.ts";
import { text } from "../engine/path.ts";

/** Searches the price list of a service; each result is the JSON text of one product. */
export const GET_PRODUCTS: Operation = {
  operation: "GetProducts",
  service: "pricing",
  result: "PriceList[]",
};

/** What the price list says of an instance type in one region. */
export interface InstancePrice {
  /** USD an hour, Linux on shared hardware; absent for types that exist on other hardware only. */
  readonly OnDemand?: number;
  /** Virtual processors. */
  readonly Cores?: number;
  /** GiB. */
  readonly Memory?: number;
}

const productSchema = z.object({
  product: z.object({ attributes: z.record(z.string(), z.string()) }),
  terms: z.object({
    OnDemand: z.record(
      z.string(),
      z.object({
        priceDimensions: z.record(
          z.string(),
          z.object({ pricePerUnit: z.record(z.string(), z.string()) }),
        ),
      }),
    ).optional(),
  }).optional(),
});
type Product = z.infer<typeof productSchema>;

/** Prices of the instance types that structures name under `path`. */
export function instancePrices(path: Path): Hook {
  return prices(path, instancePrice);
}

/** Prices of the volume types that structures name under `path`. */
export function volumePrices(path: Path): Hook {
  return prices(path, volumePrice);
}

/** Undefined where the price list does not know the type. */
export async function instancePrice(
  type: string,
  tools: Tools,
): Promise<InstancePrice | undefined> {
  const products = await search("instance", type, tools, {
    instanceType: type,
    operatingSystem: "Linux",
    operation: "RunInstances",
    capacitystatus: "Used",
  });
  const [any] = products;
  if (any === undefined) return undefined;
  const shared = products.filter(({ product }) => product.attributes["tenancy"] === "Shared");
  return {
    ...optional("OnDemand", firstPrice(shared)),
    ...optional("Cores", parseAmount(any.product.attributes["vcpu"])),
    ...optional("Memory", parseAmount(any.product.attributes["memory"])),
  };
}

/**
 * USD a GiB and month; 0 where a type costs nothing or has no storage price. Storage products are
 * told from those for operations and throughput of the same type by their family, so that types
 * need no table.
 */
export async function volumePrice(type: string, tools: Tools): Promise<number | undefined> {
  if (priceRegion(tools) === undefined) return undefined;
  const products = await search("volume", type, tools, {
    productFamily: "Storage",
    volumeApiName: type,
  });
  return firstPrice(products) ?? 0;
}

/** A number with its unit, `1,952 GiB`; undefined when it is none (`NA`). */
export function parseAmount(amount: string | undefined): number | undefined {
  const digits = /^[0-9.,]+/.exec(amount?.trim() ?? "")?.[0].replaceAll(",", "") ?? "";
  const value = Number(digits);
  return digits === "" || Number.isNaN(value) ? undefined : value;
}

function prices(path: Path, price: (type: string, tools: Tools) => Promise<unknown>): Hook {
  return {
    operations: [GET_PRODUCTS],
    option: "prices",
    run: (raws, tools) =>
      Promise.all(raws.map((raw) => {
        const type = text(raw, path);
        return type === undefined ? undefined : price(type, tools);
      })),
  };
}

/** Only dollars compare, so a partition with another currency has no prices, either. */
function priceRegion({ place }: Tools): string | undefined {
  const name = partitionOf(place.region);
  return name === "aws" ? partition(name).pricing : undefined;
}

/**
 * Products of one type in the region of the resource. The list is the same for every account, so
 * one answer serves all; only after a failure each account asks for itself, as its role may be
 * allowed what another's is not.
 */
async function search(
  what: string,
  type: string,
  tools: Tools,
  fields: Readonly<Record<string, string>>,
): Promise<readonly Product[]> {
  const endpoint = priceRegion(tools);
  if (endpoint === undefined) return [];
  const { region } = tools.place;
  const key = `price/${what}/${region}/${type}`;
  const ask = async () => {
    const filters = { ...fields, regionCode: region };
    const found = await tools.call(GET_PRODUCTS, {
      ServiceCode: "AmazonEC2",
      Filters: Object.entries(filters).map(([Field, Value]) => ({
        Type: "TERM_MATCH",
        Field,
        Value,
      })),
    }, endpoint);
    return (Array.isArray(found) ? found : []).flatMap(parseProduct);
  };
  try {
    return await tools.once(key, ask, "guest");
  } catch {
    return await tools.once(key, ask);
  }
}

/** A product of unknown form is none: the others count. */
function parseProduct(found: unknown): readonly Product[] {
  try {
    const parsed = productSchema.safeParse(JSON.parse(String(found)));
    return parsed.success ? [parsed.data] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** First price above zero: the list also holds terms for what is free. */
function firstPrice(products: readonly Product[]): number | undefined {
  for (const { terms } of products) {
    for (const { priceDimensions } of Object.values(terms?.OnDemand ?? {})) {
      for (const { pricePerUnit } of Object.values(priceDimensions)) {
        const value = parseAmount(pricePerUnit["USD"]);
        if (value !== undefined && value > 0) return value;
      }
    }
  }
  return undefined;
}

function optional<Name extends string>(name: Name, value: number | undefined) {
  return value === undefined ? {} : { [name]: value };
}
