/** How real guests reach clusters: certificates, helpers, tokens that rotate. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { faultsOf, makeK8sStore } from "../../support/k8s/collect.ts";
import { type ClientKind, makeCertificates } from "../../support/k8s/certificates.ts";
import { shop } from "../../support/k8s/estate.ts";
import { startFakeApi } from "../../support/k8s/fake_api.ts";
import { startMtlsFront } from "../../support/k8s/mtls_front.ts";

Deno.test("k8s: a client certificate and an own authority, from files and as data", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  const certificates = await makeCertificates(join(store.folder, "tls"));
  await using front = await startMtlsFront(certificates, api.port);
  const rsa = await certificates.client("ann");
  const ec = await certificates.client("bob", "ec");
  const base64 = (path: string) => btoa(Deno.readTextFileSync(path));
  const summary = await store.collect([
    {
      name: "files",
      server: front.url,
      cluster: { "certificate-authority": "tls/ca.crt" },
      user: { "client-certificate": rsa.certificate, "client-key": "tls/ann.key" },
    },
    {
      name: "data",
      server: front.url,
      cluster: { "certificate-authority-data": base64(certificates.authority) },
      user: {
        "client-certificate-data": base64(ec.certificate),
        "client-key-data": base64(ec.key),
      },
    },
  ]);
  assert.equal(summary.exitCode, 0, JSON.stringify(summary.accounts));
  const names = new Set(api.requests.map(({ headers }) => headers.get("x-client-name")));
  assert.deepEqual(names, new Set(["ann", "bob"]));
});

Deno.test("k8s: a server of another authority is not trusted", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  const certificates = await makeCertificates(join(store.folder, "tls"));
  await using front = await startMtlsFront(certificates, api.port);
  const summary = await store.collect([{ name: "dev", server: front.url }]);
  assert.deepEqual(faultsOf(summary, "dev"), ["failed version CertificateError"]);
  assert.equal(api.requests.length, 0);
});

const REFUSED: readonly (readonly [ClientKind | "of another key" | "damaged", RegExp])[] = [
  ["version 1", /version 1/],
  ["expired", /expired at/],
  ["weak", /RSA from 2048/],
  ["p521", /key cannot be read/],
  ["ed25519", /not usable/],
  ["of another key", /does not belong to its key/],
  ["damaged", /cannot be read/],
];

Deno.test("k8s: a bad client certificate costs its cluster, not the process", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  const certificates = await makeCertificates(join(store.folder, "tls"));
  const bad = await Promise.all(REFUSED.map(async ([kind], i) => {
    const own = kind === "of another key" || kind === "damaged" ? "usual" : kind;
    const files = await certificates.client(`client${i}`, own);
    if (kind === "of another key") return { ...files, key: certificates.serverKey };
    if (kind !== "damaged") return files;
    const text = await Deno.readTextFile(files.certificate);
    await Deno.writeTextFile(
      files.certificate,
      text.replace(/(BEGIN CERTIFICATE-----\n).{40}/, "$1"),
    );
    return files;
  }));
  const summary = await store.collect([
    { name: "good", server: api.url },
    ...bad.map(({ certificate, key }, i) => ({
      name: `bad${i}`,
      server: "https://127.0.0.1:1",
      user: { "client-certificate": certificate, "client-key": key },
    })),
  ]);
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(faultsOf(summary, "good"), []);
  for (const [i, [kind, message]] of REFUSED.entries()) {
    const [fault] = summary.accounts.find(({ account }) => account === `bad${i}`)?.faults ?? [];
    assert.match(fault?.message ?? "", message, kind);
  }
});

Deno.test("k8s: a helper is run by the host, if it is allowed, and asked again when it must", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  api.tokens = ["first", "second"];
  const helper = join(store.folder, "login");
  const counter = join(store.folder, "count");
  const answer = (token: string) =>
    JSON.stringify({ kind: "ExecCredential", status: { token, expirationTimestamp: null } });
  await Deno.writeTextFile(
    helper,
    `#!/bin/sh\necho "$1" >> ${counter}\n` +
      `if [ $(wc -l < ${counter}) = 1 ]; then echo '${answer("first")}'; else echo '${
        answer("second")
      }'; fi\n`,
    { mode: 0o755 },
  );
  const contexts = [{
    name: "dev",
    server: api.url,
    user: { exec: { command: "./login", args: ["get"] } },
  }];
  const denied = await store.collect(contexts);
  assert.match(JSON.stringify(denied.accounts), /allow-helper/);
  assert.equal(api.requests.length, 0);
  api.fault = ({ path }) => {
    if (path === "/apis") api.tokens = ["second"];
    return undefined;
  };
  const allowed = await store.collect(contexts, { request: { allowHelpers: [helper] } });
  assert.equal(allowed.exitCode, 0, JSON.stringify(allowed.accounts));
  assert.equal(await Deno.readTextFile(counter), "get\nget\n");
});

Deno.test("k8s: a helper that prints nonsense says nothing of what it printed", async () => {
  await using store = await makeK8sStore();
  const helper = join(store.folder, "login");
  await Deno.writeTextFile(helper, "#!/bin/sh\necho hunter2\n", { mode: 0o755 });
  const contexts = [{
    name: "dev",
    server: "http://127.0.0.1:1",
    user: { exec: { command: helper } },
  }];
  const summary = await store.collect(contexts, { request: { allowHelpers: [helper] } });
  assert.match(JSON.stringify(summary.accounts), /printed no ExecCredential/);
  assert.equal(JSON.stringify(summary).includes("hunter2"), false);
});

Deno.test("k8s: a token file is read again when its token is refused", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  const file = join(store.folder, "token");
  await Deno.writeTextFile(file, "old\n");
  api.tokens = ["old", "new"];
  api.fault = ({ path }) => {
    if (path === "/apis") {
      api.tokens = ["new"];
      Deno.writeTextFileSync(file, "new\n");
    }
    return undefined;
  };
  const contexts = [{ name: "dev", server: api.url, user: { tokenFile: file } }];
  assert.equal((await store.collect(contexts)).exitCode, 0);
});

Deno.test("k8s: clusters of the command line, with token and authority", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  const { authority } = await makeCertificates(join(store.folder, "tls"));
  api.tokens = ["t1"];
  const summary = await store.collect([], {
    options: { cluster: ["dev"], apiserver: [api.url], token: ["t1"], cacert: [authority] },
  });
  assert.equal(summary.exitCode, 0, JSON.stringify(summary));
});

Deno.test("k8s: nothing to collect is an error, and nothing is removed", async () => {
  await using store = await makeK8sStore();
  await using api = startFakeApi(shop());
  await store.collect([{ name: "dev", server: api.url }]);
  const summary = await store.collect([]);
  assert.equal(summary.exitCode, 1);
  assert.match(summary.collectors[0]?.error?.message ?? "", /no cluster to collect/);
  assert.equal(store.rows("SELECT * FROM node WHERE kind = 'kubernetes_pod'").length, 3);
});
