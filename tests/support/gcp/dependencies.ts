import type { GoogleState, Stored } from "./google_state.ts";

/** Objects that may be deleted whatever names them. */
const FREE: ReadonlySet<string> = new Set(["instances", "snapshots", "images"]);
/** Objects that name others and do not need them. */
const LOOSE: ReadonlySet<string> = new Set([
  "snapshots",
  "images",
  "machineImages",
  "zoneOperations",
  "globalOperations",
]);

/** Links of the objects that need this one, as Google finds them before a delete. */
export function usersOf(state: GoogleState, stored: Stored): readonly string[] {
  if (stored.service !== "compute" || FREE.has(stored.collection)) return [];
  const link = String(stored.raw["selfLink"]);
  const others = state.in("compute", state.collections, {})
    .filter((each) => each !== stored && !LOOSE.has(each.collection));
  return others.filter(({ raw, collection }) => {
    const { users: _, usedBy: __, ...needed } = raw;
    // What a manager made goes with it.
    const isOwn = /anceGroupManagers$/.test(stored.collection) && /nstanceGroups$/.test(collection);
    return !isOwn && JSON.stringify(needed).includes(`"${link}"`);
  }).map(({ raw }) => String(raw["selfLink"]));
}

/** Deletes what goes along: disks of an instance, the group of a manager. */
export function removeWith(state: GoogleState, { collection, raw }: Stored): void {
  const links: unknown[] = collection === "instances"
    ? disksOf(raw).filter(({ autoDelete }) => autoDelete === true).map(({ source }) => source)
    : /nstanceGroupManagers$/.test(collection)
    ? [raw["instanceGroup"]]
    : [];
  const all = state.in("compute", state.collections, {});
  for (const each of all) {
    if (links.includes(each.raw["selfLink"])) state.remove(each);
    else if (collection === "instances") {
      const { users, instances } = each.raw;
      const without = (list: unknown) =>
        Array.isArray(list) ? list.filter((link) => link !== raw["selfLink"]) : list;
      if (users !== undefined) each.raw = { ...each.raw, users: without(users) };
      if (instances !== undefined) each.raw = { ...each.raw, instances: without(instances) };
    }
  }
}

function disksOf(raw: Stored["raw"]): readonly { autoDelete?: unknown; source?: unknown }[] {
  return Array.isArray(raw["disks"]) ? raw["disks"] : [];
}
