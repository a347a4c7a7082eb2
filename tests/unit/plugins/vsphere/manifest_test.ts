import assert from "node:assert/strict";
import reserved from "../../../../lib/model/reserved_properties.json" with { type: "json" };
import { manifest } from "../../../../plugins/vsphere/manifest.ts";
import model from "../../../../plugins/vsphere/model.json" with { type: "json" };

const seen = { env: {}, files: {} };

function netOf(given: Readonly<Record<string, unknown>>) {
  return manifest.permissions(manifest.options.parse(given), seen).net;
}

Deno.test("vSphere: the guest reaches its server and nothing else", () => {
  assert.deepEqual(netOf({}), []);
  assert.deepEqual(netOf({ host: "vc.test" }), ["vc.test:443"]);
  assert.deepEqual(netOf({ host: "10.0.0.1", port: 8443 }), ["10.0.0.1:8443"]);
  for (const host of ["fe80::1", "[fe80::1]"]) assert.deepEqual(netOf({ host }), ["[fe80::1]:443"]);
});

Deno.test("vSphere: what is no host, port or thumbprint is refused", () => {
  const bad = [
    ...["https://vc.test", "vc.test/sdk", "vc.test:443", "*", "*.test", "", "a b", "user@vc", "-vc"]
      .map((host) => ({ host })),
    ...[0, 65_536, 1.5].map((port) => ({ port })),
    ...["00", "zz".repeat(32), "00".repeat(20), "00".repeat(33)].map((thumbprint) => ({
      thumbprint,
    })),
  ];
  for (const each of bad) {
    assert.equal(manifest.options.safeParse(each).success, false, JSON.stringify(each));
  }
});

Deno.test("vSphere: what is found or missing is said in a clause", () => {
  const configured = (given: object) => manifest.configured?.(manifest.options.parse(given), seen);
  const all = { host: "vc.test", user: "reader", password: "x" };
  assert.deepEqual(configured(all), { configured: true, reason: "reader at vc.test" });
  for (const missing of ["host", "user", "password"]) {
    const { configured: is, reason } = configured({ ...all, [missing]: undefined }) ?? {};
    assert.deepEqual([is, reason], [false, `no ${missing}; give --vsphere-${missing}`]);
  }
});

/** Bases and type names that these kinds have had from the beginning. */
const RELEASED: Readonly<Record<string, readonly [readonly string[], string]>> = {
  vsphere_cluster: [["account"], "VSphereCluster"],
  vsphere_data_center: [["region"], "VSphereDataCenter"],
  vsphere_resource: [[], "VSphereResource"],
  vsphere_instance: [["instance", "vsphere_resource"], "VSphereInstance"],
};

Deno.test("vSphere: the first kinds have the bases and type names that they always had", () => {
  for (const [name, [bases, pythonClass]] of Object.entries(RELEASED)) {
    const kind = model.kinds.find((each) => each.name === name);
    assert.deepEqual(kind?.bases, bases);
    assert.equal(kind?.pythonType, `cloudkeeper_plugin_vsphere.resources.${pythonClass}`);
  }
  assert.equal(Object.keys(reserved).some((name) => name.startsWith("vsphere")), false);
});

Deno.test("vSphere: templates cannot be deleted, and nothing can but machines and snapshots", () => {
  const deletable = model.kinds.filter((kind) =>
    "changes" in kind && kind.changes?.includes("delete")
  );
  assert.deepEqual(deletable.map(({ name }) => name), ["vsphere_instance", "vsphere_snapshot"]);
});
