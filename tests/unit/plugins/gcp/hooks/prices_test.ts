import assert from "node:assert/strict";
import { readPriceList, type Sku, unitPrice } from "../../../../../plugins/gcp/hooks/price_list.ts";
import { priceDisk, priceMachine } from "../../../../../plugins/gcp/hooks/prices.ts";

function sku(title: string, group: string, price: number, family = "Compute"): Sku {
  return { raw: {}, link: title, title, family, group, price, regions: new Set(["us-east1"]) };
}

function rated(...rates: readonly object[]) {
  return { pricingInfo: [{ pricingExpression: { tieredRates: rates } }] };
}

const rate = (startUsageAmount: number, units: string, nanos: number) => ({
  startUsageAmount,
  unitPrice: { units, nanos },
});

const MACHINES = [
  sku("N1 Predefined Instance Core", "N1Standard", 0.03),
  sku("N1 Predefined Instance Ram", "N1Standard", 0.004),
  sku("N2 Instance Core", "CPU", 0.031),
  sku("N2 Instance Ram", "RAM", 0.005),
  sku("N2D AMD Instance Core", "CPU", 0.027),
  sku("N2D AMD Instance Ram", "RAM", 0.003),
  sku("E2 Instance Core", "CPU", 0.021),
  sku("E2 Instance Ram", "RAM", 0.002),
  sku("Small Instance with 1 VCPU", "G1Small", 0.0257),
  sku("Micro Instance with burstable CPU", "F1Micro", 0.0076),
  sku("Custom Instance Core", "N1Standard", 0.033),
  sku("Custom Instance Ram", "N1Standard", 0.0044),
  sku("Custom Extended Instance Ram", "N1Standard", 0.009),
];

const cost = (name: string, cores: number, memory: number) =>
  priceMachine({ name, cores, memory }, "us-east1", MACHINES)?.cost;

Deno.test("gcp prices: whole units of the currency count, too", () => {
  assert.equal(unitPrice(rated(rate(0, "2", 500_000_000))), 2.5);
  assert.equal(unitPrice(rated(rate(0, "0", 31_611_000))), 0.031611);
});

Deno.test("gcp prices: of several rates the first that is not for a free beginning", () => {
  assert.equal(unitPrice(rated(rate(0, "0", 0), rate(5, "0", 40_000_000), rate(9, "1", 0))), 0.04);
  assert.equal(unitPrice(rated(rate(0, "0", 7), rate(0, "0", 8))), undefined);
  assert.equal(unitPrice({}), undefined);
});

Deno.test("gcp prices: cores and memory of the family of a machine type", () => {
  assert.equal(cost("n1-standard-2", 2, 7.5), 0.09);
  assert.equal(cost("n2-standard-2", 2, 8), 0.102);
  assert.equal(cost("n2d-standard-2", 2, 8), 0.078);
  assert.equal(cost("e2-medium", 1, 4), 0.029);
});

Deno.test("gcp prices: shared processors have a price of their own", () => {
  assert.equal(cost("g1-small", 1, 1.7), 0.0257);
  assert.equal(cost("f1-micro", 1, 0.6), 0.0076);
});

Deno.test("gcp prices: custom types, with memory that is extended above 8 GiB a core", () => {
  assert.equal(cost("custom-2-4096", 2, 4), 0.0836);
  assert.equal(cost("custom-2-20480-ext", 2, 20), 0.246);
});

Deno.test("gcp prices: a family that is not known, or another region, has no price", () => {
  assert.equal(cost("a3-highgpu-8g", 208, 1872), undefined);
  const size = { name: "n1-standard-1", cores: 1, memory: 3.75 };
  assert.equal(priceMachine(size, "europe-west1", MACHINES), undefined);
});

Deno.test("gcp prices: disks by type, zonal and regional, balanced apart", () => {
  const disks = [
    sku("SSD backed PD Capacity", "SSD", 0.17, "Storage"),
    sku("Regional SSD backed PD Capacity", "SSD", 0.34, "Storage"),
    sku("Balanced PD Capacity", "SSD", 0.1, "Storage"),
    sku("Storage PD Capacity", "PDStandard", 0.04, "Storage"),
    sku("Regional Storage PD Capacity", "PDStandard", 0.08, "Storage"),
  ];
  const price = (type: string, isRegional = false) =>
    priceDisk(type, "us-east1", disks, isRegional)?.cost;
  assert.deepEqual([price("pd-ssd"), price("pd-ssd", true)], [0.17, 0.34]);
  assert.deepEqual([price("pd-balanced"), price("pd-standard", true)], [0.1, 0.08]);
  assert.deepEqual([price("pd-extreme"), price("local-ssd"), price("constructor")], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("gcp prices: a list without the service has no prices", async () => {
  const pages = async function* () {
    yield await Promise.resolve({ services: [{ displayName: "Cloud SQL" }] });
  };
  assert.equal(await readPriceList({ pages }), undefined);
});
