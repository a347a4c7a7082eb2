import { PluginError, type Sensitive } from "ckworker";
import { Enricher } from "./enricher.ts";
import { Deriver, type Mapping } from "./mapping.ts";
import { NodeMapper } from "./node_mapper.ts";
import { compileValue, compileWalk } from "./path.ts";
import type { Child, Companion, NodeDeclaration, Operation, Resource } from "../resource.ts";
import { createRedact, type Redact } from "./sensitive.ts";

/** A kind, ready to work. */
export interface CompiledNode {
  readonly declaration: NodeDeclaration;
  readonly mapper: NodeMapper;
  readonly enricher: Enricher;
  readonly children: readonly CompiledChild[];
}

/** A kind below another one, ready to work. */
export interface CompiledChild extends CompiledNode {
  /** Lists per parent: then the children have a scope of their own. */
  readonly operation?: Operation;
  /** Finds them inside the parent's structure. */
  readonly within?: (raw: unknown) => unknown;
}

/** A kind whose nodes are made once per listing, ready to work. */
export interface CompiledCompanion extends CompiledNode {
  readonly declaration: Companion;
}

/** A listing, ready to work. */
export interface CompiledResource extends CompiledNode {
  readonly declaration: Resource;
  readonly companions: readonly CompiledCompanion[];
  readonly gather: readonly (readonly [name: string, read: ReturnType<typeof compileValue>])[];
}

/** Turns declarations into functions, once per guest. */
export class Compiler {
  readonly #mapping: Mapping;
  readonly #deriver: Deriver;
  readonly #redact: Redact;

  /** @param sensitive what becomes of secrets */
  constructor(mapping: Mapping, sensitive: Sensitive | Redact) {
    this.#mapping = mapping;
    this.#redact = typeof sensitive === "function" ? sensitive : createRedact(sensitive);
    this.#deriver = new Deriver(mapping.structures, this.#redact);
  }

  /** @throws PluginError when the kind is not in the generated mapping */
  resource(declaration: Resource): CompiledResource {
    return {
      ...this.node(declaration),
      declaration,
      companions: (declaration.companions ?? []).map((companion) => ({
        ...this.node(companion),
        declaration: companion,
      })),
      gather: Object.entries(declaration.gather ?? {}).map(([name, value]) =>
        [name, compileValue(value)] as const
      ),
    };
  }

  /** @throws PluginError when the kind is not in the generated mapping */
  node(declaration: NodeDeclaration): CompiledNode {
    const mapping = this.#mapping.kinds[declaration.kind];
    if (mapping === undefined) {
      throw new PluginError(`kind ${declaration.kind} is not in the generated mapping`, {
        hint: "Generate the mapping again.",
      });
    }
    return {
      declaration,
      mapper: new NodeMapper(declaration, mapping, this.#deriver, this.#redact),
      enricher: new Enricher(declaration),
      children: (declaration.children ?? []).map((child) => this.#child(child)),
    };
  }

  #child(child: Child): CompiledChild {
    const node = this.node({ orphan: true, ...child });
    return typeof child.list === "string"
      ? { ...node, within: compileWalk(child.list) }
      : { ...node, operation: child.list };
  }
}
