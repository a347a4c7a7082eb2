/** What must hold for every kind, call and manifest of every plugin. */
import assert from "node:assert/strict";
import { KindIndex } from "../../lib/model/mod.ts";
import type { PluginEntry } from "../../lib/sdk/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { golden } from "../support/golden.ts";

/** Configurations whose permissions are kept as golden files, by plugin. */
const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, Configuration>>>> = {
  aws: {
    default: {},
    regions_given: { options: { region: ["eu-west-1", "us-east-1"] } },
    one_collector: { options: { region: ["eu-west-1"], collect: ["vpcs"] } },
    china: { options: { partition: "aws-cn", region: ["cn-north-1"] } },
    organisation: { options: { role: "ckworker", scrape_org: true, region: ["eu-west-1"] } },
    endpoint: { options: { endpoint_url: "http://127.0.0.1:5000", region: ["eu-west-1"] } },
    proxy: {
      options: { region: ["eu-west-1"] },
      env: { HTTPS_PROXY: "http://proxy.corp.test:3128", NO_PROXY: "10.0.0.1" },
    },
    web_identity: {
      options: { region: ["eu-west-1"] },
      env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token", AWS_ROLE_ARN: "arn:aws:iam::1:role/r" },
    },
  },
  gcp: {
    default: {},
    one_collector: { options: { collect: ["buckets"], no_collect: ["services"] } },
    impersonation: { options: { impersonate: "audit@p.iam.gserviceaccount.com" } },
    endpoints: { options: { endpoint_url: ["http://127.0.0.1:8080", "storage=http://gcs.test"] } },
    key_file: {
      options: { service_account: ["/etc/key.json"] },
      files: {
        "/etc/key.json": JSON.stringify({
          type: "service_account",
          client_email: "worker@p.iam.gserviceaccount.com",
          private_key: "key",
        }),
      },
    },
    gcloud: {
      files: {
        "/home/user/.config/gcloud/application_default_credentials.json": JSON.stringify({
          type: "authorized_user",
          client_id: "id",
          client_secret: "s3cr3t",
          refresh_token: "token",
        }),
      },
    },
    workload_identity: {
      env: { GOOGLE_APPLICATION_CREDENTIALS: "/etc/external.json" },
      files: {
        "/etc/external.json": JSON.stringify({
          type: "external_account",
          audience: "//iam.googleapis.com/pool",
          subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
          token_url: "https://sts.googleapis.com/v1/token",
          service_account_impersonation_url:
            "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a@b:generateAccessToken",
          credential_source: { file: "/var/run/token" },
        }),
      },
    },
    file_missing: { env: { GOOGLE_APPLICATION_CREDENTIALS: "/etc/nowhere.json" } },
  },
  github: {
    default: {},
    enterprise: { options: { base_url: "https://github.corp.test/api/v3" } },
  },
  onelogin: {
    default: {},
    eu: { options: { region: "eu" } },
    region_of_variable: { env: { ONELOGIN_REGION: "eu" } },
  },
  onprem: {
    default: {},
    servers: { options: { server: ["lab%web.corp.test", "ann@10.0.0.1:2222", "[2001:db8::1]"] } },
    files: {
      options: {
        server: ["web.corp.test"],
        ssh_key: "~/keys/ops",
        known_hosts: ["/etc/ckworker/known_hosts"],
      },
      env: { SSH_AUTH_SOCK: "/run/user/1000/agent" },
    },
  },
  remote: {
    default: {},
    given: {
      options: {
        cloud: ["aws"],
        endpoint: [
          "https://ada:pa55w0rd@graphs.test:8443/prod.ndjson?key=s3cr3t",
          "https://graphs.test:8443/lab.ndjson",
          "file:///srv/a%20b.ndjson",
        ],
      },
    },
  },
  slack: {
    default: {},
    government: { options: { base_url: "https://slack-gov.com/api" } },
  },
  vsphere: {
    default: {},
    host: { options: { host: "vcenter.test", user: "reader", password: "x" } },
    address: { options: { host: "fd00::1", port: 8443, insecure: true } },
  },
  k8s: {
    default: {},
    kubeconfig: {
      files: {
        "/home/user/.kube/config": JSON.stringify({
          "current-context": "dev",
          contexts: [
            { name: "dev", context: { cluster: "dev", user: "ann" } },
            { name: "other", context: { cluster: "other", user: "ann" } },
          ],
          clusters: [
            {
              name: "dev",
              cluster: { server: "https://dev.test:6443", "certificate-authority": "dev.pem" },
            },
            { name: "other", cluster: { server: "https://other.test" } },
          ],
          users: [{ name: "ann", user: { tokenFile: "/run/token" } }],
        }),
      },
    },
    pod: { env: { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" } },
    given: {
      options: {
        cluster: ["a", "b"],
        apiserver: ["https://a.test", "https://b.test:6443"],
        token: ["t", "u"],
        cacert: ["/a.pem", "/b.pem"],
      },
    },
  },
};

/** Calls that find or reach accounts rather than make nodes. */
const OF_NO_KIND: ReadonlySet<string> = new Set([
  "github:CreateInstallationToken",
  "iamcredentials:generateAccessToken",
  "metadata:token",
  "oauth2:token",
  "onelogin:GenerateToken",
  "sts:AssumeRole",
  "sts:GetCallerIdentity",
  "sts:token",
  "subject:token",
]);

/** Calls that anybody with credentials may make. */
const FREE: ReadonlySet<string> = new Set([
  "cloudbilling:services.list",
  "cloudbilling:services.skus.list",
  "metadata:token",
  "oauth2:token",
  "sts:GetCallerIdentity",
  "sts:token",
  "subject:token",
]);

interface Configuration {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

for (const plugin of plugins) {
  const { name } = plugin.manifest;

  Deno.test(`registry: every kind of ${name} has known bases and hangs together`, () => {
    new KindIndex(plugin.model.kinds);
  });

  Deno.test(`registry: every node kind of ${name} has a type name and a page in the docs`, () => {
    const page = Deno.readTextFileSync(new URL(`../../docs/kinds/${name}.md`, import.meta.url));
    for (const kind of plugin.model.kinds.filter((each) => each.nested !== true)) {
      assert.match(kind.pythonType ?? "", /^[a-z0-9_.]+\.[A-Za-z0-9]+$/, kind.name);
      assert.ok(page.includes(kind.name), `docs/kinds/${name}.md does not tell of ${kind.name}`);
    }
  });

  Deno.test(`registry: every call of ${name} names its permissions and a kind that needs it`, () => {
    const kinds = new Set(plugin.model.kinds.map((kind) => kind.name));
    for (const { call, permissions, kinds: needing } of plugin.calls) {
      assert.ok(permissions.length > 0 || FREE.has(call), `${call} has no permission`);
      assert.ok(needing.length > 0 || OF_NO_KIND.has(call), `${call} is needed by no kind`);
      for (const kind of needing) assert.ok(kinds.has(kind), `${call} is needed by ${kind}`);
    }
  });

  Deno.test(`registry: every option of ${name} has a help text`, () => {
    for (const [option, schema] of Object.entries(plugin.manifest.options.shape)) {
      assert.ok((schema.description ?? "").length > 3, `${name} ${option}`);
    }
  });

  for (const [title, configuration] of Object.entries(CONFIGURATIONS[name] ?? { default: {} })) {
    Deno.test(`registry: permissions of ${name}, ${title.replaceAll("_", " ")}`, async () => {
      const permissions = permissionsOf(plugin, configuration);
      await golden(
        `permissions/${name}_${title}.json`,
        `${JSON.stringify(permissions, null, 2)}\n`,
      );
    });
  }
}

Deno.test("registry: kinds are unique over all plugins", () => {
  const owners = new Map<string, string>();
  for (const { manifest, model } of plugins) {
    for (const { name } of model.kinds) {
      assert.equal(owners.get(name), undefined, `${name} of ${manifest.name}`);
      owners.set(name, manifest.name);
    }
  }
});

Deno.test("registry: a plugin that borrows clouds has no kinds, so that nobody borrows from it", () => {
  const borrowers = plugins.filter(({ manifest }) => manifest.borrows !== undefined);
  for (const { manifest, model } of borrowers) assert.deepEqual(model.kinds, [], manifest.name);
});

Deno.test("registry: no two plugins claim a cloud", () => {
  const clouds = plugins.flatMap(({ manifest }) => manifest.clouds);
  assert.deepEqual(clouds, [...new Set(clouds)]);
});

Deno.test("registry: no manifest asks for the whole network or the whole file system", () => {
  for (const plugin of plugins) {
    for (const configuration of Object.values(CONFIGURATIONS[plugin.manifest.name] ?? { x: {} })) {
      const { net = [], read = [], env = [] } = permissionsOf(plugin, configuration);
      for (const host of net) assert.match(host, /^(\*\.)?[^*]+\.[^*]+|^localhost|^\[/, host);
      for (const path of read) assert.ok(path !== "/" && path !== "", path);
      for (const variable of env) assert.notEqual(variable, "*");
    }
  }
});

function permissionsOf(
  { manifest }: PluginEntry,
  { options = {}, env = {}, files = {} }: Configuration,
) {
  return manifest.permissions(manifest.options.parse(options), {
    files,
    env: { HOME: "/home/user", ...env },
  });
}
