/** How real guests reach a server: certificates, sessions, secrets; and what the doctor tells. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { askDoctor } from "../../../lib/sandbox/mod.ts";
import type { DoctorReport } from "../../../lib/sdk/mod.ts";
import { exampleRequest, recordingLogger } from "../../support/guest_request.ts";
import { makeSaasStore, pluginOf } from "../../support/saas/saas_store.ts";
import { faultAnswer, optionsFor, startVcenter } from "../../support/vsphere/vcenter.ts";
import { PASSWORD, startVcsim, USER } from "../../support/vsphere/vcsim.ts";

const SMALL = { vm: 1, host: 1, "standalone-host": 0 } as const;

Deno.test("vSphere: a certificate that nobody vouches for is refused, with what to do", async () => {
  await using vcsim = await startVcsim(SMALL);
  await using store = await makeSaasStore("vsphere");
  const options = { ...optionsFor(vcsim.port), insecure: false };
  const summary = await store.collect(options);
  assert.equal(summary.exitCode, 1);
  const told = JSON.stringify(summary.collectors);
  for (
    const word of ["CertificateError", "--ca-cert", "--vsphere-thumbprint", "--vsphere-insecure"]
  ) {
    assert.ok(told.includes(word), word);
  }
  assert.ok(!told.includes("s3cr3t"));
  assert.deepEqual(store.read().nodes, []);
  assert.equal((await store.collect({ ...options, insecure: true })).exitCode, 0);
});

Deno.test("vSphere: a pinned certificate is taken, and no other", async () => {
  await using vcenter = await startVcenter(SMALL);
  await using store = await makeSaasStore("vsphere");
  const pem = await Deno.readTextFile(vcenter.certificates.server);
  const { fingerprint256 } = new X509Certificate(pem);
  const bare = fingerprint256.replaceAll(":", "").toLowerCase();
  for (const thumbprint of [fingerprint256, bare]) {
    assert.equal((await store.collect({ ...vcenter.options, thumbprint })).exitCode, 0);
  }
  const asked = vcenter.api.requests.length;
  const other = { ...vcenter.options, insecure: true, thumbprint: "00".repeat(32) };
  const summary = await store.collect(other);
  assert.equal(summary.exitCode, 1, "also where the certificate would not be checked otherwise");
  assert.match(JSON.stringify(summary.collectors), new RegExp(`thumbprint ${bare}`));
  assert.equal(vcenter.api.requests.length, asked, "nothing is sent, above all no password");
});

Deno.test("vSphere: an authority of one's own is trusted with --ca-cert", async () => {
  await using vcenter = await startVcenter(SMALL);
  await using trusting = await makeSaasStore("vsphere", vcenter.trust);
  assert.equal((await trusting.collect(vcenter.options)).exitCode, 0);
});

Deno.test("vSphere: nobody there", async () => {
  await using store = await makeSaasStore("vsphere");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const insecure of [true, false]) {
    const summary = await store.collect({ ...optionsFor(port), insecure });
    assert.equal(summary.exitCode, 1);
    assert.match(JSON.stringify(summary.collectors), /Check --vsphere-host/);
  }
});

Deno.test("vSphere: every login is ended, also when the run fails or is stopped", async () => {
  await using vcenter = await startVcenter(SMALL);
  const { api, options, trust } = vcenter;
  const count = (method: string) => api.requests.filter((name) => name.startsWith(method)).length;
  const run = new AbortController();
  await using store = await makeSaasStore("vsphere", { ...trust, signal: run.signal });
  await store.collect(options);
  assert.deepEqual([count("Login"), count("Logout")], [1, 1]);
  api.setRules([{ path: /^RetrievePropertiesEx/, effect: faultAnswer("SystemError") }]);
  await store.collect(options);
  assert.deepEqual([count("Login"), count("Logout")], [2, 2]);
  api.setRules([{
    path: /^RetrievePropertiesEx HostSystem/,
    effect: {
      type: "rewrite",
      rewrite: (text) => {
        run.abort(new Error("stopped"));
        return text;
      },
    },
  }]);
  await store.collect(options);
  assert.deepEqual([count("Login"), count("Logout")], [3, 3]);
});

Deno.test("vSphere: no secret is told to anybody", async () => {
  await using vcenter = await startVcenter(SMALL);
  const told: unknown[] = [];
  const log = recordingLogger(told);
  await using store = await makeSaasStore("vsphere", { ...vcenter.trust, log });
  await store.collect(vcenter.options);
  vcenter.api.setRules([{ path: /^Login/, effect: faultAnswer("InvalidLogin") }]);
  const summary = await store.collect(vcenter.options);
  vcenter.api.setRules([{ path: /^Logout/, effect: faultAnswer("SystemError") }]);
  await store.collect(vcenter.options);
  const all = JSON.stringify([told, summary, [...store.read().reported]]);
  assert.ok(told.length > 0);
  for (const secret of ["s3cr3t", PASSWORD, "vmware_soap_session"]) {
    assert.ok(!all.includes(secret), secret);
  }
});

Deno.test("vSphere doctor: tells user and server, what is denied, and what cannot be reached", async () => {
  await using vcenter = await startVcenter(SMALL);
  const { api, options, trust } = vcenter;
  const well = await ask(options, trust);
  assert.match(well.credentials, new RegExp(`^user ${USER} at VMware vCenter Server`));
  assert.deepEqual(well.accounts, [
    { id: "127.0.0.1", name: "127.0.0.1", regions: ["dc1"], denied: [] },
  ]);
  const privilege = "<privilegeId>System.Read</privilegeId>";
  api.setRules([
    { path: /^RetrievePropertiesEx Datastore/, effect: faultAnswer("NoPermission", privilege) },
    { path: /^RetrievePropertiesEx HostSystem/, effect: faultAnswer("SystemError") },
  ]);
  const [account] = (await ask(options, trust)).accounts;
  assert.deepEqual(
    account?.denied.map(({ call, kinds, permission }) => [call, ...kinds, permission]),
    [["vsphere:RetrievePropertiesEx", "vsphere_datastore", "System.Read"]],
  );
  assert.match(account?.problem ?? "", /SystemError/);
  api.setRules([{
    path: /^RetrievePropertiesEx (?!CustomFields)/,
    effect: { type: "rewrite", rewrite: (text) => text.replace(/<objects>.*<\/objects>/s, "") },
  }]);
  assert.match((await ask(options, trust)).accounts[0]?.problem ?? "", /sees nothing at all/);
  await assert.rejects(ask({ ...options, password: "wr0ng" }, trust), /InvalidLogin/);
  const logins = api.requests.filter((name) => name.startsWith("Login")).length;
  const logouts = api.requests.filter((name) => name.startsWith("Logout")).length;
  assert.equal(logouts, logins - 1, "all but the one that was refused");
});

function ask(
  given: Readonly<Record<string, unknown>>,
  trust: { readonly caCertificates: string },
): Promise<DoctorReport> {
  const entry = pluginOf("vsphere");
  const options = entry.manifest.options.parse(given);
  return askDoctor(exampleRequest({
    entry,
    options,
    ...trust,
    permissions: entry.manifest.permissions(options, { env: {}, files: {} }),
    base: new URL("../../support/fast_saas/main.ts", import.meta.url).href,
  }));
}
