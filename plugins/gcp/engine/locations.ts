import { textAt } from "ckworker";
import { lastSegment } from "./link.ts";
import type { Raw } from "../raw.ts";
import type { Resource } from "../resource.ts";

/** A region or zone as nodes and scopes have it. */
export interface Region {
  /** Number that Google gives it. */
  readonly id: string;
  readonly name: string;
}

/** A zone and where it lies. */
export interface Zone extends Region {
  readonly region: Region;
}

/** Where an object lies: in a zone, a region, or in the project as a whole. */
export interface Position {
  readonly region?: Region;
  readonly zone?: Zone;
}

/** Regions and zones of a project. */
export class Locations {
  readonly #regions: ReadonlyMap<string, Region>;
  readonly #zones: ReadonlyMap<string, Zone>;
  /** Why they are not known; undefined when they are. */
  readonly fault: unknown;

  constructor(regions: readonly Region[], zones: readonly Zone[], fault?: unknown) {
    this.#regions = new Map(regions.map((each) => [each.name, each]));
    this.#zones = new Map(zones.map((each) => [each.name, each]));
    this.fault = fault;
  }

  get regions(): Iterable<Region> {
    return this.#regions.values();
  }

  region(name: string): Region | undefined {
    return this.#regions.get(name);
  }

  /** Region of a location in an answer, `zones/us-east1-b` or `regions/us-east1`, or its link. */
  regionAt(location: string): Region | undefined {
    const name = lastSegment(location);
    return this.#zones.get(name)?.region ?? this.#regions.get(name);
  }

  /** Where an object lies by what it says; undefined for a place that is not known. */
  of(
    raw: Raw,
    { place = {}, projectLevel }: Pick<Resource, "place" | "projectLevel">,
  ): Position | undefined {
    if (projectLevel === true) return {};
    if (place.location !== undefined) return this.#at(textAt(raw, place.location));
    const zoneName = textAt(raw, place.zone ?? "zone");
    const regionName = textAt(raw, place.region ?? "region");
    if (zoneName !== undefined) {
      const zone = this.#zones.get(lastSegment(zoneName));
      return zone === undefined ? undefined : { zone, region: zone.region };
    }
    if (regionName === undefined) return {};
    const region = this.#regions.get(lastSegment(regionName));
    return region === undefined ? undefined : { region };
  }

  /** Locations such as `global` and `us` are no regions. */
  #at(location = ""): Position | undefined {
    const name = /\/locations\/([^/]+)/.exec(location)?.[1] ?? lastSegment(location);
    const zone = this.#zones.get(name);
    if (zone !== undefined) return { zone, region: zone.region };
    const region = this.#regions.get(name);
    if (region !== undefined) return { region };
    return REGION_OR_ZONE.test(name) ? undefined : {};
  }
}

const REGION_OR_ZONE = /^[a-z]+-[a-z]+\d+(-[a-z])?$/;
