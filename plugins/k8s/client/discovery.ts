import { z } from "zod";
import type { Api } from "../resource.ts";
import { CallFault } from "./call_fault.ts";
import type { Connection } from "./connection.ts";

/** Whether and how a cluster serves a type of objects. */
export type Served =
  | { readonly type: "served"; readonly version: string }
  /** The cluster has no such type. */
  | { readonly type: "missing" }
  /** It cannot be told, or no declared version is served. */
  | { readonly type: "unknown"; readonly error: unknown };

const groupsSchema = z.object({
  kind: z.literal("APIGroupList"),
  groups: z.array(z.object({
    name: z.string(),
    versions: z.array(z.object({ version: z.string() })),
  })),
});
const resourcesSchema = z.object({
  kind: z.literal("APIResourceList"),
  resources: z.array(z.object({ name: z.string(), verbs: z.array(z.string()).default([]) })),
});

type Reach = Pick<Connection, "send" | "account">;

/** Asks a cluster which types it serves; each document once. */
export class Discovery {
  readonly #connection: Reach;
  readonly #signal: AbortSignal;
  #groups: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  readonly #documents = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

  constructor(connection: Reach, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** Looks a type up. Never rejects but for an abort. */
  async find(api: Api): Promise<Served> {
    try {
      return await this.#find(api);
    } catch (error) {
      this.#signal.throwIfAborted();
      // Who may not look still may list: the list itself tells whether there is such a type.
      const [version] = api.versions;
      const isDenied = error instanceof CallFault && error.fault === "access_denied";
      if (isDenied && version !== undefined) return { type: "served", version };
      return { type: "unknown", error };
    }
  }

  async #find(api: Api): Promise<Served> {
    const served = await this.#versions(api.group);
    if (served.length === 0) return { type: "missing" };
    const usable = api.versions.filter((version) => served.includes(version));
    for (const version of usable) {
      const verbs = (await this.#document(api.group, version)).get(api.plural);
      if (verbs?.includes("list") === true) return { type: "served", version };
    }
    return await this.#elsewhere(api, served.filter((version) => !usable.includes(version)));
  }

  /** A type that is served in other versions only exists, but nobody knows its form. */
  async #elsewhere(api: Api, versions: readonly string[]): Promise<Served> {
    for (const version of versions) {
      if (!(await this.#document(api.group, version)).has(api.plural)) continue;
      const answer = {
        status: 200,
        reason: "UnknownVersion",
        message:
          `${api.plural} are served as ${api.group}/${version} only, which is not known here`,
      };
      const place = { call: "discovery", account: this.#connection.account };
      return { type: "unknown", error: new CallFault("request", place, answer) };
    }
    return { type: "missing" };
  }

  async #versions(group: string): Promise<readonly string[]> {
    if (group === "") return ["v1"];
    this.#groups ??= this.#askGroups();
    return (await this.#groups).get(group) ?? [];
  }

  async #askGroups(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { groups } = this.#parse(groupsSchema, await this.#ask("/apis"));
    return new Map(
      groups.map(({ name, versions }) => [name, versions.map(({ version }) => version)]),
    );
  }

  #document(group: string, version: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const known = this.#documents.get(path);
    if (known !== undefined) return known;
    const asked = this.#ask(path).then((answer) => {
      const { resources } = this.#parse(resourcesSchema, answer);
      return new Map(resources.map(({ name, verbs }) => [name, verbs]));
    });
    this.#documents.set(path, asked);
    return asked;
  }

  #ask(path: string): Promise<unknown> {
    const permission = path.startsWith("/apis") ? "get /apis" : "get /api";
    return this.#connection.send({ path, call: "discovery", permission }, this.#signal);
  }

  #parse<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const place = { call: "discovery", account: this.#connection.account };
    const message = "the answer is no list of what the cluster serves";
    throw new CallFault("request", place, { status: 200, reason: "NoDiscovery", message });
  }
}
