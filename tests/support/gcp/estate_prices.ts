import type { GoogleState } from "./google_state.ts";

/** The price list: one service of several, and prices of which some fit. */
export function putPrices(state: GoogleState): void {
  const services = [["0000-AAAA", "Cloud SQL"], ["6F81-5844", "Compute Engine"]] as const;
  for (const [serviceId, displayName] of services) {
    const service = { name: `services/${serviceId}`, serviceId, displayName };
    state.put("cloudbilling", "services", { service: serviceId }, service);
  }
  putSku(
    state,
    "CORE",
    "N1 Predefined Instance Core running in Americas",
    "N1Standard",
    31_611_000,
  );
  putSku(state, "RAM", "N1 Predefined Instance Ram running in Americas", "N1Standard", 4_237_000);
  putSku(state, "CCORE", "Custom Instance Core running in Americas", "N1Standard", 33_174_000);
  putSku(state, "CRAM", "Custom Instance Ram running in Americas", "N1Standard", 4_446_000);
  putSku(state, "SSD", "SSD backed PD Capacity", "SSD", 170_000_000, "Storage");
  putSku(state, "STD", "Storage PD Capacity", "PDStandard", 40_000_000, "Storage");
  putSku(state, "EU", "SSD backed PD Capacity in Europe", "SSD", 1, "Storage", "europe-west1");
}

function putSku(
  state: GoogleState,
  skuId: string,
  description: string,
  resourceGroup: string,
  nanos: number,
  resourceFamily = "Compute",
  region = "us-east1",
): void {
  state.put("cloudbilling", "services.skus", { parent: "services/6F81-5844", sku: skuId }, {
    name: `services/6F81-5844/skus/${skuId}`,
    skuId,
    description,
    category: {
      serviceDisplayName: "Compute Engine",
      resourceFamily,
      resourceGroup,
      usageType: "OnDemand",
    },
    serviceRegions: [region],
    serviceProviderName: "Google",
    geoTaxonomy: { type: "REGIONAL", regions: [region] },
    pricingInfo: [{
      pricingExpression: {
        tieredRates: [{
          startUsageAmount: 0,
          unitPrice: { currencyCode: "USD", units: "0", nanos },
        }],
      },
    }],
  });
}
