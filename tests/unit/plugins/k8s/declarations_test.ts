import assert from "node:assert/strict";
import calls from "../../../../plugins/k8s/calls.json" with { type: "json" };
import model from "../../../../plugins/k8s/model.json" with { type: "json" };
import { manifest } from "../../../../plugins/k8s/manifest.ts";
import { resources } from "../../../../plugins/k8s/resources/mod.ts";

/** Kinds of the original worker: bases, own properties that must be there, type name. */
const ORIGINAL: Readonly<
  Record<string, readonly [bases: string, property: string, python: string]>
> = {
  kubernetes_resource: ["", "self_link:string", "base.KubernetesResource"],
  kubernetes_cluster: ["kubernetes_resource account", "", "cluster.KubernetesCluster"],
  kubernetes_namespace: ["kubernetes_resource region", "", "namespace.KubernetesNamespace"],
  kubernetes_node: ["kubernetes_resource resource", "", "node.KubernetesNode"],
  kubernetes_deployment: ["kubernetes_resource resource", "", "deployment.KubernetesDeployment"],
  kubernetes_stateful_set: [
    "kubernetes_resource resource",
    "",
    "stateful_set.KubernetesStatefulSet",
  ],
  kubernetes_replica_set: [
    "kubernetes_resource resource",
    "replicas:int64",
    "replica_set.KubernetesReplicaSet",
  ],
  kubernetes_controller_revision: [
    "kubernetes_resource resource",
    "",
    "controller_revision.KubernetesControllerRevision",
  ],
  kubernetes_daemon_set: ["kubernetes_resource resource", "", "daemon_set.KubernetesDaemonSet"],
  kubernetes_pod: ["kubernetes_resource instance", "", "pod.KubernetesPod"],
};

Deno.test("k8s declarations: the kinds of the original worker are as they were", () => {
  for (const [name, [bases, property, python]] of Object.entries(ORIGINAL)) {
    const kind = model.kinds.find((each) => each.name === name);
    assert.equal(kind?.bases.join(" "), bases, name);
    const own = kind?.properties.map((each) => `${each.name}:${each.type}`) ?? [];
    if (property !== "") assert.ok(own.includes(property), name);
    assert.equal(kind?.pythonType, `cloudkeeper_plugin_k8s.resources.${python}`);
  }
});

Deno.test("k8s declarations: names for --k8s-collect are those of the original worker", () => {
  const names: readonly string[] = resources.map(({ collector }) => collector);
  const original =
    "nodes namespaces deployments stateful_set replica_set controller_revision daemon_set pods";
  for (const name of original.split(" ")) assert.ok(names.includes(name), name);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("k8s declarations: edges lead to kinds that there are", () => {
  const kinds = new Set(resources.map(({ kind }) => kind));
  for (const { kind, edges = [] } of resources) {
    for (const edge of edges) assert.ok(edge.kind === undefined || kinds.has(edge.kind), kind);
  }
});

Deno.test("k8s declarations: only the calls of what is chosen are asked for", () => {
  const all = calls.map((call) => ({
    ...call,
    purpose: call.purpose === "read" ? "read" as const : "change" as const,
  }));
  const options = manifest.options.parse({ collect: ["pods"] });
  const reads = (manifest.enabledCalls?.(options, all) ?? []).filter(({ purpose }) =>
    purpose === "read"
  );
  assert.deepEqual(reads.map(({ call }) => call), [
    "version",
    "discovery",
    "list namespaces",
    "list nodes",
    "list pods",
  ]);
});
