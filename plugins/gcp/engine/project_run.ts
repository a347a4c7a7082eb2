import { CkError, type NodeInput, outcomeOf, toScopeFault } from "ckworker";
import pMap from "p-map";
import type { Api } from "../client/api.ts";
import type { Project } from "../projects.ts";
import type { Resource } from "../resource.ts";
import { PROJECT_KIND, SERVICE_KIND, SKU_KIND } from "./base.ts";
import { Gathered } from "./gathered.ts";
import { type Listing, listObjects, takeObjects } from "./listing.ts";
import { knownLists } from "./lists.ts";
import type { Locations } from "./locations.ts";
import { compileNode } from "./node_maker.ts";
import { callName } from "./operations.ts";
import { collectPlaces } from "./place_lists.ts";
import { ProjectTools } from "./project_tools.ts";
import type { RunParts } from "./run_parts.ts";
import { ListingScopes } from "./scopes.ts";

/** Listings of one project at once. */
const AT_ONCE = 4;

/** Collects one project. What fails costs its own scopes. */
export class ProjectRun {
  readonly #project: Project;
  readonly #api: Api;
  readonly #parts: RunParts;
  readonly #gathered: Gathered;
  /** Kinds of which unopened regions hold nothing. */
  readonly #listed: string[] = [];
  #done = 0;

  constructor(project: Project, api: Api, parts: RunParts) {
    this.#project = project;
    this.#api = api;
    this.#parts = parts;
    this.#gathered = new Gathered(parts.all);
  }

  get #id(): string {
    return this.#project.id;
  }

  async collect(): Promise<void> {
    const { context } = this.#parts;
    const { unplaced } = this.#project;
    if (unplaced !== undefined) return await this.#leave(unplaced);
    await this.#account();
    this.#progress("regions");
    const { locations, listed } = await collectPlaces(this.#id, this.#api, this.#parts);
    this.#listed.push(...listed);
    const tools = this.#tools(locations);
    for (const group of this.#groups()) {
      await pMap(group, (resource) => this.#collect(resource, locations, tools), {
        concurrency: AT_ONCE,
      });
    }
    await this.#prices(locations, tools);
    context.regions({ account: this.#id, notEnabled: [], listed: this.#listed });
    this.#api.tell(this.#id);
  }

  /** Nobody knows whether it is asked for: what is known of it stays. */
  async #leave(fault: CkError): Promise<void> {
    const { context } = this.#parts;
    const scope = { account: this.#id, resource: PROJECT_KIND };
    if (context.resumed(scope)) return;
    const writer = await context.open(scope);
    await writer.close({ outcome: outcomeOf(fault), faults: [toScopeFault(fault, "projects")] });
    this.#api.tell(this.#id);
  }

  /** What is listed, what follows from that, and what follows from both. */
  #groups(): readonly (readonly Resource[])[] {
    const listed = this.#parts.resources.filter(({ source }) => source === undefined);
    const isLater = ({ last, under }: Resource) => last === true || under !== undefined;
    return [
      listed.filter((resource) => !isLater(resource)),
      listed.filter(isLater),
      this.#parts.resources.filter(({ source }) => source === "used"),
    ];
  }

  async #account(): Promise<void> {
    const { context, resources, mapper } = this.#parts;
    const scope = { account: this.#id, resource: PROJECT_KIND };
    const resource = resources.find(({ kind }) => kind === PROJECT_KIND);
    if (resource === undefined || context.resumed(scope)) return;
    const writer = await context.open(scope);
    const { raw, fault, id } = this.#project;
    if (fault === undefined) {
      const { node = bare(id), wrong = [] } = compileNode(resource, mapper)(raw, {}) ?? {};
      await writer.node(node);
      return await writer.close(wrong.length === 0 ? {} : { outcome: "partial" });
    }
    const keep = [...mapper.names(PROJECT_KIND), "ctime", "tags"];
    await writer.node({ ...bare(id), keep });
    await writer.close({ outcome: "partial", faults: [toScopeFault(fault, "projects")] });
  }

  async #collect(resource: Resource, locations: Locations, tools: ProjectTools): Promise<void> {
    const { context } = this.#parts;
    const { kind } = resource;
    this.#progress(resource.collector ?? kind);
    if (this.#isDone(resource)) return;
    const users = this.#usersOf(resource);
    // What names them is not listed, so nothing is known of them, either.
    if (resource.source === "used" && users.length === 0) return;
    const { under } = resource;
    if (under !== undefined && this.#gathered.end(under.kind) === undefined) return;
    const call = this.#callOf(resource);
    const scopes = await ListingScopes.open(context, this.#id, kind);
    const listing = this.#listing(resource, scopes, locations, tools);
    const { fault } = locations;
    if (resource.service === "compute" && fault !== undefined) await scopes.lost(fault, call);
    else if (resource.source === "used") await this.#used(listing, users, call);
    else {
      await this.#inherit(scopes, under?.kind, call);
      await listObjects(listing);
    }
    await this.#close(scopes, kind, call);
  }

  async #close(scopes: ListingScopes, kind: string, call: string): Promise<void> {
    await scopes.close(call);
    this.#gathered.ended(kind, scopes);
    if (scopes.isEverywhere) this.#listed.push(kind);
  }

  /** Asks for each object that others named. */
  async #used(listing: Listing, users: readonly string[], call: string): Promise<void> {
    const { resource, scopes, tools, locations } = listing;
    const { signal } = this.#parts.context;
    for (const kind of users) await this.#inherit(scopes, kind, call);
    const found = await pMap(this.#gathered.used(resource.kind), async (link) => {
      try {
        return await tools.object(resource.service, resource.collections, link);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CkError)) throw error;
        const place = /\/((?:zones|regions)\/[^/]+)\//.exec(link)?.[1];
        await scopes.lost(error, call, place === undefined ? undefined : locations.regionAt(place));
        return undefined;
      }
    }, { concurrency: AT_ONCE });
    const [operation = ""] = call.split(":").slice(1);
    await takeObjects(listing, found.filter((each) => each !== undefined), operation);
  }

  /** Where the objects that name others are not known, those are not, either. */
  async #inherit(scopes: ListingScopes, kind: string | undefined, call: string): Promise<void> {
    const end = kind === undefined ? undefined : this.#gathered.end(kind);
    if (end === undefined) return;
    if (!end.isWhole) await scopes.lost(end.lostBy, call);
    for (const { error, region } of end.missing) await scopes.lost(error, call, region);
  }

  /** The prices by which something is paid, and their service. */
  async #prices(locations: Locations, tools: ProjectTools): Promise<void> {
    const { context, resources } = this.#parts;
    const service = resources.find(({ kind }) => kind === SERVICE_KIND);
    const sku = resources.find(({ kind }) => kind === SKU_KIND);
    if (service === undefined || sku === undefined) return;
    const users = resources.filter(({ source, service: of }) =>
      source === "used" && of === "compute"
    ).map(({ kind }) => kind);
    if (users.length === 0) return;
    const call = callName("cloudbilling", "services.skus.list");
    const scopes = await ListingScopes.open(context, this.#id, SERVICE_KIND);
    for (const kind of users) {
      const end = this.#gathered.end(kind);
      // Prices lie in the project, so what is missing anywhere may have used any of them.
      const error = end?.lostBy ?? end?.missing[0]?.error;
      if (error !== undefined) await scopes.lost(error, call);
    }
    try {
      const list = await tools.prices();
      const used = tools.usedPrices;
      if (list !== undefined && used.length > 0) {
        const of = (resource: Resource) => this.#listing(resource, scopes, locations, tools);
        await takeObjects(of(service), [list.service], "services.list");
        await takeObjects(of(sku), used.map(({ raw }) => raw), "services.skus.list");
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof CkError)) throw error;
      await scopes.lost(error, call);
    }
    await scopes.close(call);
  }

  #listing(
    resource: Resource,
    scopes: ListingScopes,
    locations: Locations,
    tools: ProjectTools,
  ): Listing {
    const { context: { signal }, mapper } = this.#parts;
    return {
      resource,
      scopes,
      locations,
      tools,
      signal,
      project: this.#id,
      api: this.#api,
      gathered: this.#gathered,
      make: compileNode(resource, mapper),
    };
  }

  #tools(locations: Locations): ProjectTools {
    return new ProjectTools({
      project: this.#id,
      api: this.#api,
      locations,
      gathered: this.#gathered,
      prices: () => this.#parts.prices(this.#api),
    });
  }

  /** Collected kinds that name objects of this one. */
  #usersOf({ kind }: Resource): readonly string[] {
    return this.#parts.resources.filter(({ uses = {} }) => Object.hasOwn(uses, kind))
      .map((each) => each.kind);
  }

  /** An interrupted run closed it, and nothing else follows from it. */
  #isDone({ kind, uses, balances, attach, source }: Resource): boolean {
    const { context, resources } = this.#parts;
    const leads = uses !== undefined || balances === true || source === "used" ||
      attach !== undefined || resources.some(({ under }) => under?.kind === kind);
    return !leads && context.resumed({ account: this.#id, resource: kind });
  }

  #callOf(resource: Resource): string {
    const { service, collections, source } = resource;
    if (source === "used") return callName(service, `${collections[0]}.get`);
    const [first] = knownLists(resource, this.#api.operations);
    return callName(service, first?.operation ?? "");
  }

  #progress(label: string): void {
    const total = this.#parts.resources.length + 1;
    this.#parts.context.progress(this.#id, Math.min(this.#done++, total), total, label);
  }
}

/** A project of which nothing but its id is known. */
function bare(project: string): NodeInput {
  return { kind: PROJECT_KIND, id: project, name: project, reported: {} };
}
