import { type ActionNode, readRecord } from "../sdk/mod.ts";
import type { DecidedNode } from "./action_report.ts";

/** What is kept of a node that a plugin has seen. */
export interface ShownNode extends DecidedNode {
  readonly isMarked: boolean;
  readonly isProtected: boolean;
  readonly isPhantom: boolean;
  readonly isCleaned: boolean;
  readonly isStale: boolean;
}

/** The nodes that the queries of a plugin have shown it; about others it decides nothing. */
export class ShownNodes {
  readonly #nodes = new Map<string, ShownNode>();
  /** One text for all nodes of a kind or a place. */
  readonly #texts = new Map<string, string>();

  get(id: string): ShownNode | undefined {
    return this.#nodes.get(id);
  }

  set(node: ShownNode): void {
    this.#nodes.set(node.id, node);
  }

  /** Passes the records of a query on, and keeps what they show. */
  async *watch(records: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    for await (const record of records) {
      const read = readRecord(record);
      if (read.type === "node") this.set(this.#factsOf(read));
      yield record;
    }
  }

  #factsOf(node: ActionNode): ShownNode {
    const { id, resource, name, isMarked, isProtected, isPhantom, isCleaned, isStale } = node;
    return {
      id,
      kind: this.#shared(node.kind),
      resource,
      name: name === resource ? resource : name,
      cloud: node.cloud === undefined ? undefined : this.#shared(node.cloud),
      account: node.account === undefined ? undefined : this.#shared(node.account),
      region: node.region === undefined ? undefined : this.#shared(node.region),
      isMarked,
      isProtected,
      isPhantom,
      isCleaned,
      isStale,
    };
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}
