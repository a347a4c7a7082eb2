import { z } from "zod";
import catalog from "./catalog.json" with { type: "json" };
import { PARTITIONS } from "./discovery/partitions.ts";

const text = () => z.string().min(1).optional();
const flag = () => z.boolean().default(false);
const accountIds = () =>
  z.array(z.string().regex(/^\d{12}$/, "must be account ids of 12 digits")).default([]);
const regions = () =>
  z.array(z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, "must be region codes such as eu-west-1"))
    .default([]);
const collectors = () => z.array(z.enum(catalog.collectors)).default([]);

/** Name of a role, with or without path. */
export const ROLE_NAME = /^\/?([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;
const role = () => z.string().regex(ROLE_NAME, "must be a role's name, not its ARN").optional();

/** Options of the plugin; keys become flags `--aws-…`, variables and file keys. */
export const options = z.object({
  access_key_id: text().describe("Static access key id"),
  secret_access_key: text().describe("Static secret access key").meta({ secret: true }),
  profile: text().describe("Profile of the AWS configuration files to start from"),
  role: role().describe("IAM role to assume in each account: its name, with path if it has one"),
  role_override: flag().describe("Assume --aws-role everywhere, the current account included"),
  external_id: text().describe("External id to give when a role is assumed"),
  role_session_name: z.string().regex(/^[\w+=,.@-]{2,64}$/, "must be 2 to 64 of A-Za-z0-9_+=,.@-")
    .optional().describe("Session name to give when a role is assumed")
    .meta({ defaultText: "account id and a random part" }),
  account: accountIds().describe("Accounts to collect, with --aws-role"),
  region: regions().describe("Regions to collect").meta({ defaultText: "all enabled ones" }),
  scrape_org: flag().describe("Collect all accounts of the organisation, with --aws-role"),
  org_role: text().describe("Role that lists the organisation's accounts: an ARN, or a name"),
  scrape_exclude_account: accountIds().describe("Accounts of the organisation to leave out"),
  assume_current: flag().describe("Assume --aws-role in the current account, too"),
  dont_scrape_current: flag().describe("Leave the current account out"),
  fork: flag().describe("Spread the accounts over several guests, one per core"),
  account_pool_size: z.int().min(1).max(1_000).default(5).describe("Accounts at once"),
  region_pool_size: z.int().min(1).max(1_000).default(20).describe("Regions of an account at once"),
  collect: collectors().describe("Collect these only").meta({ placeholder: "NAME" }),
  no_collect: collectors().describe("Leave these out").meta({ placeholder: "NAME" }),
  partition: z.enum(PARTITIONS).optional().describe("Partition of the accounts")
    .meta({ defaultText: "that of the first region" }),
  endpoint_url: z.url({ protocol: /^https?$/ }).optional()
    .describe("Send all requests to this address instead of AWS"),
});

/** Validated options. */
export type AwsOptions = z.output<typeof options>;
