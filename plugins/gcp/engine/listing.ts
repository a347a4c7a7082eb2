import { CallFault, CkError, CloudError, isRecord, listAt, textAt } from "ckworker";
import pMap from "p-map";
import type { Api } from "../client/api.ts";
import type { Raw } from "../raw.ts";
import type { ListCall, Resource } from "../resource.ts";
import { missingFrom, warningOf } from "./answer_faults.ts";
import type { Gathered, Parent } from "./gathered.ts";
import { isByRegion, knownLists, parametersOf } from "./lists.ts";
import type { Locations, Position } from "./locations.ts";
import type { Make } from "./node_maker.ts";
import { callName } from "./operations.ts";
import { listRegions } from "./region_lists.ts";
import type { ListingScopes } from "./scopes.ts";
import type { Tools } from "./tools.ts";

/** Calls for single objects of a page at once. */
const ATTACH_AT_ONCE = 8;

/** One listing of one project. */
export interface Listing {
  readonly resource: Resource;
  readonly project: string;
  readonly api: Api;
  readonly scopes: ListingScopes;
  readonly locations: Locations;
  readonly make: Make;
  readonly tools: Tools;
  readonly gathered: Gathered;
  readonly signal: AbortSignal;
}

/** Objects of one answer that lie at one place. */
interface Batch {
  readonly raws: readonly unknown[];
}

/** Lists all objects of a kind. What fails is told to the scopes, which stay open. */
export async function listObjects(listing: Listing): Promise<void> {
  const { resource, api, gathered } = listing;
  const seen = new Set<string>();
  for (const call of knownLists(resource, api.operations)) {
    const { under } = resource;
    if (isByRegion(call)) {
      await listByRegion(listing, call, seen);
      continue;
    }
    if (under === undefined) {
      await listAll(listing, call, parametersOf(call, listing.project), seen);
      continue;
    }
    for (const parent of gathered.parents(under.kind)) {
      const own = Object.entries(under.parameters)
        .map(([name, path]) => [name, textAt(parent.raw, path) ?? ""]);
      const parameters = { ...parametersOf(call, listing.project), ...Object.fromEntries(own) };
      await listAll(listing, call, parameters, seen, parent);
    }
  }
}

/** Takes objects that came one by one. */
export async function takeObjects(
  listing: Listing,
  raws: readonly unknown[],
  operation: string,
): Promise<void> {
  await takeAll(listing, { raws }, operation, new Set());
}

async function listByRegion(listing: Listing, call: ListCall, seen: Set<string>): Promise<void> {
  const { resource: { service }, project, api, scopes, locations } = listing;
  const { operation } = call;
  const list = (region: string) =>
    tryList(listing, call, parametersOf(call, project, region), seen);
  await listRegions({ service, operation, api, scopes, locations, list });
}

async function listAll(
  listing: Listing,
  call: ListCall,
  parameters: Readonly<Record<string, string>>,
  seen: Set<string>,
  parent?: Parent,
): Promise<void> {
  const { resource: { service }, scopes } = listing;
  const error = await tryList(listing, call, parameters, seen, parent);
  if (error === undefined) return;
  await scopes.lost(error, callName(service, call.operation), parent?.position.region);
}

/** @returns what it failed with */
async function tryList(
  listing: Listing,
  list: ListCall,
  parameters: Readonly<Record<string, string>>,
  seen: Set<string>,
  parent?: Parent,
): Promise<CkError | undefined> {
  const { resource: { service }, api, signal } = listing;
  const { operation } = list;
  const call = callName(service, operation);
  try {
    for await (const answer of api.pages(service, operation, parameters)) {
      await tellMissing(listing, answer, call);
      for (const batch of await batchesOf(listing, answer, list)) {
        await takeAll(listing, batch, operation, seen, parent);
      }
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    return error;
  }
}

async function tellMissing(listing: Listing, answer: Raw, call: string): Promise<void> {
  const { scopes, locations } = listing;
  for (const { location, error } of missingFrom(answer)) {
    const region = location === undefined ? undefined : locations.regionAt(location);
    await scopes.lost(error, call, region);
  }
}

/** Objects of an answer: a list, one for each location, or the answer itself. */
async function batchesOf(
  listing: Listing,
  answer: Raw,
  { operation, single }: ListCall,
): Promise<readonly Batch[]> {
  if (single === true) return [{ raws: [answer] }];
  const { resource: { service }, api, scopes, locations } = listing;
  const { items = "items", inner } = api.operations.require(service, operation);
  const call = callName(service, operation);
  const found = answer[items];
  if (inner === undefined) {
    if (found !== undefined && !Array.isArray(found)) await scopes.lost(noList(call), call);
    return [{ raws: listAt(answer, items) }];
  }
  if (found !== undefined && !isRecord(found)) await scopes.lost(noList(call), call);
  const batches: Batch[] = [];
  for (const [location, value] of Object.entries(isRecord(found) ? found : {})) {
    if (!isRecord(value)) {
      await scopes.lost(noList(call), call);
      continue;
    }
    const warning = warningOf(value);
    if (warning !== undefined) await scopes.lost(warning, call, locations.regionAt(location));
    batches.push({ raws: listAt(value, inner) });
  }
  return batches;
}

async function takeAll(
  listing: Listing,
  { raws }: Batch,
  operation: string,
  seen: Set<string>,
  parent?: Parent,
): Promise<void> {
  const { resource: { service }, scopes } = listing;
  const call = callName(service, operation);
  const own = parent === undefined ? {} : { $parent: parent.link };
  const objects = raws.filter(isRecord).map((raw): Raw => ({ ...raw, ...own }));
  if (objects.length < raws.length) await scopes.lost(badObject(listing.resource), call);
  const attached = await pMap(objects, (raw) => attach(listing, raw), {
    concurrency: ATTACH_AT_ONCE,
  });
  for (const each of attached) await take(listing, each, call, seen, parent?.position);
}

/** An object with what calls of its own found, and what they could not find. */
interface Attached {
  readonly raw: Raw;
  readonly unknown: readonly string[];
  readonly error?: unknown;
}

async function attach({ resource, tools, signal }: Listing, raw: Raw): Promise<Attached> {
  if (resource.attach === undefined) return { raw, unknown: [] };
  try {
    return attachedTo(raw, await resource.attach.run(raw, tools));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    const { gives: unknown } = resource.attach;
    // What is not enabled is no fault, neither here nor where it is listed.
    const isOff = error instanceof CallFault && error.outcome === "not_enabled";
    return isOff ? { raw, unknown } : { raw, unknown, error };
  }
}

/** An object with what was found for it. */
export function attachedTo(raw: Raw, more: Raw): Attached {
  const unknown = listAt(more, "$keep").filter((each) => typeof each === "string");
  return { raw: { ...raw, ...more }, unknown };
}

async function take(
  listing: Listing,
  { raw, unknown, error }: Attached,
  call: string,
  seen: Set<string>,
  parent?: Position,
): Promise<void> {
  const { resource, scopes, locations, make, gathered } = listing;
  const position = positionOf(raw, resource, locations, parent);
  if (!("position" in position)) return await scopes.lost(position.error, call);
  const isBelowDisplaced = parent !== undefined && locations.fault !== undefined;
  if (position.isDisplaced === true || isBelowDisplaced) scopes.displaced();
  const made = make(raw, position.position, unknown);
  // Nobody knows which node it is, so none that is absent may count as gone.
  if (made === undefined) return await scopes.lost(badObject(resource), call);
  const { node, wrong } = made;
  const { region } = position.position;
  const key = [region?.name, node.zone, node.id].join("\0");
  if (seen.has(key)) return;
  seen.add(key);
  if (error !== undefined) await scopes.unread(error, call, region);
  if (wrong.length > 0) await scopes.unread(wrongValues(resource, wrong), call, region);
  await scopes.send(region, node);
  gathered.add(resource, raw, made, position.position);
  if (unknown.includes("$edges")) gathered.missed(resource.kind);
}

type Placed =
  | { readonly position: Position; readonly isDisplaced?: true }
  | { readonly error: unknown };

/**
 * Where an object lies. Where the project has no regions at all, since Compute Engine is not enabled or
 * may not be asked, it lies in the project.
 */
function positionOf(
  raw: Raw,
  resource: Resource,
  locations: Locations,
  parent: Position | undefined,
): Placed {
  const found = locations.of(raw, resource);
  const isSomewhere = found?.region !== undefined;
  if (found !== undefined) return { position: isSomewhere ? found : parent ?? found };
  const { fault } = locations;
  if (fault === undefined) {
    const { location, zone = "zone", region = "region" } = resource.place ?? {};
    const place = [location, zone, region]
      .map((path) => path === undefined ? undefined : textAt(raw, path))
      .find((each) => each !== undefined);
    return { error: new CloudError("request", `the place ${place ?? ""} is in no list of places`) };
  }
  const isWithout = fault instanceof CallFault &&
    (fault.outcome === "not_enabled" || fault.outcome === "denied");
  return isWithout ? { position: parent ?? {}, isDisplaced: true } : { error: fault };
}

function noList(call: string): CloudError {
  return new CloudError("request", `the answer of ${call} is no list`);
}

function badObject({ kind }: Resource): CloudError {
  return new CloudError("request", `an object of the list of ${kind} has no id`);
}

function wrongValues({ kind }: Resource, wrong: readonly string[]): CloudError {
  return new CloudError("request", `${kind} has values of another type in ${wrong.join(", ")}`);
}
