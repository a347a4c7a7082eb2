/** Changes through a real guest, with the rights of its manifest. */
import assert from "node:assert/strict";
import type { ChangerGuest } from "../../../lib/sandbox/mod.ts";
import type { ChangeNode, NodeChange } from "../../../lib/sdk/mod.ts";
import { changeNode } from "../../support/change_node.ts";
import { startChangerOf } from "../../support/changer_guest.ts";
import { FAST_SAAS } from "../../support/counterparts/counterpart.ts";
import { fill } from "../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../support/gcp/fake_google.ts";
import { linkOf, type Stored } from "../../support/gcp/google_state.ts";
import { pluginOf } from "../../support/saas/saas_store.ts";

const SET = { type: "setTag", key: "team", value: "blue" } as const;
const ZONE = { zone: "us-east1-b" };
const REGION = { region: "us-east1" };

/** A guest that changes nodes of project p, and the cloud that it does it in. */
async function withGuest(
  test: (guest: ChangerGuest, google: FakeGoogle) => Promise<void>,
  given: object = {},
): Promise<void> {
  await using google = await startGoogle();
  fill(google);
  await using guest = await startChangerOf({
    entry: pluginOf("gcp"),
    options: {
      service_account: [google.key("worker@p.test")],
      endpoint_url: google.endpoints,
      ...given,
    },
    base: FAST_SAAS.href,
  });
  await test(guest, google);
  assert.deepEqual(google.problems, []);
}

function change(guest: ChangerGuest, node: ChangeNode, change: NodeChange) {
  return guest.change(node, change, new AbortController().signal);
}

/** An object of the estate and its node. */
function subject(
  google: FakeGoogle,
  kind: string,
  collection: string,
  place: Readonly<Record<string, string>>,
  service = "compute",
): { readonly node: ChangeNode; readonly stored: Stored } {
  const parameters = { project: "p", ...place };
  const stored = google.state.find(service, collection, parameters);
  if (stored === undefined) throw new Error(`there is no ${collection} ${Object.values(place)}`);
  const { raw } = stored;
  const node = changeNode({
    kind,
    id: String(raw["id"] ?? raw["name"]),
    name: String(raw["name"]),
    cloud: "gcp",
    account: { id: "p", name: "p", reported: {} },
    region: { id: "1230", name: "us-east1" },
    reported: { tags: {}, link: linkOf(service, collection, parameters), ctime: ctimeOf(raw) },
  });
  return { node, stored };
}

function ctimeOf(raw: Stored["raw"]): string {
  const time = raw["creationTimestamp"] ?? raw["timeCreated"] ?? raw["createTime"];
  return time === undefined ? "" : `${new Date(String(time)).toISOString().slice(0, 19)}Z`;
}

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

Deno.test("gcp change: another object of the same name is not touched", () =>
  withGuest(async (guest, google) => {
    const disk = subject(google, "gcp_disk", "disks", { ...ZONE, disk: "loose" });
    const other = { ...disk.node, id: "1" };
    const database = subject(google, "gcp_database", "instances", { instance: "db" }, "sqladmin");
    const older = {
      ...database.node,
      reported: { ...database.node.reported, ctime: "2001-01-01T00:00:00Z" },
    };
    for (const node of [other, older]) {
      for (const type of ["delete", "read"] as const) {
        assert.deepEqual(await change(guest, node, { type }), { outcome: "gone" });
      }
    }
    assert.ok(google.state.in("compute", ["disks"], {}).includes(disk.stored));
  }));

Deno.test("gcp change: a link leads to no other project, kind or host", () =>
  withGuest(async (guest, google) => {
    const { node } = subject(google, "gcp_disk", "disks", { ...ZONE, disk: "loose" });
    const links = [
      linkOf("compute", "disks", { project: "q", ...ZONE, disk: "loose" }),
      linkOf("compute", "networks", { project: "p", network: "net" }),
      "https://evil.test/compute/v1/projects/p/zones/us-east1-b/disks/loose",
      "https://www.googleapis.com/compute/v1/projects/p/zones/../disks/loose",
      "",
    ];
    for (const link of links) {
      const lying = { ...node, reported: { ...node.reported, link } };
      await assert.rejects(change(guest, lying, { type: "delete" }), link);
    }
    assert.equal(google.requests.filter((path) => path.includes("disks")).length, 0);
  }));

Deno.test("gcp change: what a kind does not have is unsupported", () =>
  withGuest(async (guest, google) => {
    const network = subject(google, "gcp_network", "networks", { network: "net" }).node;
    const region = subject(google, "gcp_region", "regions", { region: "us-east1" }).node;
    const spread = { ...REGION, instanceGroup: "spread" };
    const group = subject(google, "gcp_instance_group", "regionInstanceGroups", spread).node;
    const asked: readonly (readonly [ChangeNode, NodeChange])[] = [
      [group, { type: "delete" }],
      [network, SET],
      [network, { type: "prepare" }],
      [region, { type: "delete" }],
      [{ ...region, kind: "gcp_quota" }, { type: "delete" }],
    ];
    for (const [node, wanted] of asked) {
      await assert.rejects(change(guest, node, wanted), { code: "change.unsupported" });
    }
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

/** Kinds whose labels are written all at once with a mask, by service, collection and name. */
const MASKED = [
  ["gcp_pubsub_topic", "pubsub", "projects.topics", "topics/orders"],
  ["gcp_pubsub_subscription", "pubsub", "projects.subscriptions", "subscriptions/bill"],
  ["gcp_pubsub_snapshot", "pubsub", "projects.snapshots", "snapshots/before"],
  ["gcp_filestore_instance", "file", "projects.locations.instances", "instances/nfs"],
  ["gcp_filestore_backup", "file", "projects.locations.backups", "backups/weekly"],
  ["gcp_cloud_function", "cloudfunctions", "projects.locations.functions", "functions/bill"],
  ["gcp_vertex_ai_dataset", "aiplatform", "projects.locations.datasets", "datasets/d1"],
  ["gcp_vertex_ai_feature", "aiplatform", "projects.locations.featureGroups.features", "age"],
  ["gcp_vertex_ai_model", "aiplatform", "projects.locations.models", "models/m1"],
] as const;

/** An object that is known by its name, and its node. */
function named(google: FakeGoogle, [kind, service, collection, end]: typeof MASKED[number]) {
  const stored = google.state.in(service, [collection], {})
    .find(({ raw }) => String(raw["name"]).endsWith(end));
  if (stored === undefined) throw new Error(`there is no ${end}`);
  const name = String(stored.raw["name"]);
  const place = service === "aiplatform" ? "us-east1-" : "";
  const node = changeNode({
    kind,
    id: name,
    name,
    cloud: "gcp",
    account: { id: "p", name: "p", reported: {} },
    reported: {
      tags: {},
      link: `https://${place}${service}.googleapis.com/v1/${name}`,
      ctime: ctimeOf(stored.raw),
    },
  });
  return { node, stored };
}

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

Deno.test("gcp change: a name of another project is refused", () =>
  withGuest(async (guest, google) => {
    const { node } = named(google, MASKED[0]);
    const link = "https://pubsub.googleapis.com/v1/projects/q/topics/orders";
    const other = { ...node, reported: { ...node.reported, link } };
    await assert.rejects(change(guest, other, { type: "delete" }), /leads to the project q/);
    assert.deepEqual(google.callers, []);
  }));

/** The project lies in a folder; gives a disk of it. */
function diskIn(google: FakeGoogle, folder: string): ChangeNode {
  const project = google.state.find("cloudresourcemanager", "projects", { projectId: "p" });
  if (project === undefined) throw new Error("there is no project p");
  project.raw = { ...project.raw, parent: { type: "folder", id: folder } };
  google.behaviour = {
    ...google.behaviour,
    folders: { "folder 7": "organization 9", "folder 8": "organization 9" },
  };
  return subject(google, "gcp_disk", "disks", { ...ZONE, disk: "loose" }).node;
}

Deno.test("gcp change: folders that are chosen hold for changes, too", async () => {
  const chosen = { folder: ["7"] };
  await withGuest(async (guest, google) => {
    assert.equal((await change(guest, diskIn(google, "7"), SET)).outcome, "done");
  }, chosen);
  await withGuest(async (guest, google) => {
    const refused = change(guest, diskIn(google, "8"), SET);
    await assert.rejects(refused, /no credentials reach the project p/);
    assert.ok(!google.requests.some((path) => path.includes("/disks/")));
  }, chosen);
});

Deno.test("gcp change: nothing is changed in a project of which nobody tells the folder", () =>
  withGuest(async (guest, google) => {
    google.setRules([{ path: /getAncestry/, effect: { type: "answer", status: 403 } }]);
    const refused = change(guest, diskIn(google, "7"), SET);
    await assert.rejects(refused, /no credentials reach the project p/);
    assert.ok(!google.requests.some((path) => path.includes("/disks/")));
  }, { folder: ["7"] }));
