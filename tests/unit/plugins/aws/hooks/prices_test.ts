import assert from "node:assert/strict";
import {
  instancePrice,
  instancePrices,
  parseAmount,
  volumePrice,
  volumePrices,
} from "../../../../../plugins/aws/hooks/prices.ts";
import type { Input } from "../../../../../plugins/aws/resource.ts";
import { createTools } from "../../../../support/aws_tools.ts";

/** The price list as the API gives it: one JSON text per product. */
function priceList(name: string): readonly string[] {
  const path = new URL(`../../../../fixtures/aws/GetProducts.${name}.json`, import.meta.url);
  const products: readonly unknown[] = JSON.parse(Deno.readTextFileSync(path));
  return products.map((product) => JSON.stringify(product));
}

function filter(input: Input, field: string): unknown {
  const filters: unknown = input["Filters"];
  assert.ok(Array.isArray(filters));
  return filters.find((each) => each.Field === field)?.Value;
}

Deno.test("instancePrice: the shared tenancy counts, wherever it stands in the list", async () => {
  const tools = createTools({ answers: { GetProducts: () => priceList("m5.large") } });
  assert.deepEqual(await instancePrice("m5.large", tools), {
    OnDemand: 0.107,
    Cores: 2,
    Memory: 8,
  });
});

Deno.test("instancePrice: asks the Pricing endpoint for the region of the instance", async () => {
  const tools = createTools({ answers: { GetProducts: () => [] } });
  assert.equal(await instancePrice("m5.large", tools), undefined);
  const [call] = tools.calls;
  assert.equal(call?.region, "us-east-1");
  assert.equal(call?.input["ServiceCode"], "AmazonEC2");
  assert.deepEqual(
    ["instanceType", "regionCode", "operatingSystem", "operation", "capacitystatus"].map((field) =>
      filter(call?.input ?? {}, field)
    ),
    ["m5.large", "eu-west-1", "Linux", "RunInstances", "Used"],
  );
});

Deno.test("instancePrice: a type without shared tenancy has a size and no price", async () => {
  const tools = createTools({ answers: { GetProducts: () => priceList("u-6tb1.metal") } });
  assert.deepEqual(await instancePrice("u-6tb1.metal", tools), { Cores: 448, Memory: 6144 });
});

Deno.test("instancePrice: products of unknown form are left out, the others count", async () => {
  const broken = ["{", "null", '{"product":{}}', '{"product":{"attributes":{"vcpu":2}}}'];
  const tools = createTools({
    answers: { GetProducts: () => [...broken, ...priceList("m5.large")] },
  });
  assert.equal((await instancePrice("m5.large", tools))?.OnDemand, 0.107);
});

Deno.test("instancePrice: accounts share one answer per type and region", async () => {
  const guest = new Map();
  const answers = { GetProducts: () => priceList("m5.large") };
  const first = createTools({ answers, guest });
  const second = createTools({ answers, guest, place: { account: "210987654321" } });
  const abroad = createTools({ answers, guest, place: { region: "us-east-1" } });
  for (const tools of [first, second, abroad]) await instancePrice("m5.large", tools);
  assert.deepEqual([first, second, abroad].map(({ calls }) => calls.length), [1, 0, 1]);
});

Deno.test("instancePrice: an account whose role is denied does not cost the others theirs", async () => {
  const guest = new Map();
  const denied = createTools({
    guest,
    answers: {
      GetProducts: () => {
        throw new Error("denied");
      },
    },
  });
  const allowed = createTools({ guest, answers: { GetProducts: () => priceList("m5.large") } });
  await assert.rejects(instancePrice("m5.large", denied), /denied/);
  assert.equal((await instancePrice("m5.large", allowed))?.OnDemand, 0.107);
});

Deno.test("instancePrice: GovCloud has no price list and China's is not in dollars", async () => {
  for (const region of ["us-gov-west-1", "cn-north-1"]) {
    const tools = createTools({ place: { region } });
    assert.equal(await instancePrice("m5.large", tools), undefined);
    assert.equal(await volumePrice("gp3", tools), undefined);
    assert.deepEqual(tools.calls, []);
  }
});

Deno.test("volumePrice: the first price above zero counts", async () => {
  const tools = createTools({ answers: { GetProducts: () => priceList("gp3") } });
  assert.equal(await volumePrice("gp3", tools), 0.088);
});

Deno.test("volumePrice: zero when there is no price", async () => {
  const tools = createTools({ answers: { GetProducts: () => [] } });
  assert.equal(await volumePrice("gp3", tools), 0);
});

Deno.test("volumePrice: every type is asked for by its own name, io2 too", async () => {
  const tools = createTools({ answers: { GetProducts: () => priceList("gp3") } });
  assert.equal(await volumePrice("io2", tools), 0.088);
  const input = tools.calls[0]?.input ?? {};
  assert.equal(filter(input, "volumeApiName"), "io2");
  assert.equal(filter(input, "productFamily"), "Storage");
});

Deno.test("instancePrices, volumePrices: one value per structure, one call per type", async () => {
  const answers = { GetProducts: () => priceList("m5.large") };
  const instances = createTools({ answers });
  const types = ["m5.large", undefined, "m5.large"].map((InstanceType) => ({ InstanceType }));
  const found = await instancePrices("InstanceType").run(types, instances);
  assert.deepEqual(found.map((each) => each !== undefined), [true, false, true]);
  assert.equal(instances.calls.length, 1);
  const volumes = createTools({ answers });
  assert.deepEqual(await volumePrices("VolumeType").run([{ VolumeType: "gp3" }], volumes), [0.113]);
});

Deno.test("parseAmount: thousands are separated by commas, and what is no number is none", () => {
  assert.deepEqual(
    ["1,952 GiB", "0.5 GiB", "12,288 GiB", "448", "NA", "", undefined].map(parseAmount),
    [1952, 0.5, 12288, 448, undefined, undefined, undefined],
  );
});
