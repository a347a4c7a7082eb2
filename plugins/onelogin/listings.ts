import {
  type CollectContext,
  collectListing,
  type Extras,
  type ListingSink,
  type RawRecord,
  type Reference,
} from "ckworker";
import type { OneLoginClient } from "./client/client.ts";
import type { Mappers } from "./mappers.ts";
import type { OneLoginOptions } from "./options.ts";

/** What the listings of one run share. */
export interface OneLoginRun {
  readonly context: CollectContext<OneLoginOptions>;
  readonly client: OneLoginClient;
  readonly mappers: Mappers;
  readonly account: string;
  readonly region: string;
}

/** One list of the API, whose records are nodes of one kind. */
export interface Listing {
  readonly kind: string;
  readonly call: string;
  /** Below the API's version. */
  readonly path: string;
  readonly mapper: keyof Mappers;
}

/** What is collected. */
export const LISTINGS: readonly Listing[] = [
  { kind: "onelogin_group", call: "onelogin:ListGroups", path: "groups", mapper: "group" },
  { kind: "onelogin_role", call: "onelogin:ListRoles", path: "roles", mapper: "role" },
  { kind: "onelogin_user", call: "onelogin:ListUsers", path: "users", mapper: "user" },
];

/** Collects one list. */
export async function collectList(run: OneLoginRun, listing: Listing): Promise<void> {
  const { context, client, mappers, account, region } = run;
  const { kind, call, path, mapper } = listing;
  const scope = { account, region: { id: region, name: region }, resource: kind };
  await collectListing(context, scope, call, async (sink: ListingSink) => {
    let found = 0;
    for await (const page of client.pages(call, path)) {
      found += page.length;
      for (const record of page) {
        await sink.record(mappers[mapper], record, (raw) => edgesOf(kind, raw));
      }
    }
    if (found === 0 && kind === "onelogin_user") {
      context.log("error", "onelogin.users.none", "OneLogin lists no users");
    }
  });
}

/** A user hangs below its group and its roles, too; where these cannot be read, as before. */
function edgesOf(kind: string, record: RawRecord): Extras {
  if (kind !== "onelogin_user") return {};
  const roles = record["role_ids"] ?? record["role_id"] ?? [];
  const ids = [record["group_id"], ...(Array.isArray(roles) ? roles : [roles])];
  if (ids.some((id) => id !== null && id !== undefined && !isId(id))) return { keep: ["$edges"] };
  const [group, ...others] = ids;
  return { edges: [...from("onelogin_group", [group]), ...from("onelogin_role", others)] };
}

function from(kind: string, ids: readonly unknown[]): readonly Reference[] {
  return ids.filter(isId).map((id) => ({ direction: "from", kind, by: "id", value: String(id) }));
}

function isId(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
}
