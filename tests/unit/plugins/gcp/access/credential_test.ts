import assert from "node:assert/strict";
import {
  addressesOf,
  identityOf,
  readCredential,
  tokenFilesOf,
} from "../../../../../plugins/gcp/access/credential.ts";
import { defaultFiles, placesOf } from "../../../../../plugins/gcp/access/places.ts";
import { findConfiguration } from "../../../../../plugins/gcp/access/rights.ts";
import { options } from "../../../../../plugins/gcp/options.ts";

const KEY = {
  type: "service_account",
  client_email: "a@p.test",
  private_key: "hunter2",
  project_id: "p",
};
const EXTERNAL = {
  type: "external_account",
  audience: "//iam/pool",
  subject_token_type: "jwt",
  credential_source: { file: "/run/token" },
};

const read = (value: unknown) => readCredential(JSON.stringify(value));

Deno.test("gcp credentials: who it is, where tokens come from and what is read for them", () => {
  const { credential } = read({
    type: "impersonated_service_account",
    service_account_impersonation_url:
      "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/b@p.test:generateAccessToken",
    source_credentials: EXTERNAL,
  });
  assert.ok(credential !== undefined);
  assert.equal(identityOf(credential), "b@p.test");
  assert.deepEqual(addressesOf(credential).map((each) => new URL(each).hostname), [
    "iamcredentials.googleapis.com",
    "sts.googleapis.com",
  ]);
  assert.deepEqual(tokenFilesOf(credential), ["/run/token"]);
});

Deno.test("gcp credentials: what is wrong is named, and nothing that stands there", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["no json hunter2", /no JSON/],
    ["{}", /no type/],
    [JSON.stringify({ type: "gdch" }), /type gdch are not supported/],
    [JSON.stringify({ ...KEY, client_email: 7 }), /client_email/],
    [JSON.stringify({ ...KEY, token_uri: "http://evil.test/hunter2" }), /token_uri/],
    [JSON.stringify({ ...EXTERNAL, credential_source: {} }), /no file, url or executable/],
    [
      JSON.stringify({ ...EXTERNAL, credential_source: { environment_id: "aws1" } }),
      /aws1 are not supported/,
    ],
    [JSON.stringify({ ...EXTERNAL, credential_source: { certificate: {} } }), /certificates/],
  ];
  for (const [text, message] of cases) {
    const { problem } = readCredential(text);
    assert.match(problem ?? "", message);
    assert.doesNotMatch(problem ?? "", /hunter2/);
  }
});

Deno.test("gcp credentials: a path, a text, or the default ones", () => {
  const places = placesOf({ service_account: ["/key.json", JSON.stringify(KEY), ""] });
  assert.deepEqual(places.map(({ type }) => type), ["file", "text", "default"]);
  assert.deepEqual(placesOf({ service_account: [] }), [{ type: "default" }]);
});

Deno.test("gcp credentials: the default ones are where Google's own tools look", () => {
  const at = (env: Readonly<Record<string, string>>) => defaultFiles((name) => env[name]);
  assert.deepEqual(at({ GOOGLE_APPLICATION_CREDENTIALS: "/a.json", HOME: "/h" }), ["/a.json"]);
  const file = "application_default_credentials.json";
  assert.deepEqual(at({ HOME: "/h/" }), [`/h/.config/gcloud/${file}`]);
  assert.deepEqual(at({ CLOUDSDK_CONFIG: "/c", HOME: "/h" }), [`/c/${file}`]);
  assert.deepEqual(at({ APPDATA: "C:/data" }), [`C:/data/gcloud/${file}`]);
  assert.deepEqual(at({}), []);
});

Deno.test("gcp credentials: configured by what is given or found, else not", () => {
  const check = (given: object, env: Record<string, string>, files: Record<string, string> = {}) =>
    findConfiguration(options.parse(given), { env, files });
  assert.equal(check({ service_account: [""] }, {}).configured, true);
  assert.match(check({ service_account: ["a", "b"] }, {}).reason, /2 service accounts/);
  const env = { GOOGLE_APPLICATION_CREDENTIALS: "/a.json" };
  assert.equal(check({}, env, { "/a.json": "{}" }).configured, true);
  const missing = check({}, env);
  assert.equal(missing.configured, false);
  assert.match(missing.reason, /not in \/a\.json either; give --gcp-service-account/);
});

Deno.test("gcp options: an address is for all services or for one that there is", () => {
  const parse = (each: string) => options.safeParse({ endpoint_url: [each] }).success;
  assert.deepEqual(["http://x:1", "storage=https://x", "mars=http://x", "x"].map(parse), [
    true,
    true,
    false,
    false,
  ]);
});
