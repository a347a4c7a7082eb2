import { type ActionNode, type Decision, obstacle } from "ckworker";
import { z } from "zod";
import { type Accounts, isListed } from "./config.ts";

/** What is known of instances. */
export interface Instances {
  /** Ids of which some instance lives or may live. */
  readonly living: ReadonlySet<string>;
  /** Ids of which every instance that is known is terminated. */
  readonly ended: ReadonlySet<string>;
  /** Places whose instances were all seen lately, see {@link placeOf}. */
  readonly seenPlaces: ReadonlySet<string>;
}

const dimensionsSchema = z.array(z.object({
  Name: z.string().optional(),
  Value: z.string().optional(),
  name: z.string().optional(),
  value: z.string().optional(),
}));

/** Ids of the instances that an alarm watches. */
export function watchedInstances({ reported: { dimensions } }: ActionNode): readonly string[] {
  const parsed = dimensionsSchema.safeParse(dimensions, { jitless: true });
  return (parsed.data ?? []).filter((each) => (each.Name ?? each.name) === "InstanceId")
    .map((each) => each.Value ?? each.value ?? "");
}

/** Sorts instances by whether they live; one that nobody saw lately may. */
export function sortInstances(
  nodes: Iterable<ActionNode>,
): Pick<Instances, "living" | "ended"> {
  const living = new Set<string>();
  const ended = new Set<string>();
  for (const { resource, reported, isStale } of nodes) {
    const hasEnded = reported["instance_status"] === "terminated" && !isStale;
    (hasEnded ? ended : living).add(resource);
  }
  return { living, ended };
}

const placeSchema = z.object({
  group: z.object({
    account: z.string(),
    region: z.string(),
    stale: z.unknown(),
  }),
});

/** Places where instances were seen and none is stale. */
export function seenPlaces(groups: Iterable<unknown>): ReadonlySet<string> {
  const seen = new Set<string>();
  const doubted = new Set<string>();
  for (const each of groups) {
    const group = placeSchema.safeParse(each, { jitless: true }).data?.group;
    if (group === undefined) continue;
    const isDoubted = group.stale === true || group.stale === "true";
    (isDoubted ? doubted : seen).add(placeOf(group) ?? "");
  }
  return seen.difference(doubted);
}

/** A region of an account; undefined for a node that lies in none. */
export function placeOf(
  { account, region }: {
    readonly account: string | undefined;
    readonly region: string | undefined;
  },
): string | undefined {
  return account === undefined || region === undefined
    ? undefined
    : JSON.stringify([account, region]);
}

/**
 * Marks an alarm all of whose instances are gone; undefined for any other. An instance that is not
 * in the graph is gone only where instances were seen: elsewhere nobody may have looked.
 */
export function decideAlarm(
  alarm: ActionNode,
  accounts: Accounts | undefined,
  { living, ended, seenPlaces }: Instances,
): Decision | undefined {
  if (obstacle(alarm) !== undefined || alarm.isMarked || !isListed(accounts, alarm)) {
    return undefined;
  }
  const ids = watchedInstances(alarm);
  const wasSeen = seenPlaces.has(placeOf(alarm) ?? "");
  const isGone = (id: string) => id !== "" && !living.has(id) && (ended.has(id) || wasSeen);
  if (ids.length === 0 || !ids.every(isGone)) return undefined;
  const reason = `Alarm watches instances that are gone: ${ids.join(", ")}`;
  return { type: "mark", node: alarm.id, reason: reason.slice(0, 2_000) };
}
