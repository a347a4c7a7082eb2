/** Changes through a real guest, with the rights of its manifest. */
import assert from "node:assert/strict";
import { changeNode } from "../../support/change_node.ts";
import {
  change,
  MASKED,
  named,
  REGION,
  SET,
  subject,
  withGuest,
  ZONE,
} from "../../support/gcp/changes.ts";

/** Kinds that take labels, each where its API wants them under another parameter. */
const LABELLED: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ["gcp_instance", "instances", { ...ZONE, instance: "web" }],
  ["gcp_disk", "disks", { ...ZONE, disk: "loose" }],
  ["gcp_disk", "regionDisks", { ...REGION, disk: "twice" }],
  ["gcp_snapshot", "snapshots", { snapshot: "snap" }],
  ["gcp_image", "images", { image: "golden" }],
  ["gcp_vpn_gateway", "vpnGateways", { ...REGION, vpnGateway: "ha" }],
  ["gcp_target_vpn_gateway", "targetVpnGateways", { ...REGION, targetVpnGateway: "classic" }],
  ["gcp_vpn_tunnel", "vpnTunnels", { ...REGION, vpnTunnel: "tunnel" }],
  ["gcp_forwarding_rule", "forwardingRules", { ...REGION, forwardingRule: "pooled" }],
  ["gcp_forwarding_rule", "globalForwardingRules", { forwardingRule: "everywhere" }],
  ["gcp_address", "addresses", { ...REGION, address: "ip" }],
  ["gcp_security_policy", "securityPolicies", { securityPolicy: "armor" }],
];

Deno.test("gcp change: labels of every kind that has them, set and removed, twice like once", () =>
  withGuest(async (guest, google) => {
    for (const [kind, collection, place] of LABELLED) {
      const { node, stored } = subject(google, kind, collection, place);
      const before = Object(stored.raw["labels"] ?? {});
      const done = { outcome: "done", tags: { ...before, team: "blue" } };
      assert.deepEqual(await change(guest, node, SET), done, kind);
      assert.deepEqual(stored.raw["labels"], done.tags, kind);
      const writes = () => google.requests.filter((path) => path.includes("setLabels")).length;
      const known = writes();
      assert.deepEqual(await change(guest, node, SET), done, kind);
      assert.equal(writes(), known, "what is so already is not written");
      const removed = await change(guest, node, { type: "removeTag", key: "team" });
      assert.deepEqual(removed, { outcome: "done", tags: before }, kind);
      assert.deepEqual(stored.raw["labels"], before, kind);
    }
  }));

Deno.test("gcp change: labels of buckets and databases are patched, one alone", () =>
  withGuest(async (guest, google) => {
    const bucket = subject(google, "gcp_bucket", "buckets", { bucket: "p-data" }, "storage");
    const database = subject(google, "gcp_database", "instances", { instance: "db" }, "sqladmin");
    for (const { node } of [bucket, database]) {
      const done = { outcome: "done", tags: { owner: "ann", team: "blue" } };
      assert.deepEqual(await change(guest, node, SET), done);
      const removed = await change(guest, node, { type: "removeTag", key: "owner" });
      assert.deepEqual(removed, { outcome: "done", tags: { team: "blue" } });
    }
    assert.deepEqual(bucket.stored.raw["labels"], { team: "blue" });
    const settings: Record<string, unknown> = Object(database.stored.raw["settings"]);
    assert.deepEqual([settings["userLabels"], settings["tier"]], [{ team: "blue" }, "db-f1-micro"]);
  }));

Deno.test("gcp change: a cluster, by its name at the API, and a database within an instance", () =>
  withGuest(async (guest, google) => {
    const name = "projects/p/locations/us-east1/clusters/gke";
    const [stored] = google.state.in("container", ["projects.locations.clusters"], { name });
    assert.ok(stored !== undefined);
    const cluster = changeNode({
      kind: "gcp_container_cluster",
      id: "c1",
      name: "gke",
      cloud: "gcp",
      account: { id: "p", name: "p", reported: {} },
      reported: { link: `https://container.googleapis.com/v1/${name}` },
    });
    const tags = { owner: "ann", team: "blue" };
    assert.deepEqual(await change(guest, cluster, SET), { outcome: "done", tags });
    assert.deepEqual(stored.raw["resourceLabels"], tags);
    const elsewhere = { link: `https://container.googleapis.com/v1/${name.replace("/p/", "/q/")}` };
    await assert.rejects(change(guest, { ...cluster, reported: elsewhere }, { type: "delete" }));
    assert.deepEqual(await change(guest, cluster, { type: "delete" }), { outcome: "done" });
    assert.deepEqual(await change(guest, cluster, { type: "delete" }), { outcome: "gone" });
    const place = { instance: "db", database: "shop" };
    const { node } = subject(google, "gcp_sql_database", "databases", place, "sqladmin");
    const database = { ...node, id: "db/shop" };
    assert.deepEqual(await change(guest, database, { type: "delete" }), { outcome: "done" });
    assert.deepEqual(await change(guest, database, { type: "read" }), { outcome: "gone" });
  }));

Deno.test("gcp change: labels that somebody else changes meanwhile are read again", () =>
  withGuest(async (guest, google) => {
    const { node, stored } = subject(google, "gcp_disk", "disks", { ...ZONE, disk: "loose" });
    google.setRules([{
      path: /disks\/loose$/,
      first: 1,
      effect: { type: "change", change: (raw) => ({ ...Object(raw), labelFingerprint: "old" }) },
    }]);
    const tags = { owner: "ann", team: "blue" };
    assert.deepEqual(await change(guest, node, SET), { outcome: "done", tags });
    assert.deepEqual(stored.raw["labels"], tags);
  }));

Deno.test("gcp change: what is no label is refused with the rule, and nothing is asked", () =>
  withGuest(async (guest, google) => {
    const { node } = subject(google, "gcp_disk", "disks", { ...ZONE, disk: "loose" });
    for (
      const [key, value] of [["Team", "x"], ["", "x"], ["a b", "x"], ["team", "Blue"]] as const
    ) {
      await assert.rejects(change(guest, node, { type: "setTag", key, value }), {
        code: "change.unsupported",
      });
    }
    assert.deepEqual(google.callers, []);
  }));

/** Kinds that can be deleted, in zones, regions and everywhere. */
const DELETED: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ["gcp_instance", "instances", { ...ZONE, instance: "off" }],
  ["gcp_disk", "regionDisks", { ...REGION, disk: "twice" }],
  ["gcp_network", "networks", { network: "net" }],
  ["gcp_health_check", "regionHealthChecks", { ...REGION, healthCheck: "near" }],
  ["gcp_health_check", "healthChecks", { healthCheck: "check" }],
  ["gcp_backend_service", "regionBackendServices", { ...REGION, backendService: "inner" }],
  ["gcp_forwarding_rule", "globalForwardingRules", { forwardingRule: "plain" }],
  ["gcp_instance_template", "regionInstanceTemplates", { ...REGION, instanceTemplate: "regional" }],
  ["gcp_target_instance", "targetInstances", { ...ZONE, targetInstance: "target" }],
];

Deno.test("gcp change: deletes in zones, regions and everywhere, waited for; gone is told as gone", () =>
  withGuest(async (guest, google) => {
    for (const [kind, collection, place] of DELETED) {
      const { node } = subject(google, kind, collection, place);
      assert.deepEqual(await change(guest, node, { type: "delete" }), { outcome: "done" }, kind);
      assert.equal(google.state.find("compute", collection, { project: "p", ...place }), undefined);
      assert.deepEqual(await change(guest, node, { type: "delete" }), { outcome: "gone" }, kind);
      assert.deepEqual(await change(guest, node, { type: "read" }), { outcome: "gone" }, kind);
    }
    assert.ok(google.requests.some((path) => /zones\/us-east1-b\/operations/.test(path)));
    assert.ok(google.requests.some((path) => /regions\/us-east1\/operations/.test(path)));
    assert.ok(google.requests.some((path) => /global\/operations/.test(path)));
  }));

Deno.test("gcp change: a delete that the cloud does not finish says why", () =>
  withGuest(async (guest, google) => {
    google.behaviour = { ...google.behaviour, failing: [/networks\/net/] };
    const { node } = subject(google, "gcp_network", "networks", { network: "net" });
    await assert.rejects(
      change(guest, node, { type: "delete" }),
      /RESOURCE_IN_USE: something uses it/,
    );
  }));

Deno.test("gcp change: a database is deleted and waited for", () =>
  withGuest(async (guest, google) => {
    const { node } = subject(google, "gcp_database", "instances", { instance: "db" }, "sqladmin");
    assert.deepEqual(await change(guest, node, { type: "delete" }), { outcome: "done" });
    assert.ok(google.requests.some((path) => path.includes("/projects/p/operations/")));
  }));

Deno.test("gcp change: a bucket is emptied of all versions before it is deleted", () =>
  withGuest(async (guest, google) => {
    const { node } = subject(google, "gcp_bucket", "buckets", { bucket: "p-data" }, "storage");
    assert.deepEqual(await change(guest, node, { type: "prepare" }), { outcome: "done" });
    assert.deepEqual(google.state.in("storage", ["objects"], {}), []);
    assert.deepEqual(await change(guest, node, { type: "prepare" }), { outcome: "done" });
    assert.deepEqual(await change(guest, node, { type: "delete" }), { outcome: "done" });
  }));

Deno.test("gcp change: a reading tells what a collect would, and what it cannot tell", () =>
  withGuest(async (guest, google) => {
    const instance = subject(google, "gcp_instance", "instances", { ...ZONE, instance: "web" });
    const { read } = await change(guest, instance.node, { type: "read" });
    assert.equal(read?.name, "web");
    const { instance_status, instance_cores, tags } = read?.reported ?? {};
    assert.deepEqual([instance_status, instance_cores], ["running", 1]);
    assert.deepEqual(tags, { owner: "ann", group: "group" });
    const disk = subject(google, "gcp_disk", "disks", { ...ZONE, disk: "boot" });
    const found = await change(guest, disk.node, { type: "read" });
    assert.deepEqual(found.read?.unknown, ["delete_with_instance"]);
    const rule = subject(google, "gcp_forwarding_rule", "globalForwardingRules", {
      forwardingRule: "plain",
    });
    assert.deepEqual((await change(guest, rule.node, { type: "read" })).read?.unknown, [
      "backends",
    ]);
  }));

Deno.test("gcp change: faults that pass are waited for, and a missing permission is told", () =>
  withGuest(async (guest, google) => {
    const { node } = subject(google, "gcp_disk", "disks", { ...ZONE, disk: "loose" });
    google.setRules([
      { path: /disks\/loose$/, first: 1, effect: { type: "answer", status: 503 } },
      { path: /setLabels/, first: 1, effect: { type: "answer", status: 429 } },
      { path: /operations/, first: 1, effect: { type: "truncate" } },
    ]);
    assert.equal((await change(guest, node, SET)).outcome, "done");
    const message = "Required 'compute.disks.delete' permission for 'x'";
    const body = JSON.stringify({
      error: { code: 403, message, errors: [{ reason: "forbidden" }] },
    });
    google.setRules([{ path: /disks\/loose$/, effect: { type: "answer", status: 403, body } }]);
    await assert.rejects(change(guest, node, { type: "delete" }), /compute\.disks\.delete/);
  }));

Deno.test("gcp change: labels with a mask, also where a name has the project's number", () =>
  withGuest(async (guest, google) => {
    for (const each of MASKED) {
      const { node, stored } = named(google, each);
      const { labels: before, ...others } = stored.raw;
      assert.deepEqual(before, { owner: "ann" }, each[0]);
      const tags = { owner: "ann", team: "blue" };
      assert.deepEqual(await change(guest, node, SET), { outcome: "done", tags }, each[0]);
      assert.deepEqual(stored.raw["labels"], tags, each[0]);
      const removed = await change(guest, node, { type: "removeTag", key: "team" });
      assert.deepEqual(removed, { outcome: "done", tags: { owner: "ann" } }, each[0]);
      const { etag: _, labels, ...left } = stored.raw;
      const { etag: __, ...known } = others;
      assert.deepEqual([labels, left], [before, known], "nothing else is written");
      assert.deepEqual(await change(guest, node, { type: "delete" }), { outcome: "done" }, each[0]);
      assert.deepEqual(await change(guest, node, { type: "delete" }), { outcome: "gone" }, each[0]);
    }
    const byNumber = google.requests.filter((path) => path.includes("projects/4242"));
    const elsewhere = byNumber.filter((path) => !path.includes("/operations/"));
    assert.deepEqual(elsewhere, [], "called is the node's own project");
  }));

Deno.test("gcp change: an object with a version that somebody else changes is read again", () =>
  withGuest(async (guest, google) => {
    const { node, stored } = named(google, MASKED[8]);
    google.setRules([{
      path: /models\/m1$/,
      first: 1,
      effect: { type: "change", change: (raw) => ({ ...Object(raw), etag: "old" }) },
    }]);
    const tags = { owner: "ann", team: "blue" };
    assert.deepEqual(await change(guest, node, SET), { outcome: "done", tags });
    assert.deepEqual(stored.raw["labels"], tags);
  }));
