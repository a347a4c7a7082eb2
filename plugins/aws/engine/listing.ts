import {
  type CollectContext,
  type NodeInput,
  ScopeFaults,
  type ScopeInput,
  type ScopeWriter,
} from "ckworker";
import pMap from "p-map";
import { type Caller, isCode } from "./caller.ts";
import { CallFault } from "../client/call_fault.ts";
import type { Connection } from "../client/connection.ts";
import type { CompiledChild, CompiledNode, CompiledResource } from "./compile.ts";
import type { EnrichContext, Enriched } from "./enricher.ts";
import { forEach } from "./for_each.ts";
import { compileInput } from "./input.ts";
import { isRaw } from "./mapping.ts";
import { type Subject, texts } from "./path.ts";
import type { Operation, Place, Raw } from "../resource.ts";
import type { Selection } from "./selection.ts";
import type { ServiceName } from "../services.ts";
import { ListingTools, type Once } from "./tools.ts";

/** Pages of one listing that are worked on at once: memory stays small, latency overlaps. */
const PAGES_AT_ONCE = 3;
/** Parents whose children are listed at once. */
const PARENTS_AT_ONCE = 32;

/** What the listings of one region share. */
export interface RegionRun {
  readonly context: Pick<CollectContext<unknown>, "open" | "resumed" | "signal" | "log">;
  readonly place: Place;
  readonly caller: Caller;
  readonly connection: Connection;
  readonly selection: Selection;
  elsewhere(region: string): Connection;
  readonly regionOnce: Once;
  readonly guestOnce: Once;
  /** Set by the first call that finds the whole region out of reach; later listings make none. */
  outOfReach: CallFault | undefined;
}

/**
 * Collects one resource in one region: its nodes, those of its children and companions. Never
 * rejects for a fault of the cloud, which ends in the outcome of its scopes.
 * @throws the signal's reason when the run is stopped
 */
export async function collectResource(resource: CompiledResource, run: RegionRun): Promise<void> {
  const scopes = await Scopes.open(resource, run);
  if (scopes === undefined) return;
  const listing = new Listing(resource, run, scopes);
  try {
    await listing.work();
  } catch (error) {
    run.context.signal.throwIfAborted();
    scopes.lost(resource, error, listing.call);
    if (!(error instanceof CallFault)) logBug(run, resource, error);
  }
  await scopes.close();
}

class Listing {
  /** The list call, for faults that are not those of a call. */
  readonly call: string;
  readonly #resource: CompiledResource;
  readonly #run: RegionRun;
  readonly #scopes: Scopes;
  readonly #tools: ListingTools;
  readonly #service: ServiceName;

  constructor(resource: CompiledResource, run: RegionRun, scopes: Scopes) {
    this.#resource = resource;
    this.#run = run;
    this.#scopes = scopes;
    this.#service = resource.declaration.service;
    this.call = `${this.#service}:${operationsOf(resource)[0]?.operation ?? ""}`;
    this.#tools = new ListingTools({
      place: run.place,
      signal: run.context.signal,
      service: this.#service,
      caller: run.caller,
      connection: run.connection,
      elsewhere: run.elsewhere,
      regionOnce: run.regionOnce,
      guestOnce: run.guestOnce,
      wants: (part) => run.selection.wants(part),
      fault: (error) => scopes.of(resource).faults.unread(error, this.call),
    });
  }

  async work(): Promise<void> {
    if (this.#run.outOfReach !== undefined) throw this.#run.outOfReach;
    try {
      await forEach(operationsOf(this.#resource), (operation) => this.#list(operation));
    } catch (error) {
      if (error instanceof CallFault && error.verdict.region === true) this.#run.outOfReach = error;
      throw error;
    }
    for (const companion of this.#resource.companions) {
      // All at once, so that hooks ask for them together: they are few.
      const raws = await Array.fromAsync(companion.declaration.list.make(this.#tools));
      await this.#take(companion, raws.map((raw) => ({ raw, key: raw })));
    }
  }

  /** Pages are worked on while the next one is on its way. */
  async #list(operation: Operation): Promise<void> {
    const { caller, connection } = this.#run;
    const service = operation.service ?? this.#service;
    const input = compileInput(operation.input)({ raw: {}, key: undefined });
    const working: Promise<void>[] = [];
    try {
      for await (const values of caller.list(connection, operation, service, input)) {
        this.#scopes.of(this.#resource).faults.answered();
        const task = this.#take(this.#resource, values.map((value) => subjectOf(value)));
        // It is awaited later; until then a rejection is nobody's.
        task.catch(() => {});
        working.push(task);
        if (working.length >= PAGES_AT_ONCE) await working.shift();
      }
    } finally {
      await forEach(working, (task) => task);
    }
  }

  /** Enriches and sends structures, then what lies below them. */
  async #take(node: CompiledNode, subjects: readonly Subject[], parent?: NodeInput): Promise<void> {
    const context = this.#enrichContext(node);
    const enriched = await node.enricher.enrich(subjects, context);
    const parents: (readonly [Enriched, NodeInput])[] = [];
    for (const each of enriched) {
      const mapped = this.#map(node, each, parent);
      if (mapped === undefined) continue;
      await this.#send(node, mapped);
      if (node === this.#resource) this.#gather(each.subject);
      if (node.children.length > 0) parents.push([each, mapped]);
    }
    for (const child of node.children) {
      await pMap(parents, ([each, mapped]) => this.#below(child, each, mapped), {
        concurrency: PARENTS_AT_ONCE,
      });
    }
  }

  /** Children of one parent. */
  async #below(child: CompiledChild, { subject }: Enriched, parent: NodeInput): Promise<void> {
    const { within, operation } = child;
    if (within !== undefined) {
      const found = within(subject.raw);
      await this.#take(child, subjectsOf(found, subject.raw), parent);
    }
    if (operation === undefined) return;
    const service = operation.service ?? this.#service;
    const input = compileInput(operation.input)({
      raw: subject.raw,
      key: subject.key,
      parent: subject.raw,
    });
    try {
      const { caller, connection } = this.#run;
      for await (const values of caller.list(connection, operation, service, input)) {
        this.#scopes.of(child).faults.answered();
        await this.#take(child, subjectsOf(values, subject.raw), parent);
      }
    } catch (error) {
      this.#run.context.signal.throwIfAborted();
      const codes = [...(operation.none ?? []), ...(child.declaration.missing ?? [])];
      if (!isCode(error, codes)) {
        this.#scopes.lost(child, error, `${service}:${operation.operation}`);
      }
    }
  }

  #map(
    node: CompiledNode,
    { subject, unknown }: Enriched,
    parent?: NodeInput,
  ): NodeInput | undefined {
    const mapped = node.mapper.map(subject, this.#run.place, unknown);
    if (mapped === undefined) {
      const error = new Error(`a structure of kind ${node.declaration.kind} has no id`);
      this.#scopes.lost(node, error, this.call);
      return undefined;
    }
    if (parent === undefined) return mapped;
    const above = { direction: "from", kind: parent.kind, by: "id", value: parent.id } as const;
    return { ...mapped, edges: [above, ...(mapped.edges ?? [])] };
  }

  async #send(node: CompiledNode, mapped: NodeInput): Promise<void> {
    try {
      await this.#scopes.of(node).writer?.node(mapped);
    } catch (error) {
      this.#run.context.signal.throwIfAborted();
      this.#scopes.lost(node, error, this.call);
    }
  }

  #gather(subject: Subject): void {
    for (const [name, read] of this.#resource.gather) {
      for (const value of texts(read(subject, this.#run.place))) this.#tools.gather(name, value);
    }
  }

  #enrichContext(node: CompiledNode): EnrichContext {
    return {
      service: this.#service,
      tools: this.#tools,
      call: (operation, service, input) =>
        this.#run.caller.call(this.#run.connection, operation, service, input),
      isCode,
      lost: (error) => {
        this.#run.context.signal.throwIfAborted();
        this.#scopes.lost(node, error, this.call);
      },
      unread: (error) => {
        this.#run.context.signal.throwIfAborted();
        this.#scopes.of(node).faults.unread(error, this.call);
        if (!(error instanceof CallFault)) logBug(this.#run, node, error);
      },
    };
  }
}

/** The open scope of a kind, and what went wrong in it. */
interface NodeScope {
  /** Undefined when an interrupted run already closed it. */
  readonly writer: ScopeWriter | undefined;
  readonly faults: ScopeFaults;
}

/**
 * Scopes of one listing: one for what is listed together, and one for each kind that is listed per
 * parent, so that a child list that fails leaves the parents' scope whole.
 */
class Scopes {
  readonly #scopes: ReadonlyMap<CompiledNode, NodeScope>;

  private constructor(scopes: ReadonlyMap<CompiledNode, NodeScope>) {
    this.#scopes = scopes;
  }

  /** Undefined when an interrupted run already closed all of them. */
  static async open(resource: CompiledResource, run: RegionRun): Promise<Scopes | undefined> {
    const scopes = new Map<CompiledNode, NodeScope>();
    await openScope(resource, run, scopes);
    const all = [...scopes.values()];
    return all.every(({ writer }) => writer === undefined) ? undefined : new Scopes(scopes);
  }

  of(node: CompiledNode): NodeScope {
    const scope = this.#scopes.get(node);
    if (scope === undefined) throw new Error(`no scope for ${node.declaration.kind}`);
    return scope;
  }

  /** The list of a kind is not whole, so neither is what lies below it. */
  lost(node: CompiledNode, error: unknown, call: string): void {
    const { faults } = this.of(node);
    faults.lost(error, call);
    for (const child of node.children) {
      if (this.of(child) === this.of(node)) continue;
      if (faults.isAnswered) this.of(child).faults.answered();
      this.lost(child, error, call);
    }
  }

  async close(): Promise<void> {
    for (const { writer, faults } of new Set(this.#scopes.values())) {
      await writer?.close(faults.result());
    }
  }
}

async function openScope(
  resource: CompiledResource,
  run: RegionRun,
  scopes: Map<CompiledNode, NodeScope>,
): Promise<void> {
  const visit = async (node: CompiledNode, above: NodeScope | undefined) => {
    const scope = above ?? await openOne(node, run);
    scopes.set(node, scope);
    for (const child of node.children) {
      await visit(child, child.operation === undefined ? scope : undefined);
    }
    return scope;
  };
  const scope = await visit(resource, undefined);
  for (const companion of resource.companions) await visit(companion, scope);
}

async function openOne(node: CompiledNode, run: RegionRun): Promise<NodeScope> {
  const { account, region, regionName } = run.place;
  const input: ScopeInput = {
    account,
    region: { id: region, name: regionName },
    resource: node.declaration.kind,
  };
  const writer = run.context.resumed(input) ? undefined : await run.context.open(input);
  return { writer, faults: new ScopeFaults() };
}

function operationsOf({ declaration }: CompiledResource): readonly Operation[] {
  const { list } = declaration;
  return "operation" in list ? [list] : list;
}

/** Listed names and addresses are structures without members, known by `$key`. */
function subjectOf(value: unknown, parent?: Raw): Subject {
  return {
    raw: isRaw(value) ? value : {},
    key: value,
    ...(parent === undefined ? {} : { parent }),
  };
}

function subjectsOf(found: unknown, parent: Raw): readonly Subject[] {
  return Array.isArray(found) ? found.map((value) => subjectOf(value, parent)) : [];
}

function logBug(run: RegionRun, node: CompiledNode, error: unknown): void {
  const { account, regionName } = run.place;
  run.context.log("error", "aws.resource.failed", `${node.declaration.kind} failed: ${error}`, {
    account,
    region: regionName,
    kind: node.declaration.kind,
    stack: error instanceof Error ? error.stack ?? "" : "",
  });
}
