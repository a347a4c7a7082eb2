/** Changes that are refused, or find nothing to change: the node is another's, or nobody's. */
import assert from "node:assert/strict";
import type { ChangeNode, NodeChange } from "../../../lib/sdk/mod.ts";
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
import type { FakeGoogle } from "../../support/gcp/fake_google.ts";
import { linkOf } from "../../support/gcp/google_state.ts";

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
