/** Changes through a real guest, with the rights of its manifest. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { ChangerGuest } from "../../../lib/sandbox/mod.ts";
import type { NodeChange } from "../../../lib/sdk/mod.ts";
import { startChangerOf } from "../../support/changer_guest.ts";
import { changeNode } from "../../support/change_node.ts";
import { K8S, kubeconfig } from "../../support/k8s/collect.ts";
import { object, shop, uidOf } from "../../support/k8s/estate.ts";
import { type FakeApi, startFakeApi, status } from "../../support/k8s/fake_api.ts";
import { temporaryFolder } from "../../support/store.ts";

const POD = changeNode({
  kind: "kubernetes_pod",
  id: uidOf("Pod", "shop/web-a"),
  name: "web-a",
  cloud: "k8s",
  account: { id: "dev", name: "dev", reported: {} },
  region: { id: uidOf("Namespace", "shop"), name: "shop" },
  reported: { tags: { app: "web" } },
});
const SET = { type: "setTag", key: "team", value: "blue" } as const;

/** A change guest for one cluster, and what it asks. */
async function withGuest(
  test: (guest: ChangerGuest, api: FakeApi) => Promise<void>,
): Promise<void> {
  await using api = startFakeApi(shop());
  using folder = temporaryFolder();
  const config = join(folder.path, "kubeconfig");
  const text = kubeconfig([{ name: "dev", server: api.url }]);
  await Deno.writeTextFile(config, text);
  await using guest = await startChangerOf({
    entry: K8S,
    options: { config },
    seen: { env: {}, files: { [config]: text } },
    base: new URL("../../support/fast_k8s/main.ts", import.meta.url).href,
  });
  await test(guest, api);
}

function change(guest: ChangerGuest, change: NodeChange, node = POD) {
  return guest.change(node, change, new AbortController().signal);
}

function labelsOf(api: FakeApi, uid = POD.id): unknown {
  return api.objects.find(({ metadata }) => metadata.uid === uid)?.metadata["labels"];
}

Deno.test("k8s change: labels are set and removed, twice like once, without touching others", () =>
  withGuest(async (guest, api) => {
    const done = { outcome: "done", tags: { app: "web", team: "blue" } };
    assert.deepEqual(await change(guest, SET), done);
    assert.deepEqual(labelsOf(api), { app: "web", team: "blue" });
    const patches = () => api.requests.filter(({ method }) => method === "PATCH").length;
    assert.deepEqual(await change(guest, SET), done);
    assert.equal(patches(), 1, "what is so already is not written");
    const removed = await change(guest, { type: "removeTag", key: "team" });
    assert.deepEqual(removed, { outcome: "done", tags: { app: "web" } });
    assert.deepEqual(labelsOf(api), { app: "web" });
  }));

Deno.test("k8s change: what is no label is refused with the rule, and nothing is asked", () =>
  withGuest(async (guest, api) => {
    for (
      const [key, value] of [
        ["cloudkeeper:expires", "1d"],
        ["a/b/c", "x"],
        ["team", "not a value"],
        [
          "",
          "x",
        ],
      ] as const
    ) {
      await assert.rejects(change(guest, { type: "setTag", key, value }), {
        code: "change.unsupported",
      });
    }
    assert.equal(api.requests.filter(({ method }) => method === "PATCH").length, 0);
  }));

Deno.test("k8s change: a delete asks for this very object and ends with it", () =>
  withGuest(async (guest, api) => {
    assert.deepEqual(await change(guest, { type: "delete" }), { outcome: "done" });
    assert.equal(api.objects.some(({ metadata }) => metadata.uid === POD.id), false);
    const sent = JSON.parse(api.requests.find(({ method }) => method === "DELETE")?.body ?? "");
    assert.equal(sent.propagationPolicy, "Background");
    assert.deepEqual(sent.preconditions, { uid: POD.id, resourceVersion: "1" });
    assert.deepEqual(await change(guest, { type: "delete" }), { outcome: "gone" });
  }));

Deno.test("k8s change: another object of the same name is left alone", () =>
  withGuest(async (guest, api) => {
    api.objects = [object("v1", "Pod", "shop/web-a", {}, { uid: "new one" })];
    assert.deepEqual(await change(guest, { type: "delete" }), { outcome: "gone" });
    assert.deepEqual(await change(guest, SET), { outcome: "gone" });
    assert.equal(api.objects.length, 1);
    assert.equal(labelsOf(api, "new one"), undefined);
  }));

Deno.test("k8s change: who is slower than somebody else begins anew", () =>
  withGuest(async (guest, api) => {
    let conflicts = 2;
    api.fault = ({ method }) =>
      method === "PATCH" && conflicts-- > 0 ? status(409, "Conflict") : undefined;
    assert.equal((await change(guest, SET)).outcome, "done");
    assert.equal(api.requests.filter(({ method }) => method === "PATCH").length, 3);
    api.fault = ({ method }) => method === "DELETE" ? status(409, "Conflict") : undefined;
    await assert.rejects(change(guest, { type: "delete" }), /Conflict/);
  }));

Deno.test("k8s change: what was not done is never told as done", () =>
  withGuest(async (guest, api) => {
    api.fault = ({ method }) => method === "PATCH" ? status(403, "Forbidden") : undefined;
    await assert.rejects(change(guest, SET), { code: "cloud.access_denied" });
    api.fault = ({ method }) =>
      method === "PATCH"
        ? Response.json({ metadata: { name: "web-a", uid: POD.id, labels: { app: "web" } } })
        : undefined;
    await assert.rejects(change(guest, SET), /the label is as it was/);
    api.fault = ({ method, path }) =>
      method === "GET" && path.endsWith("/web-a")
        ? new Response("<html>", { status: 404 })
        : undefined;
    await assert.rejects(change(guest, { type: "delete" }), /HTTP404/);
    api.fault = ({ method }) =>
      method === "DELETE" ? new Response("<html>", { status: 502 }) : undefined;
    await assert.rejects(change(guest, { type: "delete" }), /HTTP502/);
    await assert.rejects(change(guest, { type: "prepare" }), { code: "change.unsupported" });
  }));

Deno.test("k8s change: a node whose name leads elsewhere, or whose cluster is not configured", () =>
  withGuest(async (guest, api) => {
    const region = { id: "x", name: "../../nodes" };
    const kept = await change(guest, { type: "delete" }, { ...POD, region });
    assert.deepEqual(kept, { outcome: "gone" });
    await assert.rejects(change(guest, { type: "delete" }, { ...POD, name: ".." }), /no name/);
    const account = { id: "prod", name: "prod", reported: {} };
    await assert.rejects(change(guest, SET, { ...POD, account }), /not in the configuration/);
    assert.equal(api.requests.some(({ method }) => method === "DELETE"), false);
    assert.equal(api.requests.some(({ path }) => path.startsWith("/api/v1/nodes")), false);
  }));
