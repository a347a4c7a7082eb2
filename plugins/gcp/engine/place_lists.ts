import { CkError, isRecord, listAt, recordsAt, textAt } from "ckworker";
import type { Api } from "../client/api.ts";
import { wants } from "./selection.ts";
import type { Raw } from "../raw.ts";
import type { Resource } from "../resource.ts";
import { missingFrom } from "./answer_faults.ts";
import { QUOTA_KIND, REGION_KIND, ZONE_KIND } from "./base.ts";
import { Locations, type Region, type Zone } from "./locations.ts";
import { lastSegment } from "./link.ts";
import { compileNode } from "./node_maker.ts";
import { callName } from "./operations.ts";
import type { RunParts } from "./run_parts.ts";
import { ListingScopes } from "./scopes.ts";

/** Regions and zones of a project, and which of the two were listed whole. */
export interface FoundPlaces {
  readonly locations: Locations;
  readonly listed: readonly string[];
}

/** A list that was read to its end, or as far as it went. */
interface PlaceList {
  readonly raws: readonly Raw[];
  readonly fault: unknown;
}

/** Collects regions with their quotas, and zones: the places of everything else. */
export async function collectPlaces(
  project: string,
  api: Api,
  parts: RunParts,
): Promise<FoundPlaces> {
  const { context } = parts;
  const [region, zone] = [resourceOf(REGION_KIND, parts), resourceOf(ZONE_KIND, parts)];
  const regions = await readList(project, api, "regions.list", context.signal);
  const zones = regions.fault === undefined
    ? await readList(project, api, "zones.list", context.signal)
    : { raws: [], fault: regions.fault };
  const found = regions.raws.flatMap((raw) => placeOf(raw) ?? []);
  const byName = new Map(found.map((each) => [each.name, each]));
  const locations = new Locations(
    found,
    zones.raws.flatMap((raw) => zoneOf(raw, byName) ?? []),
    zones.fault,
  );
  await sendRegions(project, regions, region, parts);
  const isWhole = await sendZones(project, { regions, zones }, zone, locations, parts);
  return { locations, listed: isWhole ? [ZONE_KIND] : [] };
}

async function sendRegions(
  project: string,
  { raws, fault }: PlaceList,
  resource: Resource,
  { context, mapper }: RunParts,
): Promise<void> {
  const call = callName("compute", "regions.list");
  const make = compileNode(resource, mapper);
  const scopes = await ListingScopes.open(context, project, REGION_KIND);
  if (fault !== undefined) await scopes.lost(fault, call);
  for (const raw of raws) {
    const made = make(raw, {});
    if (made === undefined || placeOf(raw) === undefined) {
      await scopes.lost(new CkError("gcp.object", "a region has no id or name"), call);
      continue;
    }
    if (made.wrong.length > 0) await scopes.unread(wrong(made.wrong), call, undefined);
    await scopes.send(undefined, made.node);
  }
  await scopes.close(call);
}

/** Zones and quotas lie in the region's scope, so that both are told by one. */
async function sendZones(
  project: string,
  { regions, zones }: { readonly regions: PlaceList; readonly zones: PlaceList },
  resource: Resource,
  locations: Locations,
  { context, mapper }: RunParts,
): Promise<boolean> {
  const call = callName("compute", "zones.list");
  const make = compileNode(resource, mapper);
  const scopes = await ListingScopes.open(context, project, ZONE_KIND);
  if (zones.fault !== undefined) await scopes.lost(zones.fault, call);
  for (const raw of zones.raws) {
    const position = locations.of(raw, { place: { zone: "name" } });
    const made = position === undefined ? undefined : make(raw, {});
    if (made === undefined) {
      await scopes.lost(new CkError("gcp.object", "a zone has no id, name or region"), call);
      continue;
    }
    if (made.wrong.length > 0) await scopes.unread(wrong(made.wrong), call, position?.region);
    await scopes.send(position?.region, made.node);
  }
  if (wants(context.options, "quotas")) {
    for (const raw of regions.raws) await sendQuotas(raw, scopes);
  }
  await scopes.close(call);
  return scopes.isWhole;
}

async function sendQuotas(raw: Raw, scopes: ListingScopes): Promise<void> {
  const region = placeOf(raw);
  const created = textAt(raw, "creationTimestamp");
  for (const quota of recordsAt(raw, "quotas")) {
    const metric = textAt(quota, "metric");
    if (metric === undefined) continue;
    const { limit, usage } = quota;
    await scopes.send(region, {
      kind: QUOTA_KIND,
      id: metric,
      name: metric,
      phantom: true,
      reported: {
        tags: {},
        ...(created === undefined ? {} : { ctime: new Date(created) }),
        ...(typeof limit === "number" ? { quota: limit } : {}),
        ...(typeof usage === "number" ? { usage } : {}),
      },
    });
  }
}

async function readList(
  project: string,
  api: Api,
  operation: string,
  signal: AbortSignal,
): Promise<PlaceList> {
  const raws = new Map<string, Raw>();
  try {
    for await (const answer of api.pages("compute", operation, { project })) {
      const [missing] = missingFrom(answer);
      if (missing !== undefined) return { raws: [...raws.values()], fault: missing.error };
      for (const raw of listAt(answer, "items")) {
        if (isRecord(raw)) raws.set(textAt(raw, "name") ?? "", raw);
        else throw new CkError("gcp.object", `an object of ${operation} is none`);
      }
    }
    return { raws: [...raws.values()], fault: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    return { raws: [...raws.values()], fault: error };
  }
}

function placeOf(raw: Raw): Region | undefined {
  const [id, name] = [textAt(raw, "id"), textAt(raw, "name")];
  return id === undefined || name === undefined ? undefined : { id, name };
}

function zoneOf(raw: Raw, regions: ReadonlyMap<string, Region>): Zone | undefined {
  const place = placeOf(raw);
  const region = regions.get(lastSegment(textAt(raw, "region") ?? ""));
  return place === undefined || region === undefined ? undefined : { ...place, region };
}

function resourceOf(kind: string, { all }: RunParts): Resource {
  const found = all.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`${kind} is not declared`);
  return found;
}

function wrong(properties: readonly string[]): CkError {
  return new CkError("gcp.object", `values of another type in ${properties.join(", ")}`);
}
