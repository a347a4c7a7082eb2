import type { FaultRule } from "./fault_proxy.ts";

/** Limits that the estate's kinds ask for, all in one list: each name belongs to one service. */
export const QUOTAS: Readonly<Record<string, number>> = {
  "Application Load Balancers per Region": 50,
  "Classic Load Balancers per Region": 20,
  "Internet gateways per Region": 7,
  "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances": 64,
  "Server certificates per account": 20,
  "VPCs per Region": 5,
};

/** Price of every product, USD. */
export const PRICE = 0.25;

/** Regional reservations of `m5.large`, in every region. */
export const RESERVED = 3;

/** Valid answers of the operations that moto lacks; append them to a plan. */
export const MOTO_GAPS: readonly FaultRule[] = [
  answer("service-quotas", "ListServiceQuotas", JSON.stringify({ Quotas: quotas() })),
  answer(
    "pricing",
    "GetProducts",
    JSON.stringify({ FormatVersion: "aws_v1", PriceList: prices() }),
  ),
  answer("ec2", "DescribeReservedInstances", reservations()),
];

function answer(service: string, operation: string, body: string): FaultRule {
  return { service, operation, effect: { type: "answer", body } };
}

function quotas() {
  return Object.entries(QUOTAS).map(([QuotaName, Value]) => ({ QuotaName, Value }));
}

function prices(): readonly string[] {
  const attributes = { tenancy: "Shared", vcpu: "2", memory: "8 GiB" };
  const dimension = { unit: "Hrs", pricePerUnit: { USD: String(PRICE) } };
  return [JSON.stringify({
    product: { attributes },
    terms: { OnDemand: { term: { priceDimensions: { dimension } } } },
  })];
}

function reservations(): string {
  const item = "<item><reservedInstancesId>r-1</reservedInstancesId>" +
    `<instanceType>m5.large</instanceType><instanceCount>${RESERVED}</instanceCount>` +
    "<state>active</state><scope>Region</scope></item>";
  return `<?xml version="1.0" encoding="UTF-8"?>
<DescribeReservedInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<requestId>1</requestId><reservedInstancesSet>${item}</reservedInstancesSet>
</DescribeReservedInstancesResponse>`;
}
