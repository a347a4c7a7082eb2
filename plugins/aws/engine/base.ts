import { call, type NodeDeclaration, type Operation } from "../resource.ts";
import type { ServiceName } from "../services.ts";

/** Calls of the engine itself. */
export const ENGINE_CALLS = {
  // Nobody needs a permission to ask who he is.
  whoAmI: { operation: "GetCallerIdentity", service: "sts", permissions: [] },
  assumeRole: { operation: "AssumeRole", service: "sts", result: "Credentials" },
  accounts: { operation: "ListAccounts", service: "organizations", result: "Accounts[]" },
  regions: { operation: "DescribeRegions", service: "ec2", result: "Regions[]" },
} as const satisfies Record<string, Operation & { service: ServiceName }>;

const iam = { service: "iam" } as const;
const figures = { ...iam, option: "iam_account_summary" } as const;
const count = (member: string) => ({ value: `Summary.${member}`, type: "int64", default: 0 });
const limit = (member: string) => ({ value: `Policy.${member}`, type: "int64" });
const rule = (member: string) => ({
  value: ({ Policy: policy }: Readonly<Record<string, unknown>>) =>
    typeof policy === "object" && policy !== null
      ? Reflect.get(policy, member) === true
      : undefined,
  type: "boolean",
});

/** Base of all kinds of this plugin but accounts and regions. */
export const RESOURCE_KIND = "aws_resource";

/** The account; its structure is made by the engine, `Alias` and the rest are attached. */
export const account: NodeDeclaration = {
  kind: "aws_account",
  bases: ["account"],
  pythonClass: "AWSAccount",
  description: "An account with its alias, password policy and IAM figures.",
  id: "Id",
  name: "Aliases[]",
  attach: {
    Aliases: call("ListAccountAliases", "AccountAliases[]", {}, iam),
    Summary: call("GetAccountSummary", "SummaryMap", {}, figures),
    Policy: call("GetAccountPasswordPolicy", "PasswordPolicy", {}, {
      ...figures,
      none: ["NoSuchEntity"],
    }),
  },
  properties: {
    account_alias: { value: firstAlias, type: "string", default: "" },
    role: { value: "Role", type: "string" },
    users: count("Users"),
    groups: count("Groups"),
    account_mfa_enabled: count("AccountMFAEnabled"),
    account_access_keys_present: count("AccountAccessKeysPresent"),
    account_signing_certificates_present: count("AccountSigningCertificatesPresent"),
    mfa_devices: count("MFADevices"),
    mfa_devices_in_use: count("MFADevicesInUse"),
    policies: count("Policies"),
    policy_versions_in_use: count("PolicyVersionsInUse"),
    global_endpoint_token_version: count("GlobalEndpointTokenVersion"),
    server_certificates: count("ServerCertificates"),
    minimum_password_length: limit("MinimumPasswordLength"),
    require_symbols: rule("RequireSymbols"),
    require_numbers: rule("RequireNumbers"),
    require_uppercase_characters: rule("RequireUppercaseCharacters"),
    require_lowercase_characters: rule("RequireLowercaseCharacters"),
    allow_users_to_change_password: rule("AllowUsersToChangePassword"),
    expire_passwords: rule("ExpirePasswords"),
    max_password_age: { ...limit("MaxPasswordAge"), default: 0 },
    password_reuse_prevention: { ...limit("PasswordReusePrevention"), default: 0 },
    hard_expiry: rule("HardExpiry"),
  },
};

/** A region; its structure is made by the engine. */
export const region: NodeDeclaration = {
  kind: "aws_region",
  bases: ["region"],
  pythonClass: "AWSRegion",
  description: "A region of an account; the one named global holds what has no region.",
  id: "Id",
  name: "Name",
  properties: {
    // When the first service opened; the same in all regions.
    ctime: { value: () => undefined, type: "datetime", default: "2006-03-19T00:00:00Z" },
  },
};

function firstAlias({ Aliases: aliases }: Readonly<Record<string, unknown>>): unknown {
  return Array.isArray(aliases) ? aliases[0] : undefined;
}
