/** How real guests come to tokens, with the rights that the files give. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fill } from "../../support/gcp/estate.ts";
import { startGoogle } from "../../support/gcp/fake_google.ts";
import { faultsOf, makeSaasStore } from "../../support/saas/saas_store.ts";

const ACCOUNT = "worker@p.test";
const WANTED = { collect: ["buckets"] };

Deno.test("gcp: a key file is read by the guest, and its token comes from where it says", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const path = join(store.folder, "key.json");
  const text = google.key(ACCOUNT);
  await Deno.writeTextFile(path, text);
  const options = { ...WANTED, service_account: [path], endpoint_url: google.endpoints };
  const summary = await store.collect(options, {}, { files: { [path]: text } });
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  assert.ok(store.read().nodes.includes("- gcp_bucket p-data p-data"));
  assert.deepEqual(new Set(google.callers), new Set([ACCOUNT]));
});

Deno.test("gcp: a guest reaches no address that was not known when its rights were made", async () => {
  await using google = await startGoogle();
  await using elsewhere = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const path = join(store.folder, "key.json");
  await Deno.writeTextFile(path, elsewhere.key(ACCOUNT));
  const options = { ...WANTED, service_account: [path], endpoint_url: google.endpoints };
  const summary = await store.collect(options, {}, { files: { [path]: google.key(ACCOUNT) } });
  assert.equal(summary.exitCode, 1);
  assert.match(JSON.stringify(summary.collectors), /may not connect to/);
  assert.deepEqual(elsewhere.requests, []);
});

Deno.test("gcp: whichever way a token is asked for, a guest without the right connects to nobody", async () => {
  await using google = await startGoogle();
  fill(google);
  await using elsewhere = await startGoogle();
  await using store = await makeSaasStore("gcp");
  const path = join(store.folder, "credentials.json");
  const account = `${elsewhere.url}/v1/projects/-/serviceAccounts/a@p.test:generateAccessToken`;
  const user = {
    type: "authorized_user",
    client_id: "id",
    client_secret: "s3cr3t",
    refresh_token: "refresh",
    token_uri: `${elsewhere.url}/token`,
  };
  const exchange = {
    type: "external_account",
    audience: "//iam.googleapis.com/pool",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${google.url}/sts`,
    credential_source: { url: `${google.url}/subject?form=text` },
  };
  const forms = [
    user,
    { ...exchange, token_url: `${elsewhere.url}/sts` },
    { ...exchange, credential_source: { url: `${elsewhere.url}/subject` } },
    { ...exchange, service_account_impersonation_url: account },
    {
      type: "impersonated_service_account",
      service_account_impersonation_url: account,
      source_credentials: { ...user, token_uri: `${google.url}/token` },
    },
  ];
  const options = { ...WANTED, service_account: [path], endpoint_url: [google.url] };
  for (const form of forms) {
    await Deno.writeTextFile(path, JSON.stringify(form));
    // The rights are made of another file: the APIs may be called, and nothing of this one.
    const summary = await store.collect(options, {}, { files: { [path]: google.key(ACCOUNT) } });
    assert.equal(summary.exitCode, 1);
    assert.match(JSON.stringify(summary.collectors), /may not connect to/);
    // The same with its own rights.
    const granted = await store.collect(options, {}, { files: { [path]: JSON.stringify(form) } });
    assert.doesNotMatch(JSON.stringify(granted.collectors), /may not/);
  }
  assert.ok(elsewhere.requests.length >= forms.length);
});

Deno.test("gcp: what logs the requests of Google's library shows nothing of them", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const options = { ...WANTED, service_account: [google.key(ACCOUNT)], endpoint_url: [google.url] };
  const before = Deno.env.get("GOOGLE_SDK_NODE_LOGGING");
  Deno.env.set("GOOGLE_SDK_NODE_LOGGING", "all");
  try {
    const summary = await store.collect(options, { GOOGLE_SDK_NODE_LOGGING: "all" });
    assert.equal(summary.exitCode, 0);
    assert.doesNotMatch(JSON.stringify(summary), /PRIVATE KEY|token-1|assertion/);
  } finally {
    if (before === undefined) Deno.env.delete("GOOGLE_SDK_NODE_LOGGING");
    else Deno.env.set("GOOGLE_SDK_NODE_LOGGING", before);
  }
});

Deno.test("gcp: a guest reads no file that it was not given", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const path = join(store.folder, "external.json");
  const external = (file: string) =>
    JSON.stringify({
      type: "external_account",
      audience: "//iam.googleapis.com/pool",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${google.url}/sts`,
      credential_source: { file },
    });
  const secret = join(store.folder, "secret");
  await Deno.writeTextFile(secret, "subject-of-file");
  await Deno.writeTextFile(path, external(secret));
  const options = { ...WANTED, service_account: [path], endpoint_url: google.endpoints };
  const other = { files: { [path]: external("/nowhere") } };
  const refused = await store.collect(options, {}, other);
  assert.equal(refused.exitCode, 1);
  assert.match(JSON.stringify(refused.collectors), /may not read/);
  const granted = await store.collect(options, {}, { files: { [path]: external(secret) } });
  assert.deepEqual([granted.exitCode, faultsOf(granted)], [0, []]);
  assert.deepEqual(new Set(google.callers), new Set(["subject-of-file"]));
});

Deno.test("gcp: a program that gives subject tokens is run by the host, if it is allowed", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const helper = join(store.folder, "login");
  const output = JSON.stringify({ version: 1, success: true, id_token: "subject-of-program" });
  await Deno.writeTextFile(helper, `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
  const text = JSON.stringify({
    type: "external_account",
    audience: "//iam.googleapis.com/pool",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${google.url}/sts`,
    credential_source: { executable: { command: `${helper} --once` } },
  });
  const options = { ...WANTED, service_account: [text], endpoint_url: google.endpoints };
  const denied = await store.collect(options);
  assert.equal(denied.exitCode, 1);
  assert.match(JSON.stringify(denied.collectors), /allow-helper/);
  const allowed = await store.collect(options, {}, { request: { allowHelpers: [helper] } });
  assert.deepEqual([allowed.exitCode, faultsOf(allowed)], [0, []]);
  assert.deepEqual(new Set(google.callers), new Set(["subject-of-program"]));
});

Deno.test("gcp: a token endpoint that is not well delays and loses nothing", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const options = {
    ...WANTED,
    service_account: [google.key(ACCOUNT)],
    endpoint_url: google.endpoints,
  };
  google.setRules([
    { path: /^\/token/, first: 1, effect: { type: "answer", status: 503 } },
    { path: /^\/token/, first: 1, effect: { type: "answer", status: 200, body: "<html>" } },
    { path: /^\/token/, first: 1, effect: { type: "truncate" } },
  ]);
  assert.equal((await store.collect(options)).exitCode, 0);
});

Deno.test("gcp: a key that is no good any more loses nothing and says so", async () => {
  await using google = await startGoogle();
  fill(google);
  await using store = await makeSaasStore("gcp");
  const options = { service_account: [google.key(ACCOUNT)], endpoint_url: google.endpoints };
  await store.collect(options);
  const before = store.read();
  const body = JSON.stringify({
    error: "invalid_grant",
    error_description: "Invalid JWT Signature.",
  });
  google.setRules([{ path: /^\/token/, effect: { type: "answer", status: 400, body } }]);
  const summary = await store.collect(options);
  assert.equal(summary.exitCode, 1);
  const told = JSON.stringify(summary.collectors);
  assert.match(told, /invalid_grant: Invalid JWT Signature/);
  assert.doesNotMatch(told, /PRIVATE KEY/);
  assert.deepEqual(store.read().nodes, before.nodes);
});
