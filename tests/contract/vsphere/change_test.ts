/** Changes through a real guest, with the rights of its manifest, at VMware's own simulator. */
import assert from "node:assert/strict";
import type { ChangerGuest } from "../../../lib/sandbox/mod.ts";
import type { ChangeNode, NodeChange } from "../../../lib/sdk/mod.ts";
import { startChangerOf } from "../../support/changer_guest.ts";
import { FAST_SAAS } from "../../support/counterparts/counterpart.ts";
import { changeNode } from "../../support/change_node.ts";
import { makeSaasStore, pluginOf, type Stored } from "../../support/saas/saas_store.ts";
import { faultAnswer, startVcenter, type Vcenter } from "../../support/vsphere/vcenter.ts";

const SET = { type: "setTag", key: "team <&>", value: '<blue> & "green"' } as const;
const DELETE = { type: "delete" } as const;
const READ = { type: "read" } as const;

interface Stage {
  readonly guest: ChangerGuest;
  readonly vcenter: Vcenter;
  /** Nodes of a collect before. */
  readonly nodes: readonly ChangeNode[];
  readonly collect: () => Promise<Stored>;
  /** Calls that change something, so far. */
  readonly changes: () => readonly string[];
}

/** A machine in each of two data centers, both with two snapshots, and a guest that changes them. */
async function withGuest(test: (stage: Stage) => Promise<void>): Promise<void> {
  await using vcenter = await startVcenter({ dc: 2, vm: 1, host: 1, "standalone-host": 0 });
  const { options: given, trust, api, admin } = vcenter;
  await using store = await makeSaasStore("vsphere", trust);
  const collect = async () => {
    await store.collect(given);
    return store.read();
  };
  for (const node of nodesOf(await collect())) {
    await admin.snapshot(`VirtualMachine ${node.id}`, "first");
    await admin.snapshot(`VirtualMachine ${node.id}`, "second");
  }
  const nodes = nodesOf(await collect());
  await using guest = await startChangerOf(
    { entry: pluginOf("vsphere"), options: given, base: FAST_SAAS.href },
    trust,
  );
  const changing = /^(AddCustom|setCustom|PowerOff|Destroy_|Remove)/;
  const changes = () => api.requests.filter((name) => changing.test(name));
  await test({ guest, vcenter, nodes, collect, changes });
}

function nodesOf({ nodes, reported }: Stored): readonly ChangeNode[] {
  return nodes.map((node) => node.split(" "))
    .filter(([, kind]) => /instance|snapshot|template/.test(kind ?? ""))
    .map(([, kind = "", id = "", ...words]) =>
      changeNode({
        kind,
        id,
        name: words.join(" "),
        cloud: "vsphere",
        account: { id: "127.0.0.1", name: "127.0.0.1", reported: {} },
        region: { id: "dc1", name: "dc1" },
        reported: reported.get(`${kind} ${id}`) ?? {},
      })
    );
}

function pick({ nodes }: Stage, kind = "vsphere_instance", index = 0): ChangeNode {
  const node = nodes.filter((each) => each.kind === kind)[index];
  assert.ok(node, kind);
  return node;
}

function change({ guest }: Stage, node: ChangeNode, change: NodeChange) {
  return guest.change(node, change, new AbortController().signal);
}

function vm({ id }: ChangeNode): string {
  return `VirtualMachine ${id}`;
}

Deno.test("vSphere change: of two machines of one name the right one is destroyed, with its snapshots", () =>
  withGuest(async (stage) => {
    const { vcenter: { admin }, collect, changes } = stage;
    for (const { id } of stage.nodes.filter(({ kind }) => kind === "vsphere_instance")) {
      await admin.task("Rename_Task", `VirtualMachine ${id}`, "<newName>web</newName>");
    }
    const [right, other] = nodesOf(await collect()).filter(({ name }) => name === "web");
    assert.ok(right !== undefined && other !== undefined);
    assert.deepEqual(await change(stage, right, DELETE), {
      outcome: "done",
    });
    assert.deepEqual([await admin.exists(vm(right)), await admin.exists(vm(other))], [false, true]);
    assert.deepEqual(changes(), [`PowerOffVM_Task ${right.id}`, `Destroy_Task ${right.id}`]);
    assert.equal(await admin.property(vm(other), "runtime.powerState"), "poweredOn");
    assert.deepEqual(await change(stage, right, DELETE), { outcome: "gone" });
    assert.deepEqual(await change(stage, right, READ), { outcome: "gone" });
    assert.deepEqual(await change(stage, right, SET), { outcome: "gone" });
    assert.equal(changes().length, 2);
    const left = (await collect()).nodes.filter((node) =>
      / vsphere_(instance|snapshot) /.test(node)
    );
    assert.equal(left.length, 3, "the other machine and its two snapshots");
  }));

Deno.test("vSphere change: another machine that has the id now is left alone", () =>
  withGuest(async (stage) => {
    const node = pick(stage);
    const old = { ...node, reported: { ...node.reported, vm_instance_uuid: "of a lost vCenter" } };
    for (const each of [DELETE, READ, SET]) {
      assert.deepEqual(await change(stage, old, each), { outcome: "gone" });
    }
    const snapshot = pick(stage, "vsphere_snapshot");
    for (const differs of [{ snapshot_vm: "vm-0" }, { ctime: "2001-01-01T00:00:00Z" }]) {
      const other = { ...snapshot, reported: { ...snapshot.reported, ...differs } };
      assert.deepEqual(await change(stage, other, DELETE), { outcome: "gone" });
    }
    const hostile = { ...node, id: `x</obj><obj type="VirtualMachine">${node.id}` };
    assert.deepEqual(await change(stage, hostile, DELETE), { outcome: "gone" });
    assert.deepEqual(stage.changes(), []);
    assert.equal(await stage.vcenter.admin.exists(vm(node)), true);
  }));

Deno.test("vSphere change: a machine that is off is destroyed without a push", () =>
  withGuest(async (stage) => {
    const node = pick(stage);
    await stage.vcenter.admin.task("PowerOffVM_Task", vm(node));
    assert.deepEqual(await change(stage, node, DELETE), { outcome: "done" });
    assert.deepEqual(stage.changes(), [`Destroy_Task ${node.id}`]);
  }));

Deno.test("vSphere change: templates, and what belongs to another product, are never destroyed", () =>
  withGuest(async (stage) => {
    const { vcenter: { admin, api }, collect, changes } = stage;
    const [node, managed] = [pick(stage), pick(stage, "vsphere_instance", 1)];
    await admin.task("PowerOffVM_Task", vm(node));
    await admin.call("MarkAsTemplate", vm(node));
    await assert.rejects(change(stage, node, DELETE), /a template now/);
    assert.equal((await change(stage, node, READ)).read?.protected, true);
    const template = nodesOf(await collect()).find(({ kind }) => kind === "vsphere_template");
    assert.equal(template?.id, node.id);
    await assert.rejects(change(stage, template ?? node, DELETE), { code: "change.unsupported" });
    const owned = "<propSet><name>config.managedBy.extensionKey</name>" +
      `<val xsi:type="xsd:string">com.vmware.vcDirector</val></propSet></objects>`;
    api.setRules([{
      path: new RegExp(`^RetrievePropertiesEx VirtualMachine ${managed.id}$`),
      effect: {
        type: "rewrite",
        rewrite: (text) =>
          text.replace("<soapenv:Body>", `<soapenv:Body xmlns:xsi="i">`)
            .replace("</objects>", owned),
      },
    }]);
    await assert.rejects(change(stage, managed, DELETE), /managed by com.vmware.vcDirector/);
    const read = await change(stage, managed, READ);
    assert.deepEqual([read.read?.protected, read.read?.reported["vm_managed_by"]], [
      true,
      "com.vmware.vcDirector",
    ]);
    await admin.task("PowerOffVM_Task", vm(managed));
    const disabled = `<propSet><name>disabledMethod</name><val xsi:type="ArrayOfString">` +
      "<string>Destroy_Task</string></val></propSet></objects>";
    api.setRules([{
      path: new RegExp(`^RetrievePropertiesEx VirtualMachine ${managed.id}$`),
      effect: {
        type: "rewrite",
        rewrite: (text) =>
          text.replace(/<propSet><name>disabledMethod.*?<\/propSet>/s, "")
            .replace("<soapenv:Body>", `<soapenv:Body xmlns:xsi="i">`)
            .replace("</objects>", disabled),
      },
    }]);
    await assert.rejects(change(stage, managed, DELETE), /disabled at the server/);
    assert.deepEqual(changes(), []);
    await admin.task("PowerOnVM_Task", vm(managed));
    assert.equal(await admin.property(vm(managed), "runtime.powerState"), "poweredOn");
  }));

Deno.test("vSphere change: tags are custom attributes, made known once, and removed by emptying", () =>
  withGuest(async (stage) => {
    const { vcenter: { admin }, collect, changes } = stage;
    const node = pick(stage);
    await admin.setTag(vm(node), "owner", "lisa");
    const tags = { owner: "lisa", [SET.key]: SET.value };
    const done = { outcome: "done", tags };
    assert.deepEqual(await change(stage, node, SET), done);
    assert.deepEqual(await change(stage, node, SET), done, "twice like once");
    assert.deepEqual(changes(), [
      "AddCustomFieldDef CustomFieldsManager",
      `setCustomValue ${node.id}`,
    ]);
    const reported = async () => (await collect()).reported.get(`vsphere_instance ${node.id}`);
    assert.deepEqual((await reported())?.["tags"], tags);
    const other = pick(stage, "vsphere_instance", 1);
    assert.equal((await change(stage, other, { ...SET, value: "red" })).tags?.[SET.key], "red");
    assert.equal(changes().filter((name) => name.startsWith("AddCustom")).length, 1);
    const remove = { type: "removeTag", key: SET.key } as const;
    assert.deepEqual(await change(stage, node, remove), {
      outcome: "done",
      tags: { owner: "lisa" },
    });
    assert.deepEqual((await reported())?.["tags"], { owner: "lisa" });
    const before = changes().length;
    await change(stage, node, remove);
    await change(stage, node, { type: "removeTag", key: "never heard of" });
    assert.equal(changes().length, before, "what is so already is not written");
    for (const [key, value] of [["team", ""], [" ", "x"]] as const) {
      await assert.rejects(change(stage, node, { type: "setTag", key, value }), {
        code: "change.unsupported",
      });
    }
  }));

Deno.test("vSphere change: a read tells what a collect would", () =>
  withGuest(async (stage) => {
    await stage.vcenter.admin.setTag(vm(pick(stage)), "owner", "lisa");
    for (const node of nodesOf(await stage.collect())) {
      const { outcome, read } = await change(stage, node, READ);
      assert.equal(outcome, "done");
      assert.deepEqual(read, { name: node.name, reported: node.reported, unknown: [] });
    }
  }));

Deno.test("vSphere change: a snapshot is removed, those after it and its machine stay", () =>
  withGuest(async (stage) => {
    const { vcenter: { admin }, changes, collect } = stage;
    const first = stage.nodes.find(({ kind, name }) =>
      kind === "vsphere_snapshot" && name === "first"
    );
    assert.ok(first);
    assert.deepEqual(await change(stage, first, DELETE), { outcome: "done" });
    assert.deepEqual(await change(stage, first, DELETE), { outcome: "gone" });
    assert.deepEqual(changes(), [`RemoveSnapshot_Task ${first.id}`]);
    assert.equal(await admin.exists(`VirtualMachine ${first.reported["snapshot_vm"]}`), true);
    const names = nodesOf(await collect()).filter(({ kind }) => kind === "vsphere_snapshot")
      .map(({ name }) => name);
    assert.deepEqual(names.sort(), ["first", "second", "second"]);
    await assert.rejects(change(stage, first, SET), { code: "change.unsupported" });
  }));

Deno.test("vSphere change: what was not done is never told as done", () =>
  withGuest(async (stage) => {
    const { vcenter: { api, admin } } = stage;
    const node = pick(stage);
    const privilege = "<privilegeId>VirtualMachine.Interact.PowerOff</privilegeId>";
    api.setRules([{ path: /^PowerOff/, effect: faultAnswer("NoPermission", privilege) }]);
    await assert.rejects(change(stage, node, DELETE), { code: "cloud.access_denied" });
    api.setRules([{ path: /^PowerOff/, effect: faultAnswer("InvalidPowerState") }]);
    await assert.rejects(change(stage, node, DELETE), /InvalidPowerState/);
    const failed = (text: string) =>
      text.replace(">success<", ">error<").replace(
        "</objects>",
        `<propSet><name>info.error</name><val xsi:type="LocalizedMethodFault">` +
          `<fault xsi:type="TaskInProgress"></fault><localizedMessage>busy with a backup` +
          `</localizedMessage></val></propSet></objects>`,
      );
    const effect = { type: "rewrite", rewrite: failed } as const;
    api.setRules([{ path: /^RetrievePropertiesEx Task/, effect }]);
    await assert.rejects(change(stage, node, DELETE), /busy with a backup/);
    api.setRules([{ path: /^setCustomValue/, effect: answerOf("setCustomValue") }]);
    await assert.rejects(change(stage, node, SET), /is as it was/);
    api.setRules([{
      path: /^RetrievePropertiesEx VirtualMachine/,
      effect: faultAnswer("NoPermission"),
    }]);
    for (const each of [DELETE, READ, SET]) {
      await assert.rejects(change(stage, node, each), { code: "cloud.access_denied" });
    }
    api.setRules([]);
    assert.equal(await admin.exists(vm(node)), true);
    await assert.rejects(change(stage, node, { type: "prepare" }), { code: "change.unsupported" });
    const account = { id: "other.test", name: "other.test", reported: {} };
    await assert.rejects(
      change(stage, { ...node, account }, DELETE),
      /not the one of --vsphere-host/,
    );
    const host = { ...node, kind: "vsphere_host" };
    await assert.rejects(change(stage, host, DELETE), { code: "change.unsupported" });
  }));

Deno.test("vSphere change: lost answers and sessions are no reason to fail, nor to do it twice", () =>
  withGuest(async (stage) => {
    const { vcenter: { api, admin } } = stage;
    const [first, second] = [pick(stage), pick(stage, "vsphere_instance", 1)];
    api.setRules([{ path: /^Destroy_Task/, first: 1, effect: { type: "truncate" } }]);
    assert.deepEqual(await change(stage, first, DELETE), { outcome: "done" });
    assert.equal(await admin.exists(vm(first)), false);
    assert.equal(await admin.exists(vm(second)), true);
    api.setRules([
      { path: /^AddCustomFieldDef/, first: 1, effect: { type: "truncate" } },
      { path: /^setCustomValue/, first: 1, effect: faultAnswer("NotAuthenticated") },
    ]);
    assert.deepEqual((await change(stage, second, SET)).tags, { [SET.key]: SET.value });
  }));

function answerOf(method: string) {
  const body = `<soapenv:Envelope xmlns:soapenv="e"><soapenv:Body><${method}Response/>` +
    `</soapenv:Body></soapenv:Envelope>`;
  return { type: "answer", status: 200, body } as const;
}
