import { defineResource, parents } from "../resource.ts";

/** A service of the price list. */
export const service = defineResource({
  kind: "gcp_service",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  description: "A service of the price list.",
  collector: "services",
  service: "cloudbilling",
  schema: "Service",
  collections: ["services"],
  source: "billing",
  id: "serviceId",
  name: "displayName",
  link: ({ name }) => `https://cloudbilling.googleapis.com/v1/${name}`,
});

/** A price, of which a disk type or machine type of the project has any. */
export const sku = defineResource({
  kind: "gcp_service_sku",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  pythonClass: "GCPServiceSKU",
  description: "A price of the price list, by which something of the project is paid.",
  service: "cloudbilling",
  schema: "Sku",
  collections: ["services.skus"],
  source: "billing",
  id: "skuId",
  name: "description",
  properties: {
    service: { path: "category.serviceDisplayName", default: "" },
    resource_family: { path: "category.resourceFamily", default: "" },
    resource_group: { path: "category.resourceGroup", default: "" },
    usage_type: { path: "category.usageType", default: "" },
    pricing_info: { path: "pricingInfo", type: "any[]", default: [] },
    service_provider_name: { path: "serviceProviderName", default: "" },
    geo_taxonomy_type: "geoTaxonomy.type",
    geo_taxonomy_regions: { path: "geoTaxonomy.regions", type: "any[]", default: [] },
  },
  omit: ["category", "geoTaxonomy"],
  edges: parents("gcp_service", "$service"),
  orphan: true,
  link: ({ name }) => `https://cloudbilling.googleapis.com/v1/${name}`,
});
