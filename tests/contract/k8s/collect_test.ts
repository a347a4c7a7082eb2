/** The plugin as a real guest, with the rights of its manifest, against a simulated API server. */
import assert from "node:assert/strict";
import { faultsOf, K8S, type K8sStore, makeK8sStore } from "../../support/k8s/collect.ts";
import { object, shop, uidOf } from "../../support/k8s/estate.ts";
import { startFakeApi, status } from "../../support/k8s/fake_api.ts";
import { samples } from "../../support/k8s/samples.ts";

/** Edges between kinds, as `parent > child`, by their names and namespaces. */
function edges(store: K8sStore): string[] {
  const sql = `SELECT a.kind || ' ' || a.name || ' > ' || b.kind || ' ' || b.name AS edge
    FROM edges e JOIN node a ON a.key = e.from_key JOIN node b ON b.key = e.to_key
    WHERE a.kind NOT IN ('cloud', 'kubernetes_cluster', 'kubernetes_namespace') ORDER BY 1`;
  return store.rows(sql).map((row) => String(row["edge"]).replaceAll("kubernetes_", ""));
}

function ids(store: K8sStore, kind: string): string[] {
  return store.rows(`SELECT id, stale FROM node WHERE kind = '${kind}' ORDER BY id`)
    .map(({ id, stale }) => stale === 1 ? `${id}*` : String(id));
}

Deno.test("k8s: a whole cluster is collected, and again without a change", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  const first = await store.collect(contexts);
  assert.equal(first.exitCode, 0, JSON.stringify(first.accounts));
  assert.equal(first.graph?.nodes, shop().length + 2);
  assert.deepEqual(first.graph?.cycles, []);
  assert.deepEqual(edges(store), EDGES);
  const second = await store.collect(contexts);
  assert.equal(second.exitCode, 0);
  assert.deepEqual(store.rows("SELECT * FROM history"), [], "the second run changed something");
});

/** All but those from cluster and namespaces. */
const EDGES = [
  "deployment web > replica_set web-1",
  "horizontal_pod_autoscaler web > deployment web",
  "ingress web > secret keys",
  "ingress web > service web",
  "ingress_class nginx > ingress web",
  "network_policy web > pod web-a",
  "network_policy web > pod web-b",
  "node n1 > pod web-a",
  "node n1 > pod web-b",
  "persistent_volume pv1 > csi_driver csi.test",
  "persistent_volume_claim data > persistent_volume pv1",
  "pod web-a > config_map settings",
  "pod web-a > persistent_volume_claim data",
  "pod web-a > secret keys",
  "pod web-a > service_account robot",
  "pod web-b > config_map settings",
  "pod web-b > persistent_volume_claim data",
  "pod web-b > secret keys",
  "pod web-b > service_account robot",
  "pod_disruption_budget web > pod web-a",
  "pod_disruption_budget web > pod web-b",
  "replica_set web-1 > pod web-a",
  "replica_set web-1 > pod web-b",
  "role_binding readers > cluster_role view",
  "role_binding readers > service_account robot",
  "service web > pod web-a",
  "service web > pod web-b",
  "storage_class fast > csi_driver csi.test",
  "storage_class fast > persistent_volume pv1",
  "storage_class fast > persistent_volume_claim data",
];

Deno.test("k8s: nodes report what the API says", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  await store.collect([{ name: "dev", server: api.url }]);
  const body = (kind: string, id: string) =>
    JSON.parse(String(
      store.rows(`SELECT body FROM node WHERE kind = 'kubernetes_${kind}' AND id = '${id}'`)[0]
        ?.["body"],
    ));
  const pod = body("pod", "pod-shop-web-a");
  assert.deepEqual(pod.tags, { app: "web" });
  assert.equal(pod.ctime, "2026-01-01T10:00:00Z");
  assert.equal(pod.instance_status, "running");
  assert.equal(body("pod", "pod-shop-web-b").instance_status, "busy");
  assert.equal(body("pod", "pod-other-web-a").instance_status, "terminated");
  assert.equal(pod.self_link, "/api/v1/namespaces/shop/pods/web-a");
  assert.equal(body("replica_set", "replicaset-shop-web-1").replicas, 2);
  const volume = body("persistent_volume", "persistentvolume-pv1");
  assert.deepEqual([volume.volume_size, volume.volume_type, volume.volume_status], [
    2,
    "fast",
    "in-use",
  ]);
  assert.equal(body("cluster", "dev").cluster_version, "v1.31.4");
  const all = JSON.stringify(store.rows("SELECT body FROM node"));
  assert.equal(all.includes("hunter2"), false, "a secret was stored");
  assert.equal(all.includes("aHVudGVyMg"), false, "the content of a secret was stored");
  assert.match(JSON.stringify(pod.containers), /hmac-sha256:/);
  const secrets = api.requests.filter(({ path }) => path.endsWith("/secrets"));
  assert.ok(secrets.length > 0);
  for (const { headers } of secrets) assert.match(headers.get("accept") ?? "", /PartialObjectMeta/);
});

Deno.test("k8s: every kind is reached, and every property filled, none but the declared", async () => {
  await using api = startFakeApi(samples());
  await using store = await makeK8sStore();
  const { exitCode, accounts } = await store.collect([{ name: "dev", server: api.url }]);
  assert.equal(exitCode, 0, JSON.stringify(accounts));
  const kinds = new Map(K8S.model.kinds.map((kind) => [kind.name, kind]));
  for (const kind of K8S.model.kinds.filter(({ nested, bases }) => !nested && bases.length > 0)) {
    const rows = store.rows(`SELECT body FROM node WHERE kind = '${kind.name}'`);
    assert.equal(rows.length, 1, kind.name);
    assertFilled(JSON.parse(String(rows[0]?.["body"])), kind.name, kind.name);
  }

  function assertFilled(value: unknown, kind: string, path: string): void {
    for (const { name, type } of kinds.get(kind)?.properties ?? []) {
      const member: unknown = Reflect.get(Object(value), name);
      assert.notEqual(member, undefined, `${path}.${name} is not filled`);
      const inner = type.replace(/\[\]$/, "");
      if (kinds.has(inner)) {
        assertFilled(Array.isArray(member) ? member[0] : member, inner, `${path}.${name}`);
      }
    }
  }
});

Deno.test("k8s: pages go on to the end, and a list whose token expires begins anew", async () => {
  const pods = Array.from(
    { length: 25 },
    (_, i) => object("v1", "Pod", `shop/p${i}`, { spec: { containers: [{ name: "c" }] } }),
  );
  await using api = startFakeApi([object("v1", "Namespace", "shop"), ...pods]);
  await using store = await makeK8sStore();
  api.pageSize = 10;
  let expired = 0;
  api.fault = ({ path, query }) => {
    if (path !== "/api/v1/pods" || !query.has("continue") || expired++ !== 1) return undefined;
    // What was sent already changes meanwhile.
    api.objects = api.objects.map((each) =>
      each.kind === "Pod"
        ? { ...each, metadata: { ...each.metadata, labels: { changed: "yes" } } }
        : each
    );
    return status(410, "Expired");
  };
  const { exitCode, graph } = await store.collect([{ name: "dev", server: api.url }]);
  assert.equal(exitCode, 0);
  assert.deepEqual(graph?.duplicates, []);
  assert.equal(ids(store, "kubernetes_pod").length, 25);
  const limits = api.requests.filter(({ path }) => path === "/api/v1/pods")
    .map(({ query }) => query.get("limit"));
  assert.deepEqual(limits, ["500", "500", "500", "1000", "1000", "1000"]);
});

Deno.test("k8s: what fails keeps its last good data; a denial names the rule that cures it", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  api.objects = api.objects.filter(({ kind }) => !["Deployment", "Pod", "Secret"].includes(kind));
  api.fault = ({ path }) => {
    if (path.endsWith("/deployments")) return status(403, "Forbidden");
    if (path.endsWith("/pods")) return status(503, "ServiceUnavailable", { "retry-after": "1" });
    return undefined;
  };
  const second = await store.collect(contexts);
  assert.equal(second.exitCode, 3);
  assert.deepEqual(ids(store, "kubernetes_deployment"), ["deployment-shop-web*"]);
  assert.equal(ids(store, "kubernetes_pod").every((id) => id.endsWith("*")), true);
  assert.deepEqual(ids(store, "kubernetes_secret"), []);
  const faults = faultsOf(second, "dev");
  assert.ok(faults.includes("denied list deployments.apps Forbidden needs list deployments.apps"));
  assert.ok(faults.includes("failed list pods ServiceUnavailable"));
  assert.ok(faults.includes("partial list pods NoPods"), "selectors without pods");
  assert.ok(edges(store).includes("service web > pod web-a"), "an edge to a kept pod is kept");
  const tries = api.requests.filter(({ path }) => path.endsWith("/pods")).length;
  assert.equal(tries, 1 + 5, "a server that fails is asked again");
});

Deno.test("k8s: a throttle delays a page and loses nothing", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  let left = 8;
  api.fault = ({ path }) =>
    path.endsWith("/pods") && left-- > 0
      ? status(429, "TooManyRequests", { "retry-after": "1" })
      : undefined;
  assert.equal((await store.collect([{ name: "dev", server: api.url }])).exitCode, 0);
  assert.equal(ids(store, "kubernetes_pod").length, 3);
});

Deno.test("k8s: of two clusters one is down; it keeps its data and costs itself alone", async () => {
  await using store = await makeK8sStore();
  await using up = startFakeApi(shop());
  const down = startFakeApi(shop());
  const contexts = [{ name: "up", server: up.url }, { name: "down", server: down.url }];
  assert.equal((await store.collect(contexts)).exitCode, 0);
  await down[Symbol.asyncDispose]();
  const second = await store.collect(contexts);
  assert.equal(second.exitCode, 3);
  assert.deepEqual(faultsOf(second, "up"), []);
  assert.deepEqual(faultsOf(second, "down"), ["failed version NetworkError"]);
  assert.deepEqual(ids(store, "kubernetes_cluster"), ["down*", "up"]);
  const pods = ids(store, "kubernetes_pod");
  assert.deepEqual([pods.length, pods.filter((id) => id.endsWith("*")).length], [6, 3]);
});

Deno.test("k8s: a refused token fails its cluster with what to do", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  api.tokens = ["other"];
  const summary = await store.collect([{ name: "dev", server: api.url }]);
  assert.deepEqual(faultsOf(summary, "dev"), ["failed version Unauthorized"]);
  assert.equal(JSON.stringify(summary).includes('"token"'), false);
});

Deno.test("k8s: a group that is not served is unsupported; one that cannot be asked for is kept", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  api.missing = ["policy"];
  api.fault = ({ path }) =>
    path === "/apis/apps/v1" ? status(503, "ServiceUnavailable") : undefined;
  const second = await store.collect(contexts);
  assert.equal(second.accounts[0]?.outcomes.unsupported, 2, "one for each namespace");
  assert.deepEqual(ids(store, "kubernetes_pod_disruption_budget"), []);
  assert.deepEqual(ids(store, "kubernetes_replica_set"), ["replicaset-shop-web-1*"]);
});

Deno.test("k8s: a version that is not known keeps what was there", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  const group = { name: "policy", versions: [{ version: "v9" }] };
  const resource = { name: "poddisruptionbudgets", verbs: ["list"] };
  api.fault = ({ path }) => {
    if (path === "/apis") return Response.json({ kind: "APIGroupList", groups: [group] });
    if (path !== "/apis/policy/v9") return undefined;
    return Response.json({ kind: "APIResourceList", resources: [resource] });
  };
  const second = await store.collect(contexts);
  assert.ok(faultsOf(second, "dev").includes("failed discovery UnknownVersion"));
  assert.deepEqual(ids(store, "kubernetes_pod_disruption_budget"), [
    "poddisruptionbudget-shop-web*",
  ]);
});

Deno.test("k8s: one bad record among good ones removes nothing", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  api.unchecked = true;
  api.objects = api.objects.filter(({ kind }) => kind !== "ServiceAccount").map((each) =>
    each.kind === "ReplicaSet"
      ? { ...each, spec: { ...Object(each["spec"]), replicas: "many" } }
      : each
  );
  const nameless = object("v1", "ServiceAccount", "shop/x", {}, { uid: "" });
  api.objects.push(nameless);
  const second = await store.collect(contexts);
  const faults = faultsOf(second, "dev");
  assert.ok(faults.includes("failed list serviceaccounts k8s.object"), faults.join());
  assert.ok(faults.includes("partial list replicasets.apps Mapping"), faults.join());
  assert.deepEqual(ids(store, "kubernetes_service_account"), ["serviceaccount-shop-robot*"]);
  const [set] = store.rows("SELECT body FROM node WHERE kind = 'kubernetes_replica_set'");
  assert.equal(JSON.parse(String(set?.["body"])).replicas, 2, "the last good value is kept");
});

Deno.test("k8s: a page that is no list, such as a proxy's, removes nothing", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  api.fault = ({ path }) => {
    if (path.endsWith("/nodes")) return new Response("<html>login</html>");
    if (path.endsWith("/configmaps")) return Response.json({ items: [] });
    if (path.endsWith("/secrets")) return new Response("<html>no</html>", { status: 404 });
    return undefined;
  };
  const second = await store.collect(contexts);
  assert.equal(second.accounts[0]?.outcomes.unsupported, undefined);
  assert.deepEqual(ids(store, "kubernetes_node"), [`${uidOf("Node", "n1")}*`]);
  assert.equal(ids(store, "kubernetes_config_map").every((id) => id.endsWith("*")), true);
  assert.equal(ids(store, "kubernetes_secret").every((id) => id.endsWith("*")), true);
});

Deno.test("k8s: a namespace that is gone takes along what lay in it; without the list it stays", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  api.objects = api.objects.filter(({ metadata }) =>
    metadata.name !== "other" && metadata["namespace"] !== "other"
  );
  api.fault = ({ path }) =>
    path === "/api/v1/namespaces" ? status(500, "InternalError") : undefined;
  await store.collect(contexts);
  assert.ok(ids(store, "kubernetes_pod").includes("pod-other-web-a*"));
  api.fault = () => undefined;
  const last = await store.collect(contexts);
  assert.equal(last.exitCode, 0, JSON.stringify(last.accounts));
  assert.deepEqual(ids(store, "kubernetes_pod"), ["pod-shop-web-a", "pod-shop-web-b"]);
  assert.deepEqual(ids(store, "kubernetes_namespace"), ["namespace-shop"]);
});

Deno.test("k8s: who may not list namespaces gets that of the context", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  api.fault = ({ path }) =>
    path === "/api/v1/namespaces" ||
      /^\/(api|apis\/[^/]+)\/v[0-9]\/(?!namespaces)[a-z]+$/.test(path)
      ? status(403, "Forbidden")
      : undefined;
  const summary = await store.collect([{ name: "dev", server: api.url, namespace: "shop" }]);
  assert.deepEqual(ids(store, "kubernetes_pod"), ["pod-shop-web-a", "pod-shop-web-b"]);
  const faults = faultsOf(summary, "dev");
  assert.ok(faults.includes("denied list namespaces Forbidden needs list namespaces"));
  assert.ok(faults.includes("denied list nodes Forbidden needs list nodes"));
});

Deno.test("k8s: what is chosen is collected, with nodes and namespaces; the rest is kept", async () => {
  await using api = startFakeApi(shop());
  await using store = await makeK8sStore();
  const contexts = [{ name: "dev", server: api.url }];
  await store.collect(contexts);
  const before = api.requests.length;
  const summary = await store.collect(contexts, { options: { collect: ["service"] } });
  assert.equal(summary.exitCode, 0);
  const lists = api.requests.slice(before).filter(({ query }) => query.has("limit"))
    .map(({ path }) => path).sort();
  assert.deepEqual(lists, ["/api/v1/namespaces", "/api/v1/nodes", "/api/v1/services"]);
  assert.ok(
    edges(store).includes("service web > pod web-a"),
    "edges to pods that were not asked for",
  );
});
