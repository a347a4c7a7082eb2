import type { Permissions, Seen } from "ckworker";
import { enabledServices } from "./enabled.ts";
import {
  awsHost,
  customEndpoint,
  customEndpointOf,
  DUAL_STACK,
  FIPS,
  isGlobal,
} from "./endpoints.ts";
import type { AwsOptions } from "../options.ts";
import { type Partition, partition, partitionOf } from "./partitions.ts";
import {
  configPaths,
  type Env,
  filled,
  homeFolder,
  parseProfiles,
  type Profile,
  profileChain,
  profileName,
  type Profiles,
} from "./profile.ts";
import { startRegion } from "./start_region.ts";

/** Variables that the SDK and its credential chain read. */
const VARIABLES = ["AWS_*", "HOME", "USERPROFILE", "HOMEPATH", "HOMEDRIVE", "_X_AMZN_TRACE_ID"];

const MACHINE_METADATA = "169.254.169.254:80";
const TASK_METADATA = "169.254.170.2:80";

/** What the configuration says, as far as rights follow from it. */
interface Setup {
  readonly options: AwsOptions;
  readonly env: Env;
  readonly home: string;
  /** The profile in use and those it builds on. */
  readonly chain: readonly Profile[];
  readonly profiles: Profiles;
  readonly partition: Partition;
  readonly region: string;
}

/** The rights of a guest: exact hosts where they can be told, wildcards where regions are open. */
export function rights(options: AwsOptions, seen: Seen): Permissions {
  const setup = read(options, seen);
  return {
    net: [...new Set([...serviceHosts(setup), ...credentialHosts(setup)])].sort(),
    env: VARIABLES,
    read: readable(setup),
    sys: ["osRelease", "homedir"],
  };
}

function read(options: AwsOptions, seen: Seen): Setup {
  const env = filled((name) => seen.env[name]);
  const paths = configPaths(env);
  const profiles = parseProfiles(
    seen.files[paths.config] ?? "",
    seen.files[paths.credentials] ?? "",
  );
  const chain = profileChain(profiles, profileName(options.profile, env));
  const region = startRegion(options, env, chain[0]?.region);
  return {
    options,
    env,
    home: homeFolder(env),
    chain,
    profiles,
    partition: partition(options.partition ?? partitionOf(region)),
    region,
  };
}

function serviceHosts(setup: Setup): readonly string[] {
  const { options, env, partition: { home, pricing, suffix, dualStackSuffix }, region } = setup;
  const regions = options.region;
  const unusual = env(FIPS) === "true" || env(DUAL_STACK) === "true";
  return enabledServices(options).flatMap(({ service, home: atHome }) => {
    const custom = customEndpoint(service, options.endpoint_url, env);
    if (custom !== undefined) return [hostOf(custom)];
    if (unusual) return [`*.${suffix}:443`, `*.${dualStackSuffix}:443`];
    const at = (where: string) => `${awsHost(service, where)}:443`;
    if (isGlobal(service)) return [at(home)];
    if (service === "pricing") return pricing === undefined ? [] : [at(pricing)];
    // The resolver is checked against the first region of the partition.
    if (service === "sts") return [at(region), at(home)];
    if (regions.length === 0) return [`*.${suffix}:443`];
    // Buckets are listed in the first region, and changed where each lies.
    return [...regions, ...(atHome || service === "s3" ? [home] : [])].map(at);
  });
}

/** Hosts that the credential chain asks beside STS. */
function credentialHosts(setup: Setup): readonly string[] {
  const { options, env, chain, profiles, region } = setup;
  if (options.access_key_id !== undefined) return [];
  const hosts = chain.flatMap((profile) => {
    const session = profiles.get(`sso-session ${profile.sso_session ?? ""}`);
    const ssoRegion = session?.sso_region ?? profile.sso_region;
    const sts = customEndpoint("sts", options.endpoint_url, env);
    return [
      sts === undefined ? `${awsHost("sts", profile.region ?? region)}:443` : hostOf(sts),
      ...(ssoRegion === undefined ? [] : ssoHosts(ssoRegion, setup)),
    ];
  });
  return [...hosts, ...metadataHosts(env, chain)];
}

function ssoHosts(region: string, { options, env }: Setup): readonly string[] {
  const { suffix } = partition(partitionOf(region));
  return [["SSO", "portal.sso"], ["SSO_OIDC", "oidc"]].map(([id = "", name]) => {
    const custom = customEndpointOf(id, options.endpoint_url, env);
    return custom === undefined ? `${name}.${region}.${suffix}:443` : hostOf(custom);
  });
}

/** The machine's own address for credentials, where nothing else gives them. */
function metadataHosts(env: Env, chain: readonly Profile[]): readonly string[] {
  const full = env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (full !== undefined) return [hostOf(full)];
  if (env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") !== undefined) return [TASK_METADATA];
  if (env("AWS_EC2_METADATA_DISABLED") === "true") return [];
  const given = env("AWS_ACCESS_KEY_ID") !== undefined ||
    env("AWS_WEB_IDENTITY_TOKEN_FILE") !== undefined ||
    chain.some((profile) => Object.keys(profile).some((key) => GIVES_CREDENTIALS.has(key)));
  const asked = chain.some((profile) => profile.credential_source === "Ec2InstanceMetadata");
  if (given && !asked) return [];
  const custom = env("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  return [custom === undefined ? MACHINE_METADATA : hostOf(custom)];
}

/** Settings with which a profile gives credentials by itself. */
const GIVES_CREDENTIALS: ReadonlySet<string> = new Set([
  "aws_access_key_id",
  "credential_process",
  "login_session",
  "sso_account_id",
  "web_identity_token_file",
]);

/** `host:port` of an address. */
function hostOf(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return `${url.hostname}:${port}`;
}

/** Files of the credential chain; one that does not exist costs nothing. */
function readable({ env, home, chain }: Setup): readonly string[] {
  const paths = configPaths(env);
  const named = [
    env("AWS_CA_BUNDLE"),
    env("AWS_WEB_IDENTITY_TOKEN_FILE"),
    env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
    ...chain.map((profile) => profile.web_identity_token_file),
  ];
  const files = [
    paths.config,
    paths.credentials,
    `${home}/.aws/sso/cache`,
    `${home}/.aws/login/cache`,
    ...named.flatMap((file) => file === undefined || file === "" ? [] : [file]),
  ];
  return [...new Set(files)];
}

/** Whether there is anything to collect with, by looking at variables and files only. */
export function findConfiguration(
  options: AwsOptions,
  seen: Seen,
): { readonly configured: boolean; readonly reason: string } {
  const { env, chain } = read(options, seen);
  const found = (reason: string) => ({ configured: true, reason });
  if (options.access_key_id !== undefined) return found("--aws-access-key-id");
  if (options.profile !== undefined) return found(`profile ${options.profile}`);
  for (const name of CONFIGURING) if (env(name) !== undefined) return found(name);
  if (chain.length > 0 && chain.some((profile) => Object.keys(profile).some(isCredential))) {
    return found("the default profile");
  }
  return {
    configured: false,
    reason: "no credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or give --aws-profile",
  };
}

const CONFIGURING = [
  "AWS_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

function isCredential(key: string): boolean {
  return GIVES_CREDENTIALS.has(key) || key === "credential_source";
}
