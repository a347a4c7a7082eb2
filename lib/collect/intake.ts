import { GraphError, SandboxError } from "../errors/mod.ts";
import type { ArrivingNode, Assembler, CloseLine, NodeLine, OpenLine } from "../graph/mod.ts";
import { LineSplitter, parseLine } from "../graph/mod.ts";
import {
  type Kind,
  type KindIndex,
  type Level,
  type Outcome,
  type ScopeFault,
  type ScopeKey,
  scopeText,
} from "../model/mod.ts";
import type { RunWriter, ScopeStats } from "../store/mod.ts";
import { bodyHash } from "./body_hash.ts";
import type { CollectorRequest } from "./request.ts";

/** Id that stands for a missing region or zone in node ids. */
const UNDEFINED = "undefined";

/** What the intake works on; shared by all guests of a run. */
export interface IntakeTargets {
  readonly assembler: Assembler;
  readonly writer: RunWriter;
  readonly kinds: KindIndex;
  /** Scopes opened in this run by any guest, as text. */
  readonly opened: Set<string>;
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Called before a scope is opened. */
  readonly opening: (scope: ScopeKey) => void;
  /** Called at the end of every scope. */
  readonly closed: (
    scope: ScopeKey,
    outcome: Outcome,
    faults: readonly ScopeFault[],
    stats: ScopeStats,
  ) => void;
  /** Called for a line whose node has a number already, with its own number and the node's. */
  readonly shadowed: (shadow: number, seq: number) => void;
  /** Called for a node that was given twice with different content. */
  readonly duplicate: (scope: ScopeKey, kind: string, id: string) => void;
}

/** A kind that the plugin may send. */
interface OwnKind {
  /** Kept, so that not every node brings a text of its own. */
  readonly name: string;
  readonly level: Level | undefined;
}

/** Kinds by name that may be sent for one cloud. */
type OwnKinds = ReadonlyMap<string, OwnKind>;

/** A scope that a guest has open. */
interface OpenScope {
  readonly key: ScopeKey;
  /** Those of its cloud. */
  readonly kinds: OwnKinds;
  readonly regionId: string;
  readonly number: number;
  /** Set when a line of it was refused; what follows is dropped. */
  refused: ScopeFault | undefined;
}

/**
 * Takes the lines of one guest. Nothing in a line is believed: the cloud must be the plugin's or lent
 * to it in this run, the kind one of that cloud, the scope open and this guest's own, the body an object; the host computes every node id. A
 * refused line fails its scope; a line that belongs to no scope fails the guest.
 */
export class Intake {
  readonly #targets: IntakeTargets;
  readonly #plugin: string;
  readonly #kindsOf: ReadonlyMap<string, OwnKinds>;
  readonly #open = new Map<number, OpenScope>();

  constructor(
    { entry, lent }: Pick<CollectorRequest, "entry" | "lent">,
    targets: IntakeTargets,
  ) {
    this.#targets = targets;
    this.#plugin = entry.manifest.name;
    const { kinds } = entry.model;
    const clouds = lent ?? entry.manifest.clouds.map((cloud) => ({ cloud, kinds }));
    this.#kindsOf = new Map(
      clouds.map(({ cloud, kinds }) => [cloud, ownKinds(kinds, targets.kinds)]),
    );
  }

  /**
   * Reads the stream to its end.
   * @throws GraphError or SandboxError when the guest cannot be understood any further
   */
  async consume(lines: ReadableStream<Uint8Array>): Promise<void> {
    const splitter = new LineSplitter();
    for await (const chunk of lines) {
      for (const line of splitter.lines(chunk)) this.#take(parseLine(line));
    }
  }

  /** Ends every scope that is still open, without its lines. */
  abandon(outcome: Outcome, fault: ScopeFault): void {
    for (const scope of this.#open.values()) this.#discard(scope, outcome, scope.refused ?? fault);
    this.#open.clear();
  }

  /** Number of scopes that are open. */
  get openScopes(): number {
    return this.#open.size;
  }

  #take(line: OpenLine | NodeLine | CloseLine): void {
    if (line.type === "node") this.#node(line);
    else if (line.type === "open") this.#openScope(line);
    else this.#close(line);
  }

  #openScope(line: OpenLine): void {
    const text = scopeText(line.key);
    const kinds = this.#kindsOf.get(line.key.cloud);
    if (kinds === undefined) {
      throw this.#breach(`opened a scope of cloud "${line.key.cloud}", which is not its own`);
    }
    if (this.#open.has(line.scope) || this.#targets.opened.has(text)) {
      throw this.#breach(`opened the scope ${text} twice`);
    }
    this.#targets.opened.add(text);
    this.#targets.opening(line.key);
    this.#open.set(line.scope, {
      key: line.key,
      kinds,
      regionId: line.regionId === "" ? UNDEFINED : line.regionId,
      number: this.#targets.writer.open(line.key, line.regionId),
      refused: undefined,
    });
  }

  #node(line: NodeLine): void {
    const scope = this.#scope(line.scope);
    if (scope.refused !== undefined) return;
    try {
      this.#stage(scope, line);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      scope.refused = fault(this.#plugin, error);
    }
  }

  #stage(scope: OpenScope, line: NodeLine): void {
    const kind = scope.kinds.get(line.kind);
    if (kind === undefined) {
      throw new GraphError("unknown_kind", `Kind "${line.kind}" is not in the plugin's model`);
    }
    const node = arriving(scope, kind, line);
    const added = this.#targets.assembler.add(node);
    if (added.duplicate === "different") {
      this.#targets.duplicate(scope.key, line.kind, line.id);
    }
    if (added.shadow !== undefined) this.#targets.shadowed(added.shadow, added.seq);
    this.#targets.writer.stage(scope.number, {
      seq: added.shadow ?? added.seq,
      nodeId: added.nodeId,
      kind: node.kind,
      cloud: node.cloud,
      account: node.account,
      region: node.region,
      zone: node.zone,
      id: node.id,
      name: node.name,
      extras: node.extras,
      body: line.body,
    });
  }

  #close(line: CloseLine): void {
    const scope = this.#scope(line.scope);
    this.#open.delete(line.scope);
    if (scope.refused !== undefined) return this.#discard(scope, "failed", scope.refused);
    const { writer, closed, redact } = this.#targets;
    const faults = line.faults.map((each) => ({ ...each, message: redact(each.message) }));
    try {
      const stats = writer.close(scope.number, line.outcome, faults);
      closed(scope.key, line.outcome, faults, stats);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      this.#discard(scope, "failed", fault(this.#plugin, error));
    }
  }

  #discard(scope: OpenScope, outcome: Outcome, because: ScopeFault): void {
    const faults = [because];
    const stats = this.#targets.writer.discard(scope.number, outcome, faults);
    this.#targets.closed(scope.key, outcome, faults, stats);
  }

  #scope(number: number): OpenScope {
    const scope = this.#open.get(number);
    if (scope === undefined) throw this.#breach("sent a line of a scope that is not open");
    return scope;
  }

  #breach(what: string): SandboxError {
    return new SandboxError("protocol", `Plugin "${this.#plugin}" ${what}`, {
      context: { plugin: this.#plugin },
      hint: "Its open scopes keep their last good data; report this to the plugin's author.",
    });
  }
}

/** Kinds of which there are nodes. */
function ownKinds(kinds: readonly Kind[], all: KindIndex): OwnKinds {
  return new Map(
    kinds.filter((kind) => kind.nested !== true)
      .map(({ name }) => [name, { name, level: all.level(name) }]),
  );
}

/** A node with its place: an account, region or zone node is its own location at its level. */
function arriving(scope: OpenScope, { name: kind, level }: OwnKind, line: NodeLine): ArrivingNode {
  if (!isOwnLocation(level, scope, line)) {
    throw new GraphError("foreign_node", `A node of kind "${kind}" is not of its scope`);
  }
  return {
    kind,
    cloud: scope.key.cloud,
    account: level === "account" ? line.id : scope.key.account,
    region: level === "region" ? line.id : scope.regionId,
    regionName: level === "region" ? line.name : scope.key.region,
    zone: level === "zone" ? line.id : line.extras.z ?? UNDEFINED,
    id: line.id,
    name: line.name,
    extras: line.extras,
    bodyHash: bodyHash(line.body),
  };
}

/**
 * An account node must be the account of its scope, a region node its region, unless the scope lies
 * above them; the node of a cloud is the host's.
 */
function isOwnLocation(level: Level | undefined, scope: OpenScope, line: NodeLine): boolean {
  const { account, region } = scope.key;
  if (level === "cloud") return false;
  if (level === "account") return account === "" || line.id === account;
  if (level !== "region" || region === "") return true;
  return line.id === scope.regionId && line.name === region;
}

/** A fault of the guest itself, in the form of the ledger. */
export function fault(plugin: string, error: Error & { readonly code?: string }): ScopeFault {
  return {
    call: `${plugin}:guest`,
    code: error.code ?? error.name,
    message: error.message.replaceAll(/\s+/g, " "),
    count: 1,
  };
}
