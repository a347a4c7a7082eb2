import { defineResource, parents } from "../resource.ts";

const link = ({ name }: Readonly<Record<string, unknown>>) =>
  `https://cloudbilling.googleapis.com/v1/${name}`;

/** By which billing account a project is paid. */
export const projectBillingInfo = defineResource({
  kind: "gcp_project_billing_info",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  description: "Whether the project is paid for, and by which billing account.",
  collector: "project_billing_info",
  service: "cloudbilling",
  schema: "ProjectBillingInfo",
  collections: ["projects"],
  lists: [{
    operation: "projects.getBillingInfo",
    parameters: { name: "projects/{project}" },
    single: true,
  }],
  projectLevel: true,
  id: "name",
  name: "projectId",
  link,
  edges: parents("gcp_billing_account", "billingAccountName"),
  uses: { gcp_billing_account: "billingAccountName" },
});

/**
 * A billing account; that of the project. It is no part of any project, so that roles in projects do not
 * allow to see it.
 */
export const billingAccount = defineResource({
  kind: "gcp_billing_account",
  bases: ["gcp_resource", "phantom_resource"],
  phantom: true,
  description: "The account that pays for the project. Collected only if it is named.",
  collector: "billing_accounts",
  onRequest: true,
  service: "cloudbilling",
  schema: "BillingAccount",
  collections: ["billingAccounts"],
  source: "used",
  projectLevel: true,
  id: "name",
  name: "displayName",
  link,
});
