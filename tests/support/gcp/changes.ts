/** Google Cloud's objects and their nodes, changed through a real guest, with the rights of its manifest. */
import assert from "node:assert/strict";
import type { ChangerGuest } from "../../../lib/sandbox/mod.ts";
import type { ChangeNode, NodeChange } from "../../../lib/sdk/mod.ts";
import { changeNode } from "../change_node.ts";
import { startChangerOf } from "../changer_guest.ts";
import { FAST_SAAS } from "../counterparts/counterpart.ts";
import { pluginOf } from "../saas/saas_store.ts";
import { fill } from "./estate.ts";
import { type FakeGoogle, startGoogle } from "./fake_google.ts";
import { linkOf, type Stored } from "./google_state.ts";

export const SET = { type: "setTag", key: "team", value: "blue" } as const;
export const ZONE = { zone: "us-east1-b" };
export const REGION = { region: "us-east1" };

/** A guest that changes nodes of project p, and the cloud that it does it in. */
export async function withGuest(
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

export function change(guest: ChangerGuest, node: ChangeNode, change: NodeChange) {
  return guest.change(node, change, new AbortController().signal);
}

/** An object of the estate and its node. */
export function subject(
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

/** Kinds whose labels are written all at once with a mask, by service, collection and name. */
export const MASKED = [
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
export function named(google: FakeGoogle, [kind, service, collection, end]: typeof MASKED[number]) {
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

function ctimeOf(raw: Stored["raw"]): string {
  const time = raw["creationTimestamp"] ?? raw["timeCreated"] ?? raw["createTime"];
  return time === undefined ? "" : `${new Date(String(time)).toISOString().slice(0, 19)}Z`;
}
