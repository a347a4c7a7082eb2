import { CallFault } from "ckworker";
import type { Api } from "../client/api.ts";
import { NOT_FOUND } from "../client/judge.ts";
import type { PriceList, Sku } from "../hooks/price_list.ts";
import type { Raw } from "../raw.ts";
import type { ServiceName } from "../services.ts";
import { findOperation } from "./find_operation.ts";
import { resourcePath } from "./link.ts";
import type { Locations } from "./locations.ts";
import type { Gathered } from "./gathered.ts";
import type { Tools } from "./tools.ts";

/** What the tools of a project are made of. */
export interface ToolParts {
  readonly project: string;
  readonly api: Api;
  readonly locations: Locations;
  readonly prices: () => Promise<PriceList | undefined>;
  /** What listings left; undefined where nothing is listed. */
  readonly gathered?: Gathered;
}

/** The tools of one project. */
export class ProjectTools implements Tools {
  readonly project: string;
  readonly api: Api;
  readonly #parts: ToolParts;
  readonly #objects = new Map<string, Promise<Raw | undefined>>();
  readonly #used = new Map<string, Sku>();
  #prices: Promise<PriceList | undefined> | undefined;

  constructor(parts: ToolParts) {
    this.#parts = parts;
    this.project = parts.project;
    this.api = parts.api;
  }

  /** Prices by which something of the project is paid. */
  get usedPrices(): readonly Sku[] {
    return [...this.#used.values()];
  }

  async object(
    service: ServiceName,
    collections: readonly string[],
    link: string,
  ): Promise<Raw | undefined> {
    const key = resourcePath(link);
    let found = this.#objects.get(key);
    if (found === undefined) {
      found = this.#get(service, collections, link);
      this.#objects.set(key, found);
    }
    return await found;
  }

  regionOf(raw: Raw): string | undefined {
    return this.#parts.locations.of(raw, {})?.region?.name;
  }

  async prices(): Promise<PriceList | undefined> {
    return await (this.#prices ??= this.#parts.prices());
  }

  instancesBehind(links: readonly string[]): readonly string[] | undefined {
    return this.#parts.gathered?.instancesBehind(links);
  }

  note(topic: string, value: string): void {
    this.#parts.gathered?.note(topic, value);
  }

  noted(topic: string, kind: string): ReadonlySet<string> | undefined {
    return this.#parts.gathered?.noted(topic, kind);
  }

  usePrices(skus: readonly Sku[]): void {
    for (const sku of skus) this.#used.set(sku.link, sku);
  }

  async #get(
    service: ServiceName,
    collections: readonly string[],
    link: string,
  ): Promise<Raw | undefined> {
    const found = findOperation(this.api.operations, service, collections, "get", link);
    if (found === undefined) return undefined;
    try {
      return await this.api.call(service, found.operation, found.parameters);
    } catch (error) {
      if (error instanceof CallFault && error.verdict.code === NOT_FOUND) return undefined;
      throw error;
    }
  }
}
