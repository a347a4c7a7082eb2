/** Tokens of every kind of credentials, in this process, against the simulated cloud. */
import assert from "node:assert/strict";
import { type GcpMachine, thisGcpMachine } from "../../../../../plugins/gcp/access/machine.ts";
import { createCollector } from "../../../../../plugins/gcp/collector.ts";
import { toMapping } from "../../../../../plugins/gcp/engine/mapping.ts";
import mapping from "../../../../../plugins/gcp/mapping.json" with { type: "json" };
import { type GcpOptions, options } from "../../../../../plugins/gcp/options.ts";
import { FakeContext } from "../../../../support/fake_context.ts";
import { fill } from "../../../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../../../support/gcp/fake_google.ts";

/** What is given beside the options. */
interface Given {
  readonly options?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly clock?: Partial<GcpMachine["clock"]>;
}

async function collect(google: FakeGoogle, given: Given): Promise<FakeContext<GcpOptions>> {
  const { env = {}, files = {}, clock = {} } = given;
  const machine: GcpMachine = {
    ...thisGcpMachine,
    clock: { ...thisGcpMachine.clock, ...clock },
    env: (name) => env[name],
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
  await createCollector(toMapping(mapping), machine).collect(context);
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
  assert.deepEqual([byFile, byJson, byAddress], [
    new Set(["subject-of-file"]),
    new Set(["subject-of-json"]),
    new Set(["subject-of-address"]),
  ]);
});

Deno.test("gcp tokens: of a service account that another one acts as", async () => {
  const byExternal = await callersWith((google) => ({
    ...asText(external(google, { file: "/t" }, {
      service_account_impersonation_url: impersonation(google, "audit@p.test"),
    })),
    files: { "/t": "subject-of-file" },
  }));
  const byUser = await callersWith((google) =>
    asText({
      type: "impersonated_service_account",
      service_account_impersonation_url: impersonation(google, "reader@p.test"),
      source_credentials: user(google),
    })
  );
  assert.deepEqual([byExternal, byUser], [new Set(["audit@p.test"]), new Set(["reader@p.test"])]);
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
  await createCollector(toMapping(mapping), machine).collect(context);
  assert.deepEqual(seen, ["bill"]);
});

Deno.test("gcp tokens: one is asked for before the last one expires", async () => {
  await using google = await startGoogle();
  fill(google);
  let looks = 0;
  await collect(google, {
    options: { service_account: [google.key("worker@p.test")] },
    // Time passes with each look at the clock.
    clock: { now: () => Date.now() + looks++ * 600_000 },
  });
  assert.ok(google.requests.filter((path) => path === "/token").length > 1);
});

Deno.test("gcp tokens: a missing file, and a key that cannot sign, end the run with one line", async () => {
  await using google = await startGoogle();
  fill(google);
  const missing = { options: { service_account: ["/nowhere.json"] } };
  await assert.rejects(collect(google, missing), {
    code: "cloud.no_credentials",
    message: "there is no credential file /nowhere.json",
  });
  const key = { ...JSON.parse(google.key("worker@p.test")), private_key: "hunter2" };
  await assert.rejects(
    collect(google, asText(key)),
    (error: Error & { readonly hint?: string }) => {
      assert.match(error.hint ?? "", /the private key of worker@p.test is no key/);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
      return true;
    },
  );
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
