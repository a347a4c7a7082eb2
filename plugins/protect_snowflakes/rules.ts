import { type ActionNode, type Decision, type Generation, queryWords } from "ckworker";
import { z } from "zod";

/** Cloud, account, region, kind: ids of nodes. */
export const configSchema = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.record(z.string(), z.array(z.string().min(1))))),
);

/** One node to protect. */
export interface Snowflake {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;
}

/** The nodes that a file lists, each once. */
export function snowflakesOf(config: z.output<typeof configSchema>): readonly Snowflake[] {
  const all = Object.entries(config).flatMap(([cloud, accounts]) =>
    Object.entries(accounts).flatMap(([account, regions]) =>
      Object.entries(regions).flatMap(([region, kinds]) =>
        Object.entries(kinds).flatMap(([kind, ids]) =>
          ids.map((id) => ({ cloud, account, region, kind, id }))
        )
      )
    )
  );
  return [...new Map(all.map((each) => [keyOf(each), each])).values()];
}

/** Ids in one query. */
const IDS = 500;

/** Queries that find these nodes, and of each the account and the region too. */
export function snowflakeQueries(
  dialect: Generation,
  snowflakes: readonly Snowflake[],
): readonly string[] {
  const { path, text, list } = queryWords(dialect);
  const groups = Map.groupBy(
    snowflakes,
    ({ cloud, account, region, kind }) => JSON.stringify([cloud, account, region, kind]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return chunks(group.map(({ id }) => id)).map((ids) =>
      [
        `${path("reported.kind")} == ${text(first.kind)}`,
        `${path("reported.id")} in ${list(ids)}`,
        `${path("ancestors.region.reported.id")} == ${text(first.region)}`,
        `${path("ancestors.account.reported.id")} == ${text(first.account)}`,
        `${path("ancestors.cloud.reported.id")} == ${text(first.cloud)}`,
      ].join(" and ")
    );
  });
}

/** The listed node that this is; undefined for any other. */
export function snowflakeKey(node: ActionNode): string | undefined {
  const { cloud, account, region, kind, resource: id } = node;
  if (cloud === undefined || account === undefined || region === undefined) return undefined;
  return keyOf({ cloud, account, region, kind, id });
}

/** Names a listed node. */
export function keyOf({ cloud, account, region, kind, id }: Snowflake): string {
  return JSON.stringify([cloud, account, region, kind, id]);
}

/** Protects a node, whoever protected it before. */
export function protectionOf({ id }: ActionNode, path: string): Decision {
  return { type: "protect", node: id, reason: `It is listed in ${path.slice(-1_000)}` };
}

function chunks(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from(
    { length: Math.ceil(ids.length / IDS) },
    (_, index) => ids.slice(index * IDS, (index + 1) * IDS),
  );
}
