import { z } from "zod";
import { PluginError } from "../errors/mod.ts";
import { isConclusive, type ScopeKey, type ScopeResult, scopeText } from "../model/mod.ts";
import type { NodeInput, ScopeInput, ScopeWriter } from "./collector.ts";
import { encodeClose, encodeNode, encodeOpen, type OpenScope } from "./encode.ts";
import type { LineStream } from "./line_stream.ts";
import { PARSING, scopeResultSchema } from "./protocol.ts";

const NO_REGION = { id: "", name: "" } as const;

/** Where lines go. */
type Lines = Pick<LineStream, "write">;

/** What a guest's scopes are made of. */
export interface ScopesOptions {
  /** Cloud of the scopes that name none. */
  readonly cloud: string;
  readonly lines: Lines;
  /** Scopes that an interrupted run closed. */
  readonly resumed: readonly ScopeKey[];
  /** Aborted when the guest is asked to stop. */
  readonly signal: AbortSignal;
}

/** Lines of a resumed scope, which the host has already. */
const NOWHERE: Lines = { write: () => Promise.resolve() };

/** Numbers the scopes of one guest and sees to it that each is opened and closed once. */
export class Scopes {
  readonly #cloud: string;
  readonly #lines: Lines;
  readonly #resumed: ReadonlySet<string>;
  readonly #signal: AbortSignal;
  readonly #opened = new Set<string>();
  readonly #open = new Map<number, string>();

  constructor({ cloud, lines, resumed, signal }: ScopesOptions) {
    this.#cloud = cloud;
    this.#lines = lines;
    this.#resumed = new Set(resumed.map(scopeText));
    this.#signal = signal;
  }

  /** Keys of the scopes that are open, as text. */
  get open(): readonly string[] {
    return [...this.#open.values()];
  }

  /** Key of a scope with its default cloud. */
  key(input: ScopeInput): ScopeKey {
    return {
      cloud: input.cloud ?? this.#cloud,
      account: input.account,
      region: input.region?.name ?? "",
      resource: input.resource,
    };
  }

  /** Whether an interrupted run closed it; what a collector sends of it all the same goes nowhere. */
  resumed(input: ScopeInput): boolean {
    return this.#resumed.has(scopeText(this.key(input)));
  }

  /** @throws PluginError for a scope without resource, a half named region, or a second opening */
  async start(input: ScopeInput): Promise<ScopeWriter> {
    const key = this.key(input);
    const text = scopeText(key);
    const region = input.region ?? NO_REGION;
    if (key.cloud === "" || key.resource === "") throw fault(text, "needs a cloud and a resource");
    if (input.region !== undefined && (region.id === "" || region.name === "")) {
      throw fault(text, "names a region without id or name");
    }
    if (this.#opened.has(text)) throw fault(text, "was opened before");
    const number = this.#opened.size + 1;
    this.#opened.add(text);
    this.#open.set(number, text);
    const lines = this.#resumed.has(text) ? NOWHERE : this.#lines;
    await lines.write(encodeOpen({ ...key, number, region }));
    return new Writer({ ...key, number, region }, text, lines, this.#signal, () => {
      this.#open.delete(number);
    });
  }
}

class Writer implements ScopeWriter {
  readonly #scope: OpenScope;
  readonly #text: string;
  readonly #lines: Lines;
  readonly #signal: AbortSignal;
  readonly #closed: () => void;
  #isOpen = true;

  constructor(
    scope: OpenScope,
    text: string,
    lines: Lines,
    signal: AbortSignal,
    closed: () => void,
  ) {
    this.#scope = scope;
    this.#text = text;
    this.#lines = lines;
    this.#signal = signal;
    this.#closed = closed;
  }

  async node(node: NodeInput): Promise<void> {
    if (!this.#isOpen) throw fault(this.#text, `got node "${node.id}" after it was closed`);
    await this.#lines.write(encodeNode(this.#scope.number, node));
  }

  async close(result: Partial<ScopeResult> = {}): Promise<void> {
    if (!this.#isOpen) throw fault(this.#text, "was closed before");
    const { outcome = "complete", faults = [] } = result;
    const { error } = scopeResultSchema.safeParse({ outcome, faults }, PARSING);
    if (error !== undefined) {
      throw fault(this.#text, `got a result of wrong form: ${z.prettifyError(error)}`);
    }
    this.#isOpen = false;
    this.#closed();
    await this.#lines.write(encodeClose(this.#scope.number, this.#believed({ outcome, faults })));
  }

  /** A collector that was stopped may have left its loop early: nobody knows what it did not list. */
  #believed(result: ScopeResult): ScopeResult {
    const doubted = this.#signal.aborted && isConclusive(result.outcome);
    return doubted ? { ...result, outcome: "cancelled" } : result;
  }
}

function fault(scope: string, what: string): PluginError {
  return new PluginError(`Scope "${scope}" ${what}`);
}
