/** Tokens of every kind of credentials, in this process, against the simulated cloud. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { type GcpMachine, thisGcpMachine } from "../../../../../plugins/gcp/access/machine.ts";
import { createCollector } from "../../../../../plugins/gcp/collector.ts";
import { readMapping } from "../../../../../lib/sdk/mod.ts";
import mapping from "../../../../../plugins/gcp/mapping.json" with { type: "json" };
import { type GcpOptions, options } from "../../../../../plugins/gcp/options.ts";
import { FakeContext } from "../../../../support/fake_context.ts";
import { fill } from "../../../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../../../support/gcp/fake_google.ts";
import type { FakeRule } from "../../../../support/saas/fake_api.ts";

/** A good key that is none of RSA. */
const EC_KEY = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" });

/** What is given beside the options. */
interface Given {
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Where a request goes instead. */
  readonly reroute?: (url: string) => string;
}

async function collect(google: FakeGoogle, given: Given): Promise<FakeContext<GcpOptions>> {
  const { env = {}, files = {}, reroute = (url) => url } = given;
  const pool = thisGcpMachine.pool();
  const machine: GcpMachine = {
    ...thisGcpMachine,
    env: (name) => env[name],
    pool: () => ({
      fetch: (url, init) => pool.fetch(reroute(url), init),
      [Symbol.dispose]: () => pool[Symbol.dispose](),
    }),
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Deno.errors.NotFound(path);
      return Promise.resolve(text);
    },
  };
  const context = new FakeContext({
    options: options.parse({
      endpoint_url: google.endpoints,
      collect: ["buckets"],
      ...given.options,
    }),
  });
  await createCollector(readMapping(mapping), machine).collect(context);
  return context;
}

/** Who called the APIs with these credentials. */
async function callersWith(
  make: (google: FakeGoogle) => Given,
): Promise<ReadonlySet<string>> {
  await using google = await startGoogle();
  fill(google);
  const context = await collect(google, make(google));
  assert.equal(context.nodes("gcp_bucket").length, 1);
  return new Set(google.callers);
}

const external = ({ url }: FakeGoogle, source: object, more: object = {}) => ({
  type: "external_account",
  audience: "//iam.googleapis.com/pool",
  subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
  token_url: `${url}/sts`,
  credential_source: source,
  ...more,
});
const user = ({ url }: FakeGoogle) => ({
  type: "authorized_user",
  client_id: "id",
  client_secret: "s3cr3t",
  refresh_token: "refresh",
  token_uri: `${url}/token`,
});
const impersonation = ({ url }: FakeGoogle, account: string) =>
  `${url}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
const chain = (google: FakeGoogle) => ({
  source: user(google),
  impersonated: {
    type: "impersonated_service_account",
    service_account_impersonation_url: impersonation(google, "reader@p.test"),
    source_credentials: user(google),
  },
});
const asText = (value: object) => ({ options: { service_account: [JSON.stringify(value)] } });

Deno.test("gcp tokens: of a user that gcloud wrote down", async () => {
  const file = "/h/.config/gcloud/application_default_credentials.json";
  const callers = await callersWith((google) => ({
    env: { HOME: "/h" },
    files: { [file]: JSON.stringify(user(google)) },
  }));
  assert.deepEqual(callers, new Set(["user"]));
});

Deno.test("gcp tokens: of the file that a variable names", async () => {
  const callers = await callersWith((google) => ({
    env: { GOOGLE_APPLICATION_CREDENTIALS: "/key.json" },
    files: { "/key.json": google.key("worker@p.test") },
  }));
  assert.deepEqual(callers, new Set(["worker@p.test"]));
});

Deno.test("gcp tokens: of another identity provider, by file and by address, as text and JSON", async () => {
  const byFile = await callersWith((google) => ({
    ...asText(external(google, { file: "/run/token" })),
    files: { "/run/token": "subject-of-file\n" },
  }));
  const byJson = await callersWith((google) => ({
    ...asText(external(google, {
      file: "/run/token",
      format: { type: "json", subject_token_field_name: "token" },
    })),
    files: { "/run/token": JSON.stringify({ token: "subject-of-json" }) },
  }));
  const byAddress = await callersWith((google) =>
    asText(external(google, {
      url: `${google.url}/subject`,
      format: { type: "json", subject_token_field_name: "value" },
    }))
  );
  const byText = await callersWith((google) =>
    asText(external(google, { url: `${google.url}/subject?form=text` }))
  );
  assert.deepEqual([byFile, byJson, byAddress, byText], [
    new Set(["subject-of-file"]),
    new Set(["subject-of-json"]),
    new Set(["subject-of-address"]),
    new Set(["subject-of-text"]),
  ]);
});

Deno.test("gcp tokens: of a service account that another one acts as", async () => {
  const byExternal = await callersWith((google) => ({
    ...asText(external(google, { file: "/t" }, {
      service_account_impersonation_url: impersonation(google, "audit@p.test"),
    })),
    files: { "/t": "subject-of-file" },
  }));
  const byUser = await callersWith((google) => asText(chain(google).impersonated));
  assert.deepEqual([byExternal, byUser], [new Set(["audit@p.test"]), new Set(["reader@p.test"])]);
});

Deno.test("gcp tokens: of the account that the options name, by whoever is given", async () => {
  const asked: string[] = [];
  for (const make of [chain, (google: FakeGoogle) => ({ impersonated: user(google) })]) {
    const callers = await callersWith((google) => ({
      options: {
        impersonate: "audit@p.test",
        service_account: [JSON.stringify(make(google).impersonated)],
      },
      reroute: (url) => {
        if (!url.startsWith("https:")) return url;
        asked.push(url);
        return url.replace(new URL(url).origin, google.url);
      },
    }));
    assert.deepEqual(callers, new Set(["audit@p.test"]));
  }
  const path = "/v1/projects/-/serviceAccounts/audit%40p.test:generateAccessToken";
  assert.deepEqual(new Set(asked), new Set([`https://iamcredentials.googleapis.com${path}`]));
});

Deno.test("gcp tokens: what the library does not take is told in one line", async () => {
  await using google = await startGoogle();
  const credential = external(google, { file: "/t" }, { workforce_pool_user_project: "p" });
  await assert.rejects(
    collect(google, asText(credential)),
    (error: Error & { readonly hint?: string }) => {
      assert.match(error.hint ?? "", /iam.googleapis.com\/pool cannot be used: workforcePool/);
      return true;
    },
  );
});

Deno.test("gcp tokens: of the machine, where there is no file", async () => {
  const callers = await callersWith((google) => ({
    options: { service_account: [""] },
    env: { GCE_METADATA_HOST: new URL(google.url).host, HOME: "/h" },
  }));
  assert.deepEqual(callers, new Set(["machine"]));
});

Deno.test("gcp tokens: a project to be billed is shown with each call", async () => {
  await using google = await startGoogle();
  fill(google);
  const seen: (string | null)[] = [];
  const pool = thisGcpMachine.pool();
  const key = JSON.stringify({
    ...JSON.parse(google.key("worker@p.test")),
    quota_project_id: "bill",
  });
  const machine: GcpMachine = {
    ...thisGcpMachine,
    env: () => undefined,
    pool: () => ({
      fetch: (url, init) => {
        if (url.includes("/b?")) seen.push(new Headers(init.headers).get("x-goog-user-project"));
        return pool.fetch(url, init);
      },
      [Symbol.dispose]: () => pool[Symbol.dispose](),
    }),
  };
  const context = new FakeContext({
    options: options.parse({
      endpoint_url: google.endpoints,
      collect: ["buckets"],
      service_account: [key],
    }),
  });
  await createCollector(readMapping(mapping), machine).collect(context);
  assert.deepEqual(seen, ["bill"]);
});

Deno.test("gcp tokens: one is asked for before the last one expires, and not before", async () => {
  await using google = await startGoogle();
  fill(google);
  const options = { service_account: [google.key("worker@p.test")] };
  const asked = () => google.requests.filter((path) => path === "/token").length;
  await collect(google, { options });
  assert.equal(asked(), 1);
  // One that is good for less than five minutes counts as expired.
  google.setRules([{
    path: /^\/token/,
    effect: { type: "change", change: (token) => ({ ...Object(token), expires_in: 240 }) },
  }]);
  await collect(google, { options });
  assert.ok(asked() > 2);
});

Deno.test("gcp tokens: without a time, or with one that nobody can read, they are used", async () => {
  await using google = await startGoogle();
  fill(google);
  const change = (path: RegExp, more: object): FakeRule => ({
    path,
    effect: { type: "change", change: (token) => ({ ...Object(token), ...more }) },
  });
  google.setRules([
    change(/^\/token/, { expires_in: undefined }),
    change(/generateAccessToken/, { expireTime: "later" }),
  ]);
  const { source, impersonated } = chain(google);
  for (const credential of [source, impersonated]) await collect(google, asText(credential));
  assert.deepEqual(new Set(google.callers), new Set(["user", "reader@p.test"]));
});

Deno.test("gcp tokens: an answer without a token is a fault that names the call", async () => {
  await using google = await startGoogle();
  fill(google);
  const { impersonated } = chain(google);
  const exchange = external(google, { file: "/t" });
  const files = { "/t": "subject-of-file" };
  const cases = [
    [/^\/token/, impersonated, "oauth2:token"],
    [/generateAccessToken/, impersonated, "iamcredentials:generateAccessToken"],
    [/^\/sts/, exchange, "sts:token"],
  ] as const;
  for (const [path, credential, call] of cases) {
    google.setRules([{ path, effect: { type: "change", change: () => ({ access_token: 7 }) } }]);
    await assert.rejects(
      collect(google, { ...asText(credential), files }),
      (error: Error & { readonly hint?: string }) => {
        const told = `${error.message} ${error.hint}`;
        assert.match(told, new RegExp(`${call} failed: NoToken`));
        assert.doesNotMatch(told, /unable to impersonate/);
        return true;
      },
    );
  }
});

Deno.test("gcp tokens: a missing file, and a key that cannot sign, end the run with one line", async () => {
  await using google = await startGoogle();
  fill(google);
  const missing = { options: { service_account: ["/nowhere.json"] } };
  await assert.rejects(collect(google, missing), {
    code: "cloud.no_credentials",
    message: "there is no credential file /nowhere.json",
  });
  const pem = (what: string) => `-----BEGIN ${what}-----\nhunter2\n-----END ${what}-----\n`;
  for (const private_key of ["hunter2", pem("PRIVATE KEY"), pem("RSA PRIVATE KEY"), EC_KEY]) {
    const key = { ...JSON.parse(google.key("worker@p.test")), private_key };
    await assert.rejects(
      collect(google, asText(key)),
      (error: Error & { readonly hint?: string }) => {
        assert.match(error.hint ?? "", /the private key of worker@p.test is no key/);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
        return true;
      },
    );
  }
});

Deno.test("gcp tokens: without a file and away from Google it is said what to do", async () => {
  await using google = await startGoogle();
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr;
  closed.close();
  const nowhere = { env: { GCE_METADATA_HOST: `127.0.0.1:${port}` } };
  await assert.rejects(collect(google, nowhere), (error: Error & { readonly hint?: string }) => {
    assert.match(error.hint ?? "", /no Google machine\. Give --gcp-service-account, or log in/);
    return true;
  });
});
