import {
  type CollectContext,
  type NodeInput,
  ScopeFaults,
  type ScopeInput,
  type ScopeWriter,
} from "ckworker";
import type { Region } from "./locations.ts";

interface OpenScope {
  /** Undefined when an interrupted run closed it already. */
  readonly writer: ScopeWriter | undefined;
  readonly faults: ScopeFaults;
}

/** A region that could not be looked at. */
export interface Missing {
  readonly region: Region;
  readonly error: unknown;
}

/** What scopes take of their context. */
export type ScopeContext = Pick<CollectContext<unknown>, "open" | "resumed">;

/**
 * The scopes of one listing in one project. One is of the project itself: it holds what lies in no
 * region, and how the listing as a whole went. Those of regions are opened when something is found
 * there or could not be looked at, so that a project has as many scopes as it has places with anything
 * in them; see `listed` of a region report for the others.
 */
export class ListingScopes {
  readonly #context: ScopeContext;
  readonly #account: string;
  readonly #resource: string;
  readonly #regions = new Map<string, OpenScope>();
  readonly #project: OpenScope;
  readonly #missing = new Map<string, Missing>();
  #whole = true;
  #displaced = false;
  #lost: unknown;

  private constructor(
    context: ScopeContext,
    account: string,
    resource: string,
    project: OpenScope,
  ) {
    this.#context = context;
    this.#account = account;
    this.#resource = resource;
    this.#project = project;
  }

  static async open(
    context: ScopeContext,
    account: string,
    resource: string,
  ): Promise<ListingScopes> {
    const project = await openScope(context, { account, resource });
    return new ListingScopes(context, account, resource, project);
  }

  /** Whether nothing is missing but what was told for single regions. */
  get isWhole(): boolean {
    return this.#whole;
  }

  /** Whether regions without a scope hold nothing. */
  get isEverywhere(): boolean {
    return this.#whole && !this.#displaced;
  }

  /** An object is sent elsewhere than it would be if its region were known. */
  displaced(): void {
    this.#displaced = true;
  }

  /** What made the list as a whole not whole, for those that follow from it. */
  get lostBy(): unknown {
    return this.#lost;
  }

  /** Regions that are missing from the list. */
  get missing(): readonly Missing[] {
    return [...this.#missing.values()];
  }

  /** Sends a node to the scope of its region, or of the project. */
  async send(region: Region | undefined, node: NodeInput): Promise<void> {
    await (await this.#scope(region)).writer?.node(node);
  }

  /** The list is not whole: everywhere, or in one region. */
  async lost(error: unknown, call: string, region?: Region): Promise<void> {
    if (region !== undefined) {
      this.#missing.set(region.name, { region, error });
      return (await this.#scope(region)).faults.lost(error, call);
    }
    this.#lost ??= error;
    this.#whole = false;
    this.#project.faults.lost(error, call);
  }

  /** A value could not be read; the list is whole. */
  async unread(error: unknown, call: string, region: Region | undefined): Promise<void> {
    (await this.#scope(region)).faults.unread(error, call);
  }

  /** Closes all with what came of them; that of the project last, as a sign that all are done. */
  async close(call: string): Promise<void> {
    for (const { writer, faults } of this.#regions.values()) {
      if (!this.#whole) faults.lost(this.#lost, call);
      await writer?.close(faults.result());
    }
    await this.#project.writer?.close(this.#project.faults.result());
  }

  async #scope(region: Region | undefined): Promise<OpenScope> {
    if (region === undefined) return this.#project;
    const known = this.#regions.get(region.name);
    if (known !== undefined) return known;
    const place = { id: region.id, name: region.name };
    const scope = { account: this.#account, region: place, resource: this.#resource };
    const opened = await openScope(this.#context, scope);
    this.#regions.set(region.name, opened);
    return opened;
  }
}

async function openScope(context: ScopeContext, scope: ScopeInput): Promise<OpenScope> {
  const writer = context.resumed(scope) ? undefined : await context.open(scope);
  return { writer, faults: new ScopeFaults() };
}
