import type { NodeInput, Reference } from "ckworker";
import { chance } from "./chance.ts";
import { countOf, fateOf, idOf, type Place, type Thing } from "./estate.ts";
import type { RandomOptions } from "./options.ts";

/** No resource is younger, so that the same options make the same cloud at any time. */
const NEWEST_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const OLDEST_DAYS = 900;
const TEAMS = ["blue", "green", "red", "data", "platform", "web", "mobile"] as const;
const STAGES = ["prod", "test", "dev"] as const;
const BACKENDS = 3;

/** One resource while it is made. */
interface Draft {
  readonly options: RandomOptions;
  readonly thing: Thing;
  readonly place: Place;
  readonly number: number;
  readonly changed: boolean;
}

/** The node of a resource; undefined when churn took it away. */
export function resourceNode(
  options: RandomOptions,
  thing: Thing,
  place: Place,
  number: number,
): NodeInput | undefined {
  const fate = fateOf(options, thing, place, number);
  if (fate === "gone") return undefined;
  const draft: Draft = { options, thing, place, number, changed: fate === "changed" };
  const id = idOf(options, thing, place, number);
  const edges = edgesOf(draft);
  return {
    kind: `random_${thing}`,
    id,
    name: `${thing.replaceAll("_", "-")} ${number}`,
    reported: { tags: tagsOf(draft), ...timesOf(draft), ...PROPERTIES[thing](draft) },
    ...(edges.length === 0 ? {} : { edges, orphan: thing !== "load_balancer" }),
  };
}

function draw({ options, thing, place, number }: Draft, what: string): number {
  return chance(options.seed, what, thing, place.account, place.region.id, number);
}

function pick<Value>(draft: Draft, what: string, from: readonly [Value, ...Value[]]): Value {
  return from[draw(draft, what) % from.length] ?? from[0];
}

/** Every fifth misses an owner, every tenth expires. */
function tagsOf(draft: Draft): Record<string, string> {
  const tags: Record<string, string> = { stage: pick(draft, "stage", STAGES) };
  if (draw(draft, "owned") % 5 !== 0) tags["owner"] = pick(draft, "owner", TEAMS);
  if (draw(draft, "expires") % 10 === 0) tags["expiration"] = `${1 + draw(draft, "span") % 60}d`;
  if (draft.changed) tags["changed"] = "yes";
  return tags;
}

function timesOf(draft: Draft) {
  const age = 1 + draw(draft, "age") % OLDEST_DAYS;
  const unused = draw(draft, "unused") % age;
  const at = (days: number) => new Date(NEWEST_MS - days * DAY_MS);
  return { ctime: at(age), mtime: at(unused), atime: at(unused) };
}

/** Properties of each kind beside tags and times. */
const PROPERTIES: Readonly<Record<Thing, (draft: Draft) => Record<string, unknown>>> = {
  network: ({ number }) => ({ random_cidr: `10.${number % 256}.0.0/16` }),
  subnet: () => ({}),
  security_group: () => ({}),
  instance: (draft) => {
    const cores = pick(draft, "cores", [1, 2, 4, 8, 16, 32]);
    return {
      instance_cores: cores,
      instance_memory: cores * 4,
      instance_type: `r1.${cores}`,
      instance_status: pick(draft, "status", ["running", "running", "running", "stopped"]),
    };
  },
  volume: (draft) => ({
    volume_size: pick(draft, "size", [8, 20, 50, 100, 500, 1_000]),
    volume_type: pick(draft, "type", ["ssd", "hdd"]),
    volume_status: hostOf(draft) === undefined ? "available" : "in-use",
    volume_encrypted: draw(draft, "encrypted") % 3 !== 0,
  }),
  snapshot: (draft) => ({
    snapshot_status: "completed",
    volume_size: pick(draft, "size", [8, 20, 50, 100]),
    volume_id: otherId(draft, "volume", "of") ?? "",
    encrypted: draw(draft, "encrypted") % 3 !== 0,
  }),
  load_balancer: (draft) => ({
    lb_type: pick(draft, "type", ["network", "application"]),
    backends: backendsOf(draft),
  }),
  ip_address: (draft) => ({
    ip_address: `198.51.${draw(draft, "ip") % 256}.${draft.number % 256}`,
    ip_address_family: "ipv4",
  }),
  database: (draft) => ({
    db_type: pick(draft, "type", ["postgres", "mysql"]),
    db_status: "available",
    db_version: pick(draft, "version", ["14", "15", "16"]),
    db_publicly_accessible: draw(draft, "public") % 20 === 0,
    volume_size: pick(draft, "size", [20, 100, 500]),
  }),
  bucket: () => ({}),
  user: () => ({}),
};

/** A fifth of all volumes is attached to nothing. */
function hostOf(draft: Draft): string | undefined {
  return draw(draft, "loose") % 5 === 0 ? undefined : otherId(draft, "instance", "host");
}

/** A tenth of all load balancers has no backend. */
function backendsOf(draft: Draft): readonly string[] {
  if (draw(draft, "idle") % 10 === 0) return [];
  const ids = Array.from({ length: BACKENDS }, (_, at) => otherId(draft, "instance", `to ${at}`));
  return [...new Set(ids)].filter((id) => id !== undefined);
}

/** Id of some resource of the same place; undefined when there is none, or churn took it away. */
function otherId(draft: Draft, thing: Thing, what: string): string | undefined {
  const { options, place } = draft;
  const count = countOf(thing, place);
  if (count === 0) return undefined;
  const number = draw(draft, what) % count;
  if (fateOf(options, thing, place, number) === "gone") return undefined;
  return idOf(options, thing, place, number);
}

function edgesOf(draft: Draft): readonly Reference[] {
  const from = (thing: Thing, id: string | undefined): readonly Reference[] =>
    id === undefined ? [] : [{ direction: "from", kind: `random_${thing}`, by: "id", value: id }];
  const some = (thing: Thing) => from(thing, otherId(draft, thing, `in ${thing}`));
  switch (draft.thing) {
    case "subnet":
    case "security_group":
      return some("network");
    case "instance":
      return [...some("subnet"), ...some("security_group")];
    case "database":
      return some("subnet");
    case "volume":
      return from("instance", hostOf(draft));
    case "snapshot":
      return from("volume", otherId(draft, "volume", "of"));
    case "ip_address":
      return some("instance");
    case "load_balancer":
      return backendsOf(draft).map((value) => ({
        direction: "to",
        kind: "random_instance",
        by: "id",
        value,
      }));
    default:
      return [];
  }
}
