import { schemaFacts, serviceFacts } from "../../../scripts/gen/gcp/facts.ts";
import { problemsOf } from "./validate.ts";

/** An object of an API. */
export type Json = Readonly<Record<string, unknown>>;

/** Where objects of a collection lie. */
export interface Stored {
  readonly service: string;
  readonly collection: string;
  readonly parameters: Readonly<Record<string, string>>;
  raw: Json;
}

/** Hosts that links of objects name. */
const LINK_HOSTS: Readonly<Record<string, string>> = {
  compute: "https://www.googleapis.com/compute/v1/",
  sqladmin: "https://sqladmin.googleapis.com/",
  storage: "https://www.googleapis.com/storage/v1/",
};

/** Services whose operations have a type and a status. */
const WITH_TYPE: ReadonlySet<string> = new Set(["compute", "container", "sqladmin"]);

/** Members that every object has, where its type knows them. */
const CREATED = "2024-03-04T05:06:07.890-08:00";

/** All objects of a simulated Google Cloud. */
export class GoogleState {
  readonly #objects = new Map<string, Stored>();
  readonly #operations = new Map<string, { raw: Json; looks: number }>();
  #ids = 1_000;

  /**
   * Puts an object there; what its type has and is not given, such as id and links, is filled in.
   * @throws Error when it is not as the description has it
   */
  put(
    service: string,
    collection: string,
    parameters: Readonly<Record<string, string>>,
    given: Json,
  ): Json {
    const type = schemaOf(service, collection);
    if (type === "") throw new Error(`no facts of ${service} ${collection}`);
    const members = schemaFacts(service, type) ?? {};
    const names = Object.values(parameters);
    const filled: Record<string, unknown> = {
      id: service === "storage" ? names.at(-1) : String(this.#ids++),
      name: names.at(-1),
      selfLink: linkOf(service, collection, parameters),
      creationTimestamp: CREATED,
      labelFingerprint: fingerprint(given["labels"]),
      ...placesOf(parameters),
    };
    const known = Object.entries(filled).filter(([name]) => Object.hasOwn(members, name));
    const raw = { ...Object.fromEntries(known), ...given };
    const problems = problemsOf(service, raw, type, `${collection} ${names.at(-1)}`);
    if (problems.length > 0) throw new Error(problems.join("; "));
    const path = pathOf(service, collection, parameters);
    this.#objects.set(path, { service, collection, parameters, raw });
    return raw;
  }

  find(
    service: string,
    collection: string,
    parameters: Readonly<Record<string, string>>,
  ): Stored | undefined {
    return this.#objects.get(pathOf(service, collection, parameters));
  }

  remove(stored: Stored): void {
    this.#objects.delete(pathOf(stored.service, stored.collection, stored.parameters));
  }

  /** Objects of collections, in a project or below other parameters. */
  in(
    service: string,
    collections: readonly string[],
    place: Readonly<Record<string, string>>,
  ): readonly Stored[] {
    return [...this.#objects.values()].filter((each) =>
      each.service === service && collections.includes(each.collection) &&
      Object.entries(place).every(([name, value]) => each.parameters[name] === value)
    );
  }

  /** Names of all collections that hold anything. */
  get collections(): readonly string[] {
    return [...new Set([...this.#objects.values()].map(({ collection }) => collection))];
  }

  /** Begins an operation that is done when it is looked at for the second time. */
  begin(service: string, type: string, place: Json, error?: Json): Json {
    const name = `operation-${this.#ids++}`;
    if (!WITH_TYPE.has(service)) return this.#beginNamed(name, place, error);
    const kind = service === "sqladmin" ? "sql#operation" : "compute#operation";
    const own = service === "container" ? { location: "us-east1" } : { kind };
    const raw = { ...own, name, operationType: type, status: "PENDING", ...place };
    const done = error === undefined ? {} : { error: { errors: [error] } };
    this.#operations.set(name, { raw: { ...raw, ...done }, looks: 0 });
    return raw;
  }

  /** Newer APIs: an operation lies below a parent, and says whether it is done. */
  #beginNamed(id: string, { parent = "" }: Json, error?: Json): Json {
    const raw = { name: `${parent}/operations/${id}` };
    this.#operations.set(id, {
      raw: { ...raw, ...(error === undefined ? {} : { error }) },
      looks: 0,
    });
    return raw;
  }

  look(name: string): Json | undefined {
    const known = this.#operations.get(name);
    if (known === undefined) return undefined;
    const { error: _, ...raw } = known.raw;
    if (raw["operationType"] === undefined) {
      return known.looks++ < 1 ? raw : { ...known.raw, done: true };
    }
    return known.looks++ < 1 ? { ...raw, status: "RUNNING" } : { ...known.raw, status: "DONE" };
  }
}

/** Fingerprint of labels: changes with them. */
export function fingerprint(labels: unknown): string {
  return btoa(JSON.stringify(labels ?? {}));
}

/** Link of an object. */
export function linkOf(
  service: string,
  collection: string,
  parameters: Readonly<Record<string, string>>,
): string {
  return `${LINK_HOSTS[service] ?? ""}${pathOf(service, collection, parameters)}`;
}

/** Type of the objects of a collection. */
export function schemaOf(service: string, collection: string): string {
  const { operations } = serviceFacts(service);
  const single = operations[`${collection}.get`] ?? operations[`${collection}.getBillingInfo`];
  const response = single?.response;
  if (response !== undefined) return response;
  const list = operations[`${collection}.list`]?.response ?? "";
  const members = Object.values(schemaFacts(service, list) ?? {});
  return members.find((type) => type.endsWith("[]"))?.slice(0, -2) ?? "";
}

function pathOf(
  service: string,
  collection: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const template = serviceFacts(service).operations[`${collection}.get`]?.path ??
    `${collection}/${Object.keys(parameters).sort().map((name) => `{${name}}`).join("/")}`;
  return template.replaceAll(/\{\+?([^}]+)\}/g, (_, name: string) => parameters[name] ?? "");
}

function placesOf({ project, zone, region }: Readonly<Record<string, string>>): Json {
  const base = `${LINK_HOSTS["compute"]}projects/${project}`;
  return {
    ...(zone === undefined ? {} : { zone: `${base}/zones/${zone}` }),
    ...(region === undefined ? {} : { region: `${base}/regions/${region}` }),
  };
}
