import { textAt, valueAt } from "ckworker";
import type { Tools } from "../engine/tools.ts";
import type { Raw } from "../raw.ts";
import type { Attach } from "../resource.ts";
import { memoryOf } from "./machine_type.ts";
import type { Sku } from "./price_list.ts";

/** Prices by which something is paid, and what it costs. */
export interface Priced {
  readonly skus: readonly Sku[];
  /** USD an hour for machines, a GiB and month for disks. */
  readonly cost: number;
}

const READS = ["services.list", "services.skus.list"] as const;

/** The price of a disk type. */
export const diskPrice: Attach = priceOf((raw, skus, region) =>
  priceDisk(textAt(raw, "name") ?? "", region, skus, textAt(raw, "zone") === undefined)
);

/** The price of a machine type. */
export const machinePrice: Attach = priceOf((raw, skus, region) =>
  priceMachine(
    {
      name: textAt(raw, "name") ?? "",
      cores: Number(valueAt(raw, "guestCpus") ?? 0),
      memory: memoryOf(raw) ?? 0,
    },
    region,
    skus,
  )
);

/** What a disk type costs. */
export function diskPriceValues(raw: Raw): Readonly<Record<string, unknown>> {
  return { ondemand_cost: valueAt(raw, "$cost") };
}

/** Size and cost of a machine type. */
export function machinePriceValues(raw: Raw): Readonly<Record<string, unknown>> {
  return { instance_memory: memoryOf(raw), ondemand_cost: valueAt(raw, "$cost") };
}

type PriceOf = (raw: Raw, skus: readonly Sku[], region: string) => Priced | undefined;

function priceOf(find: PriceOf): Attach {
  return {
    service: "cloudbilling",
    operations: READS,
    gives: ["ondemand_cost", "$edges"],
    async run(raw: Raw, tools: Tools) {
      const list = await tools.prices();
      const region = tools.regionOf(raw);
      if (list === undefined || region === undefined) return {};
      const priced = find(raw, list.skus, region);
      if (priced === undefined) return {};
      tools.usePrices(priced.skus);
      return { $cost: priced.cost, $skus: priced.skus.map(({ link }) => link) };
    },
  };
}

const DISK_GROUPS: Readonly<Record<string, string>> = {
  "local-ssd": "LocalSSD",
  "pd-balanced": "SSD",
  "pd-ssd": "SSD",
  "pd-standard": "PDStandard",
};

/** A disk type has a price where exactly one entry fits. */
export function priceDisk(
  type: string,
  region: string,
  skus: readonly Sku[],
  isRegional: boolean,
): Priced | undefined {
  const group = Object.hasOwn(DISK_GROUPS, type) ? DISK_GROUPS[type] : undefined;
  const isBalanced = type === "pd-balanced";
  const found = skus.filter((sku) =>
    sku.family === "Storage" && sku.group === group && sku.regions.has(region) &&
    sku.title.startsWith("Balanced") === isBalanced &&
    (isBalanced || sku.title.startsWith("Regional") === isRegional)
  );
  const [only] = found;
  return only === undefined || found.length > 1 ? undefined : { skus: [only], cost: only.price };
}

/** A machine type as its price sees it. */
export interface MachineSize {
  readonly name: string;
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
}

const MACHINE_GROUPS: ReadonlySet<string> = new Set([
  "CPU",
  "F1Micro",
  "G1Small",
  "N1Standard",
  "RAM",
]);
/** Types that have a price of their own, and its group. */
const SHARED: Readonly<Record<string, string>> = { "f1-micro": "F1Micro", "g1-small": "G1Small" };
/** Beginnings of types and of the titles of their prices: where one is, the other must be. */
const FAMILIES: readonly (readonly [type: string, title: string])[] = [
  ["n2d-", "N2D AMD "],
  ["n2-", "N2 "],
  ["m1-", "Memory-optimized "],
  ["c2-", "Compute optimized "],
];
const E2: readonly [type: string, title: string] = ["e2-", "E2 "];
/** GiB of memory for each core from which on it costs more. */
const EXTENDED_FROM = 8;

/** Cores and memory are paid apart, except those of shared processors. */
export function priceMachine(
  size: MachineSize,
  region: string,
  skus: readonly Sku[],
): Priced | undefined {
  const { name } = size;
  const isCustom = name.includes("custom");
  const found = skus.filter((sku) =>
    sku.family === "Compute" && MACHINE_GROUPS.has(sku.group) && sku.regions.has(region) &&
    /[cC]ustom/.test(sku.title) === isCustom && fitsFamily(name, sku, isCustom)
  );
  const [only] = found;
  if (found.length === 1 && only !== undefined && Object.hasOwn(SHARED, name)) {
    return { skus: [only], cost: only.price };
  }
  const isWhole = found.length === 2 || (isCustom && found.length === 3);
  return isWhole ? sum(size, found, isCustom) : undefined;
}

function fitsFamily(name: string, { title, group }: Sku, isCustom: boolean): boolean {
  const shared = Object.hasOwn(SHARED, name) ? SHARED[name] : undefined;
  const isShared = group === "F1Micro" || group === "G1Small";
  if (shared !== undefined || isShared) return shared === group;
  // Custom types without a family are of the first generation, too.
  if (/^(n1|custom)-/.test(name) !== (group === "N1Standard")) return false;
  const families = isCustom ? FAMILIES : [...FAMILIES, E2];
  return families.every(([type, beginning]) =>
    name.startsWith(type) === title.startsWith(beginning)
  );
}

function sum(
  { cores, memory }: MachineSize,
  found: readonly Sku[],
  isCustom: boolean,
): Priced | undefined {
  const isExtended = isCustom && memory > cores * EXTENDED_FROM;
  const core = found.find(({ title }) => title.includes("Core"));
  const ram = found.find(({ title }) =>
    title.includes("Ram") && title.includes("Extended") === isExtended
  );
  if (core === undefined || ram === undefined) return undefined;
  // Sums of fractions have a tail that says nothing.
  const cost = Number((core.price * cores + ram.price * memory).toFixed(12));
  return { skus: [core, ram], cost };
}
