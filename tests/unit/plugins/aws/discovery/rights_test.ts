import assert from "node:assert/strict";
import type { Seen } from "ckworker";
import calls from "../../../../../plugins/aws/calls.json" with { type: "json" };
import { importService } from "../../../../../plugins/aws/client/clients.ts";
import { awsHost, customEndpoint } from "../../../../../plugins/aws/discovery/endpoints.ts";
import { manifest } from "../../../../../plugins/aws/manifest.ts";
import { options as schema } from "../../../../../plugins/aws/options.ts";
import { parseProfiles, profileChain } from "../../../../../plugins/aws/discovery/profile.ts";
import { resources } from "../../../../../plugins/aws/resources/mod.ts";
import { isServiceName, type ServiceName } from "../../../../../plugins/aws/services.ts";

type Given = Readonly<Record<string, unknown>>;

function see(env: Readonly<Record<string, string>> = {}, config = ""): Seen {
  return {
    env: { HOME: "/home/me", ...env },
    files: config === "" ? {} : { "/home/me/.aws/config": config },
  };
}

function rights(options: Given, seen: Seen = see({ AWS_ACCESS_KEY_ID: "key" })) {
  return manifest.permissions(schema.parse(options), seen);
}

function configured(options: Given, seen: Seen) {
  return manifest.configured?.(schema.parse(options), seen) ?? assert.fail("no check");
}

const KEYS = { access_key_id: "key", secret_access_key: "secret" };

Deno.test("rights: exact hosts where regions are given", () => {
  const { net = [] } = rights({ ...KEYS, region: ["eu-west-1"], collect: ["vpcs"] });
  assert.deepEqual(net, [
    "ec2.eu-west-1.amazonaws.com:443",
    "iam.amazonaws.com:443",
    "servicequotas.eu-west-1.amazonaws.com:443",
    "sts.eu-west-1.amazonaws.com:443",
    "sts.us-east-1.amazonaws.com:443",
  ]);
});

Deno.test("rights: a wildcard only where regions are open", () => {
  const { net = [] } = rights({ ...KEYS });
  assert.ok(net.includes("*.amazonaws.com:443"));
  assert.ok(!rights({ ...KEYS, region: ["eu-west-1"] }).net?.some((host) => host.includes("*")));
});

Deno.test("rights: buckets are listed in one place, and changed where they lie", () => {
  const { net = [] } = rights({ ...KEYS, collect: ["s3_buckets"], region: ["eu-west-1"] });
  assert.deepEqual(net.filter((host) => host.startsWith("s3.")), [
    "s3.eu-west-1.amazonaws.com:443",
    "s3.us-east-1.amazonaws.com:443",
  ]);
});

Deno.test("rights: nothing but the custom endpoint, wherever it stands", () => {
  const flag = rights({ ...KEYS, endpoint_url: "http://127.0.0.1:5000" });
  assert.deepEqual(flag.net, ["127.0.0.1:5000"]);
  const variable = rights(KEYS, see({ AWS_ENDPOINT_URL: "https://aws.test" }));
  assert.deepEqual(variable.net, ["aws.test:443"]);
  const one = rights(
    { ...KEYS, region: ["eu-west-1"], collect: ["vpcs"] },
    see({ AWS_ENDPOINT_URL_EC2: "https://ec2.test:8443" }),
  );
  assert.ok(one.net?.includes("ec2.test:8443"));
  assert.ok(!one.net?.some((host) => host.startsWith("ec2.eu-west-1")));
});

Deno.test("rights: each partition has its own hosts", () => {
  const china = rights({ ...KEYS, partition: "aws-cn", region: ["cn-north-1"] }).net ?? [];
  assert.ok(china.includes("ec2.cn-north-1.amazonaws.com.cn:443"));
  assert.ok(china.includes("iam.cn-north-1.amazonaws.com.cn:443"));
  assert.ok(china.every((host) => host.endsWith(".amazonaws.com.cn:443")));
  const government = rights({ ...KEYS, region: ["us-gov-west-1"] }).net ?? [];
  assert.ok(government.includes("iam.us-gov.amazonaws.com:443"));
  assert.ok(!government.some((host) => host.startsWith("api.pricing")), "it has no price list");
});

Deno.test("rights: FIPS endpoints have names of their own", () => {
  const env = { AWS_ACCESS_KEY_ID: "key", AWS_USE_FIPS_ENDPOINT: "true" };
  const { net = [] } = rights({ region: ["us-gov-west-1"] }, see(env));
  assert.ok(net.includes("*.amazonaws.com:443"));
});

Deno.test("rights: dual-stack endpoints end differently in China", async () => {
  const env = { AWS_ACCESS_KEY_ID: "key", AWS_USE_DUALSTACK_ENDPOINT: "true" };
  for (const region of ["eu-west-1", "cn-north-1"]) {
    const { net = [] } = rights({ region: [region] }, see(env));
    const host = await sdkHost("ec2", region, true);
    const [, end = ""] = /^ec2\.[^.]+\.(.+)$/.exec(host) ?? assert.fail(host);
    assert.ok(net.includes(`*.${end}:443`), host);
  }
});

Deno.test("rights: an empty variable counts as not set", () => {
  const empty = { AWS_REGION: "", AWS_PROFILE: "", AWS_ENDPOINT_URL: "", AWS_CONFIG_FILE: "" };
  const metadata = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "",
    AWS_EC2_METADATA_SERVICE_ENDPOINT: "",
  };
  assert.deepEqual(rights({}, see({ ...empty, ...metadata })), rights({}, see()));
  assert.equal(configured({}, see({ AWS_PROFILE: "", AWS_ACCESS_KEY_ID: "" })).configured, false);
  const files = (env: Readonly<Record<string, string>>) =>
    manifest.sees?.(schema.parse({}), (name) => env[name]).files;
  assert.deepEqual(files({ HOME: "/h", AWS_CONFIG_FILE: "" }), files({ HOME: "/h" }));
});

Deno.test("rights: hosts of single sign-on follow from the profile", () => {
  const config = `[profile work]
sso_session = corp
sso_account_id = 111111111111
region = eu-west-1

[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.awsapps.com/start`;
  const { net = [], read = [] } = rights(
    { profile: "work", region: ["eu-west-1"] },
    see({}, config),
  );
  assert.ok(net.includes("portal.sso.eu-central-1.amazonaws.com:443"));
  assert.ok(net.includes("oidc.eu-central-1.amazonaws.com:443"));
  assert.ok(!net.includes("169.254.169.254:80"));
  assert.ok(read.includes("/home/me/.aws/sso/cache"));
});

Deno.test("rights: metadata addresses only when nothing else gives credentials", () => {
  const asks = (env: Readonly<Record<string, string>>, options: Given = {}, config = "") =>
    (rights(options, see(env, config)).net ?? []).filter((host) => host.startsWith("169.254."));
  assert.deepEqual(asks({}), ["169.254.169.254:80"]);
  assert.deepEqual(asks({}, KEYS), []);
  assert.deepEqual(asks({ AWS_ACCESS_KEY_ID: "key" }), []);
  assert.deepEqual(asks({ AWS_EC2_METADATA_DISABLED: "true" }), []);
  assert.deepEqual(asks({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x" }), ["169.254.170.2:80"]);
  const pod = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials" };
  assert.deepEqual(asks(pod), ["169.254.170.23:80"]);
  const machine = "[default]\nrole_arn = arn\ncredential_source = Ec2InstanceMetadata";
  assert.deepEqual(asks({}, {}, machine), ["169.254.169.254:80"]);
});

Deno.test("rights: files of the credential chain, those that variables and profiles name included", () => {
  const config = "[profile pod]\nrole_arn = arn\nweb_identity_token_file = /var/run/token";
  const { read = [], env = [] } = rights(
    { profile: "pod" },
    see({ AWS_CA_BUNDLE: "/etc/ca.pem", AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/other" }, config),
  );
  for (const path of ["/home/me/.aws/config", "/home/me/.aws/credentials", "/etc/ca.pem"]) {
    assert.ok(read.includes(path), path);
  }
  assert.ok(read.includes("/var/run/token") && read.includes("/var/run/other"));
  assert.ok(env.includes("AWS_*"));
});

Deno.test("manifest.configured looks at keys, profiles, tokens and containers", () => {
  assert.equal(configured(KEYS, see()).configured, true);
  assert.equal(configured({ profile: "work" }, see()).configured, true);
  assert.equal(configured({}, see({ AWS_ACCESS_KEY_ID: "key" })).configured, true);
  assert.equal(configured({}, see({ AWS_WEB_IDENTITY_TOKEN_FILE: "/t" })).configured, true);
  assert.equal(configured({}, see({}, "[default]\nsso_account_id = 1")).configured, true);
  assert.equal(configured({}, see({}, "[default]\nregion = eu-west-1")).configured, false);
  assert.match(configured({}, see()).reason, /AWS_PROFILE/);
});

Deno.test("manifest.guests: one guest, or one per core with --aws-fork", () => {
  assert.equal(manifest.guests?.(schema.parse({}), 8), 1);
  assert.equal(manifest.guests?.(schema.parse({ fork: true }), 8), 8);
});

Deno.test("manifest.enabledCalls: only what the wanted kinds need", () => {
  const enabled = (options: Given) =>
    (manifest.enabledCalls?.(schema.parse(options), typed) ?? [])
      .filter(({ purpose }) => purpose === "read").map(({ call }) => call);
  const typed = calls.map((each) => ({
    ...each,
    purpose: each.purpose === "read" ? "read" as const : "change" as const,
  }));
  assert.deepEqual(enabled({ collect: ["vpcs"], no_collect: ["quotas"], region: ["eu-west-1"] }), [
    "ec2:DescribeVpcs",
    "iam:ListAccountAliases",
    "sts:GetCallerIdentity",
  ]);
  assert.ok(enabled({ collect: ["vpcs"] }).includes("service-quotas:ListServiceQuotas"));
  assert.ok(enabled({ role: "reader" }).includes("sts:AssumeRole"));
  assert.ok(enabled({ role: "reader", scrape_org: true }).includes("organizations:ListAccounts"));
  assert.ok(!enabled({ no_collect: ["prices"] }).includes("pricing:GetProducts"));
});

Deno.test("options: names of collectors, accounts, regions and roles are checked", () => {
  for (
    const bad of [
      { collect: ["vpc"] },
      { account: ["12345"] },
      { region: ["Europe"] },
      { role: "arn:aws:iam::111111111111:role/x" },
      { account_pool_size: 0 },
      { partition: "aws-moon" },
      { endpoint_url: "ftp://x" },
      { role_session_name: "with blank" },
    ]
  ) assert.equal(schema.safeParse(bad).success, false, JSON.stringify(bad));
  assert.ok(schema.safeParse({ role: "/path/to/role", no_collect: ["quotas", "prices"] }).success);
  for (const { collector } of resources) {
    assert.ok(schema.safeParse({ collect: [collector] }).success, collector);
  }
});

Deno.test("awsHost agrees with the SDK's own endpoint rules", async () => {
  const services = [...new Set(calls.map(({ call }) => call.split(":")[0] ?? ""))];
  const regions = ["us-east-1", "eu-west-1", "ap-southeast-5", "cn-north-1", "us-gov-east-1"];
  for (const service of services.filter(isServiceName)) {
    for (const region of regions) {
      assert.equal(
        awsHost(service, region),
        await sdkHost(service, region),
        `${service} ${region}`,
      );
    }
  }
});

/** Host name by the endpoint rules of the SDK. */
async function sdkHost(service: ServiceName, region: string, dualStack = false): Promise<string> {
  const [module, name] = await importService(service);
  // deno-lint-ignore no-explicit-any -- the SDK's own type of it is internal
  const client: any = Reflect.construct(Reflect.get(module, `${name}Client`), [{ region }]);
  const { url } = client.config.endpointProvider({
    Region: region,
    UseDualStack: dualStack,
    UseFIPS: false,
  }, {});
  client.destroy();
  return url.hostname;
}

Deno.test("customEndpoint: flag, then the service's variable, then the one for all", () => {
  const env = (name: string) =>
    ({ AWS_ENDPOINT_URL_EC2: "http://two", AWS_ENDPOINT_URL: "http://three" })[name];
  assert.equal(customEndpoint("ec2", "http://one", env), "http://one");
  assert.equal(customEndpoint("ec2", undefined, env), "http://two");
  assert.equal(customEndpoint("iam", undefined, env), "http://three");
  const ignored = (name: string) => name.includes("IGNORE") ? "true" : env(name);
  assert.equal(customEndpoint("ec2", undefined, ignored), undefined);
});

Deno.test("parseProfiles reads both files, comments and nested groups", () => {
  const config = `# comment
[default]
region = eu-west-1 # here
s3 =
  max_concurrent_requests = 20
[profile work]
source_profile=base
[profile base]
`;
  const profiles = parseProfiles(config, "[base]\naws_access_key_id = key\n");
  assert.deepEqual(profiles.get("default"), { region: "eu-west-1", s3: "" });
  assert.deepEqual(profileChain(profiles, "work"), [
    { source_profile: "base" },
    { aws_access_key_id: "key" },
  ]);
});

Deno.test("profileChain ends at a cycle", () => {
  const profiles = parseProfiles("[a]\nsource_profile=b\n[b]\nsource_profile=a\n", "");
  assert.equal(profileChain(profiles, "a").length, 2);
});

Deno.test("rights: without a home folder no profile is taken from the working folder", () => {
  const { read = [] } = rights({ region: ["eu-west-1"] }, { env: {}, files: {} });
  assert.ok(read.length > 0);
  for (const path of read) assert.match(path, /^\/nonexistent\//);
});
