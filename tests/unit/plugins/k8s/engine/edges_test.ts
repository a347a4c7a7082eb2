import assert from "node:assert/strict";
import { EdgeMaker } from "../../../../../plugins/k8s/engine/edges.ts";
import { readMeta } from "../../../../../plugins/k8s/engine/meta.ts";
import {
  matches,
  readSelector,
  SelectorIndex,
} from "../../../../../plugins/k8s/engine/selectors.ts";
import { resources } from "../../../../../plugins/k8s/resources/mod.ts";
import { object, owner } from "../../../../support/k8s/estate.ts";

const edges = new EdgeMaker(resources);
const AT = { cluster: "dev", namespace: "shop" };

Deno.test("k8s edges: every owner of a known kind is one, whichever of them exist", () => {
  const meta = readMeta(object("v1", "Pod", "shop/p", {}, {
    ownerReferences: [
      owner("apps/v1", "ReplicaSet", "shop/gone"),
      owner("batch/v1", "Job", "shop/there"),
      owner("example.test/v1", "Deployment", "shop/custom"),
    ],
  }));
  assert.ok(meta !== undefined);
  assert.deepEqual(edges.owners(meta).map(({ kind, by, value }) => [kind, by, value]), [
    ["kubernetes_replica_set", "id", "replicaset-shop-gone"],
    ["kubernetes_job", "id", "job-shop-there"],
  ]);
});

Deno.test("k8s edges: names are looked for in their own cluster and namespace alone", () => {
  const raw = {
    claim: "data",
    node: "n1",
    subjects: [{ kind: "ServiceAccount", name: "robot", namespace: "other" }, {
      kind: "User",
      name: "x",
    }],
  };
  const values = edges.declared(raw, [
    { direction: "to", kind: "kubernetes_persistent_volume_claim", path: "claim" },
    { direction: "from", kind: "kubernetes_node", path: "node" },
    { direction: "to", path: "subjects[]", anywhere: true },
    { direction: "to", kind: "kubernetes_pod", path: "not.there" },
  ], AT).map(({ by, value }) => [by, value]);
  assert.deepEqual(values, [
    ["qualified_name", "dev/shop/data"],
    ["qualified_name", "dev//n1"],
    ["qualified_name", "dev/other/robot"],
  ]);
});

Deno.test("k8s selectors: labels and expressions, as the API matches them", () => {
  const expression = (operator: string, values: string[] = []) =>
    readSelector({ matchExpressions: [{ key: "app", operator, values }] });
  const labels = { app: "web" };
  for (
    const [selector, expected] of [
      [readSelector({ app: "web" }), true],
      [readSelector({ app: "web", tier: "x" }), false],
      [readSelector({ matchLabels: { app: "web" } }), true],
      [expression("In", ["web", "db"]), true],
      [expression("In", ["db"]), false],
      [expression("NotIn", ["db"]), true],
      [expression("Exists"), true],
      [expression("DoesNotExist"), false],
      [expression("Unheard"), false],
      [readSelector({ constructor: "x" }), false],
    ] as const
  ) {
    assert.ok(selector !== undefined);
    assert.equal(matches(selector, labels), expected, JSON.stringify(selector));
  }
  for (const none of [undefined, null, {}, { matchLabels: {} }, "text"]) {
    assert.equal(readSelector(none), undefined);
  }
});

Deno.test("k8s selectors: pods of another namespace do not count", () => {
  const index = new SelectorIndex();
  const selector = readSelector({ app: "web" });
  assert.ok(selector !== undefined);
  const selected = index.add("shop", selector);
  index.pod("shop", "1", { app: "web" });
  index.pod("other", "2", { app: "web" });
  index.pod("shop", "3", { app: "db" });
  assert.deepEqual(selected, ["1"]);
});
