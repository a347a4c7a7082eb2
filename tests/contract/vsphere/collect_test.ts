/** What a real guest finds at VMware's own simulator. */
import assert from "node:assert/strict";
import { plugins } from "../../../plugins/mod.ts";
import { faultsOf, makeSaasStore, type Stored } from "../../support/saas/saas_store.ts";
import { optionsFor, startVcenter } from "../../support/vsphere/vcenter.ts";
import { startVcsim, type VcsimEstate } from "../../support/vsphere/vcsim.ts";

/** One of everything. */
const ALL: VcsimEstate = { pod: 1, app: 1, pool: 1, folder: 1, nsx: 1, host: 2, vm: 1 };

function idOf({ nodes }: Stored, kind: string, name: string): string {
  const found = nodes.map((node) => node.split(" ")).find(([, is, , ...words]) =>
    is === kind && words.join(" ") === name
  );
  assert.ok(found?.[2], `${kind} ${name}`);
  return found[2];
}

function idsOf({ nodes }: Stored, kind: string): readonly string[] {
  return nodes.map((node) => node.split(" ")).filter(([, is]) => is === kind)
    .map(([, , id]) => id ?? "");
}

Deno.test("vSphere: every kind is found, with its edges", async () => {
  await using vcenter = await startVcenter(ALL);
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  const { admin, options } = vcenter;
  await store.collect(options);
  const machine = idOf(store.read(), "vsphere_instance", "DC0_H0_VM0");
  const template = idOf(store.read(), "vsphere_instance", "DC0_C0_RP1_VM0");
  await admin.snapshot(`VirtualMachine ${machine}`, "first");
  await admin.snapshot(`VirtualMachine ${machine}`, "second");
  await admin.task("PowerOffVM_Task", `VirtualMachine ${template}`);
  await admin.call("MarkAsTemplate", `VirtualMachine ${template}`);
  const summary = await store.collect(options);
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const stored = store.read();
  assert.deepEqual([...new Set(Object.values(stored.outcomes))], ["complete"]);
  const made = plugins.find(({ manifest }) => manifest.name === "vsphere")?.model.kinds ?? [];
  assert.deepEqual(
    [...new Set(stored.nodes.map((node) => node.split(" ")[1]))].sort(),
    made.map(({ name }) => name).filter((name) => name !== "vsphere_resource").sort(),
  );
  const [first, second] = ["first", "second"].map((name) => idOf(stored, "vsphere_snapshot", name));
  const id = (kind: string, name: string) => `${kind} ${idOf(stored, kind, name)}`;
  const vm = `vsphere_instance ${machine}`;
  const expected = [
    `vsphere_cluster 127.0.0.1 > vsphere_data_center dc1`,
    `vsphere_data_center dc1 > ${vm}`,
    `${id("vsphere_host", "DC0_H0")} > ${vm}`,
    `${id("vsphere_datastore", "LocalDS_0")} > ${vm}`,
    `${id("vsphere_distributed_port_group", "DC0_DVPG0")} > ${vm}`,
    `${vm} > vsphere_snapshot ${first}`,
    `${vm} > vsphere_snapshot ${second}`,
    `${id("vsphere_compute_resource", "DC0_H0")} > ${id("vsphere_host", "DC0_H0")}`,
    `${id("vsphere_compute_cluster", "DC0_C0")} > ${id("vsphere_host", "DC0_C0_H0")}`,
    `${id("vsphere_datastore", "LocalDS_0")} > vsphere_template ${template}`,
    `${id("vsphere_distributed_switch", "DVS0")} > ${
      id("vsphere_distributed_port_group", "DC0_DVPG0")
    }`,
    `${id("vsphere_inventory_data_center", "DC0")} > ${id("vsphere_folder", "vm")}`,
    `${id("vsphere_folder", "datastore")} > ${id("vsphere_datastore_cluster", "DC0_POD0")}`,
    `${id("vsphere_virtual_app", "DC0_C0_APP0")} > ${id("vsphere_instance", "DC0_C0_APP0_VM0")}`,
    `${id("vsphere_host", "DC0_H0")} > ${id("vsphere_network", "VM Network")}`,
  ];
  assert.deepEqual(expected.filter((edge) => !stored.edges.includes(edge)), []);
  assert.equal(stored.reported.get(`vsphere_snapshot ${second}`)?.["snapshot_parent"], first);
});

Deno.test("vSphere: values are those of the server, with the types of the model", async () => {
  await using vcenter = await startVcenter(ALL);
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  await store.collect(vcenter.options);
  const stored = store.read();
  const machine = `VirtualMachine ${idOf(stored, "vsphere_instance", "DC0_H0_VM0")}`;
  await vcenter.admin.task(
    "ReconfigVM_Task",
    machine,
    "<spec><numCPUs>4</numCPUs><memoryMB>3584</memoryMB></spec>",
  );
  await vcenter.admin.setTag(machine, "owner", "lisa");
  await store.collect(vcenter.options);
  const { reported } = store.read();
  const { ctime, vm_instance_uuid: uuid, vm_bios_uuid: bios, ...values } =
    reported.get(machine.replace("VirtualMachine", "vsphere_instance")) ?? {};
  const created = await vcenter.admin.property(machine, "config.createDate") ?? "";
  assert.equal(ctime, new Date(created).toISOString().replace(/\.\d+/, ""));
  assert.equal(uuid, await vcenter.admin.property(machine, "config.instanceUuid"));
  assert.equal(bios, await vcenter.admin.property(machine, "config.uuid"));
  assert.deepEqual(values, {
    tags: { owner: "lisa" },
    instance_cores: 4,
    instance_memory: 3,
    instance_status: "running",
    vm_guest_id: "otherGuest",
    vm_guest_name: "otherGuest",
    vm_hardware_version: "vmx-13",
    vm_memory_mb: 3584,
    vm_path: "[LocalDS_0] DC0_H0_VM0/DC0_H0_VM0.vmx",
    vm_power_state: "poweredOn",
    vm_connection_state: "connected",
    vm_tools_status: "guestToolsNotRunning",
    vm_storage_committed: 0,
    vm_overall_status: "green",
  });
  const { host_boot_time: boot, host_uuid: _, ...host } =
    reported.get(`vsphere_host ${idOf(stored, "vsphere_host", "DC0_H0")}`) ?? {};
  assert.match(String(boot), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(host, {
    tags: {},
    host_vendor: "VMware, Inc. (govmomi simulator)",
    host_model: "VMware Virtual Platform",
    host_cpu_model: "Intel(R) Core(TM) i7-3615QM CPU @ 2.30GHz",
    host_cpu_mhz: 2294,
    host_cpu_packages: 2,
    host_cpu_cores: 2,
    host_cpu_threads: 2,
    host_memory_size: 4294430720,
    host_version: "8.0.2",
    host_build: "21997540",
    host_connection_state: "connected",
    host_power_state: "poweredOn",
    host_in_maintenance_mode: false,
    host_overall_status: "green",
  });
  assert.deepEqual(reported.get("vsphere_cluster 127.0.0.1"), {
    tags: {},
    vcenter_product: "VMware vCenter Server 6.5.0 build-5973321 (govmomi simulator)",
    vcenter_version: "6.5.0",
    vcenter_build: "5973321",
    vcenter_api_type: "VirtualCenter",
    vcenter_uuid: reported.get("vsphere_cluster 127.0.0.1")?.["vcenter_uuid"],
  });
});

Deno.test("vSphere: twice the same is no change", async () => {
  await using vcenter = await startVcenter(ALL);
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  await store.collect(vcenter.options);
  const before = store.read();
  const summary = await store.collect(vcenter.options);
  assert.deepEqual(store.read(), before);
  for (const { kind, added, changed, removed } of summary.kinds) {
    assert.deepEqual([added, changed, removed], [0, 0, 0], kind);
  }
});

Deno.test("vSphere: more machines than a page holds", async () => {
  await using vcenter = await startVcenter({ vm: 125, host: 1, "standalone-host": 0 });
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  assert.equal((await store.collect(vcenter.options)).exitCode, 0);
  assert.equal(idsOf(store.read(), "vsphere_instance").length, 125);
  const pages = vcenter.api.requests.filter((name) => name.startsWith("ContinueRetrieve"));
  assert.equal(pages.length, 2, "one for machines and one for snapshots");
  const made = vcenter.api.requests.filter((name) => name.startsWith("CreateContainerView"));
  const gone = vcenter.api.requests.filter((name) => name.startsWith("DestroyView"));
  assert.equal(made.length, gone.length, "views are destroyed");
});

Deno.test("vSphere: without any machine, and without anything, the rest is collected", async () => {
  for (const estate of [{ vm: 0 }, { dc: 0 }]) {
    await using vcsim = await startVcsim(estate);
    await using store = await makeSaasStore("vsphere");
    const summary = await store.collect(optionsFor(vcsim.port));
    assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
    const stored = store.read();
    assert.deepEqual(idsOf(stored, "vsphere_instance"), []);
    assert.deepEqual(idsOf(stored, "vsphere_data_center"), ["dc1"]);
    assert.equal(idsOf(stored, "vsphere_host").length, "vm" in estate ? 4 : 0);
  }
});

Deno.test("vSphere: names of custom attributes are those of the manager, not of some machine", async () => {
  await using vcenter = await startVcenter({ vm: 2, host: 1, "standalone-host": 0 });
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  await store.collect(vcenter.options);
  const [first, last] = idsOf(store.read(), "vsphere_instance");
  const [host] = idsOf(store.read(), "vsphere_host");
  const { admin } = vcenter;
  await admin.setTag(`VirtualMachine ${last}`, 'expires <&> "soon"', "<b>&amp;'1'</b>");
  await admin.setTag(`VirtualMachine ${last}`, "owner", "lisa", "VirtualMachine");
  await admin.setTag(`VirtualMachine ${last}`, "empty", "");
  await admin.setTag(`HostSystem ${host}`, "rack", "7", "HostSystem");
  assert.equal((await store.collect(vcenter.options)).exitCode, 0);
  const { reported } = store.read();
  assert.deepEqual(reported.get(`vsphere_instance ${last}`)?.["tags"], {
    'expires <&> "soon"': "<b>&amp;'1'</b>",
    owner: "lisa",
  });
  assert.deepEqual(reported.get(`vsphere_instance ${first}`)?.["tags"], {});
  assert.deepEqual(reported.get(`vsphere_host ${host}`)?.["tags"], { rack: "7" });
});

Deno.test("vSphere: the time of creation is UTC, whatever zone it was told in", async () => {
  await using vcenter = await startVcenter({ vm: 2, host: 1, "standalone-host": 0 });
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  const times = ["2024-05-06T09:08:07.123456+02:00", "1970-01-01T00:00:00Z"];
  let machine = 0;
  const rewrite = (text: string) =>
    text.replaceAll(
      /(<name>config\.createDate<\/name><val [^>]*>)[^<]*/g,
      (_, start) => start + times[machine++],
    );
  vcenter.api.setRules([
    { path: /PropertiesEx VirtualMachine/, first: 1, effect: { type: "rewrite", rewrite } },
  ]);
  await store.collect(vcenter.options);
  const stored = store.read();
  const ctimes = idsOf(stored, "vsphere_instance")
    .map((id) => stored.reported.get(`vsphere_instance ${id}`)?.["ctime"]);
  assert.deepEqual(new Set(ctimes), new Set(["2024-05-06T07:08:07Z", undefined]));
});

Deno.test("vSphere: machines of one name are different ones", async () => {
  await using vcenter = await startVcenter({ vm: 2, host: 1, "standalone-host": 0 });
  await using store = await makeSaasStore("vsphere", vcenter.trust);
  const rewrite = (text: string) => text.replaceAll(/DC0_C0_RP0_VM\d</g, "my web%2fb<");
  vcenter.api.setRules([
    { path: /PropertiesEx VirtualMachine/, effect: { type: "rewrite", rewrite } },
  ]);
  await store.collect(vcenter.options);
  const { nodes } = store.read();
  assert.equal(nodes.filter((node) => / vsphere_instance vm-\d+ my web%2fb$/.test(node)).length, 2);
});

Deno.test("vSphere: a server of version 6.5 is not asked for what it does not know", async () => {
  await using vcsim = await startVcsim({ apiVersion: "6.5", vm: 1 });
  await using store = await makeSaasStore("vsphere");
  assert.equal((await store.collect(optionsFor(vcsim.port))).exitCode, 0);
  const stored = store.read();
  const [machine] = idsOf(stored, "vsphere_instance");
  assert.equal(stored.reported.get(`vsphere_instance ${machine}`)?.["ctime"], undefined);
});

Deno.test("vSphere: a single host without vCenter", async () => {
  await using vcsim = await startVcsim({ esx: true });
  await using store = await makeSaasStore("vsphere");
  const summary = await store.collect(optionsFor(vcsim.port));
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const stored = store.read();
  assert.equal(stored.reported.get("vsphere_cluster 127.0.0.1")?.["vcenter_api_type"], "HostAgent");
  assert.equal(idsOf(stored, "vsphere_instance").length, 2);
  const asked = Object.keys(stored.outcomes);
  assert.ok(asked.includes("dc1/vsphere_host") && !asked.includes("dc1/vsphere_datastore_cluster"));
});
