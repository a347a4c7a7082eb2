import { z } from "zod";
import { PluginError } from "../errors/mod.ts";
import { type ScopeKey, type ScopeResult, scopeText } from "../model/mod.ts";
import type { NodeInput, ScopeInput, ScopeWriter } from "./collector.ts";
import { encodeClose, encodeNode, encodeOpen, type OpenScope } from "./encode.ts";
import type { LineStream } from "./line_stream.ts";
import { PARSING, scopeResultSchema } from "./protocol.ts";

const NO_REGION = { id: "", name: "" } as const;

/** Numbers the scopes of one guest and sees to it that each is opened and closed once. */
export class Scopes {
  readonly #cloud: string;
  readonly #lines: LineStream;
  readonly #opened = new Set<string>();
  readonly #open = new Map<number, string>();

  constructor(cloud: string, lines: LineStream) {
    this.#cloud = cloud;
    this.#lines = lines;
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
    await this.#lines.write(encodeOpen({ ...key, number, region }));
    return new Writer({ ...key, number, region }, text, this.#lines, () => {
      this.#open.delete(number);
    });
  }
}

class Writer implements ScopeWriter {
  readonly #scope: OpenScope;
  readonly #text: string;
  readonly #lines: LineStream;
  readonly #closed: () => void;
  #isOpen = true;

  constructor(scope: OpenScope, text: string, lines: LineStream, closed: () => void) {
    this.#scope = scope;
    this.#text = text;
    this.#lines = lines;
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
    await this.#lines.write(encodeClose(this.#scope.number, { outcome, faults }));
  }
}

function fault(scope: string, what: string): PluginError {
  return new PluginError(`Scope "${scope}" ${what}`);
}
