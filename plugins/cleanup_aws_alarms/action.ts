import { type ActionContext, type ActionNode, defineAction, readConfigText } from "ckworker";
import { type Accounts, configSchema } from "./config.ts";
import { alarmsQuery, instancesQuery, placesQuery } from "./queries.ts";
import { decideAlarm, seenPlaces, sortInstances, watchedInstances } from "./rules.ts";

interface Options {
  readonly config?: string | undefined;
}

/** Ids in one query. */
const IDS = 500;

/** Marks alarms whose instances are gone, by the file as it is at this run. */
export const action = defineAction<Options>({
  async run(context) {
    const { options: { config: path }, files, decide, log } = context;
    const accounts = path === undefined
      ? undefined
      : await readConfigText(path, files, configSchema);
    if (path !== undefined && accounts === undefined) {
      return log("warn", "action.config", `${path} lists no account: nothing is marked`);
    }
    await decide(await decideAlarms(context, accounts));
  },
});

async function decideAlarms(context: ActionContext<Options>, accounts: Accounts | undefined) {
  const { query, aggregate, dialect } = context;
  const alarms = await nodesOf(query(alarmsQuery(dialect)), hasInstances);
  const ids = [...new Set(alarms.flatMap(watchedInstances))];
  if (ids.length === 0) return [];
  const instances: ActionNode[] = [];
  for (let from = 0; from < ids.length; from += IDS) {
    const found = query(instancesQuery(dialect, ids.slice(from, from + IDS)));
    instances.push(...await nodesOf(found));
  }
  const groups = await Array.fromAsync(aggregate(placesQuery(dialect)));
  const known = { ...sortInstances(instances), seenPlaces: seenPlaces(groups) };
  return alarms.flatMap((alarm) => decideAlarm(alarm, accounts, known) ?? []);
}

function hasInstances(alarm: ActionNode): boolean {
  return watchedInstances(alarm).length > 0;
}

async function nodesOf(
  records: ReturnType<ActionContext<Options>["query"]>,
  wanted: (node: ActionNode) => boolean = () => true,
): Promise<readonly ActionNode[]> {
  const nodes: ActionNode[] = [];
  for await (const record of records) {
    if (record.type === "node" && wanted(record)) nodes.push(record);
  }
  return nodes;
}
