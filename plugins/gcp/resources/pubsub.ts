import { textAt } from "ckworker";
import { defineResource, parents } from "../resource.ts";

/** Objects are known by their names, and tell no time. */
const NAMED = {
  bases: ["gcp_resource", "resource"],
  service: "pubsub",
  projectLevel: true,
  link: ({ name }: Readonly<Record<string, unknown>>) => `https://pubsub.googleapis.com/v1/${name}`,
  deletable: true,
} as const;

/** What is listed of a project that a parameter names. */
function listOf(collection: string) {
  const parameters = { project: "projects/{project}" };
  return [{ operation: `${collection}.list`, parameters }] as const;
}

/** A topic of Pub/Sub. */
export const pubsubTopic = defineResource({
  ...NAMED,
  kind: "gcp_pubsub_topic",
  description: "A topic of Pub/Sub.",
  collector: "pubsub_topics",
  schema: "Topic",
  collections: ["projects.topics"],
  lists: listOf("projects.topics"),
  // Tags for policies, which are only written.
  omit: ["tags"],
  labelling: { by: "patch", path: "labels", masked: true, inside: "topic" },
});

/** A subscription of a topic. */
export const pubsubSubscription = defineResource({
  ...NAMED,
  kind: "gcp_pubsub_subscription",
  description: "A subscription of a topic of Pub/Sub.",
  collector: "pubsub_subscriptions",
  schema: "Subscription",
  collections: ["projects.subscriptions"],
  lists: listOf("projects.subscriptions"),
  // Transforms are code of users, and an address may hold a token in its query.
  omit: ["tags", "messageTransforms", "pushConfig"],
  own: { subscription_push_endpoint: ["string"] },
  values: (raw) => ({
    subscription_push_endpoint: addressOf(textAt(raw, "pushConfig.pushEndpoint")),
  }),
  edges: parents("gcp_pubsub_topic", "topic"),
  orphan: true,
  labelling: { by: "patch", path: "labels", masked: true, inside: "subscription" },
});

/** What of a subscription is kept to be read again. */
export const pubsubSnapshot = defineResource({
  ...NAMED,
  kind: "gcp_pubsub_snapshot",
  description: "A state of a subscription of Pub/Sub that is kept for some days.",
  collector: "pubsub_snapshots",
  schema: "Snapshot",
  collections: ["projects.snapshots"],
  lists: listOf("projects.snapshots"),
  edges: parents("gcp_pubsub_topic", "topic"),
  orphan: true,
  labelling: { by: "patch", path: "labels", masked: true, inside: "snapshot" },
});

/** What is before the query; undefined for what is no address. */
function addressOf(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  return parsed === null ? undefined : parsed.origin + parsed.pathname;
}
