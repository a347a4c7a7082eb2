import {
  type CollectContext,
  type NodeInput,
  ScopeFaults,
  type ScopeInput,
  type ScopeWriter,
} from "ckworker";

/** A namespace as a region. */
export interface Namespace {
  /** Its uid; its name where that is not known. */
  readonly id: string;
  readonly name: string;
}

/** One scope of a listing; without a writer an interrupted run closed it already. */
export interface OpenScope {
  readonly writer: ScopeWriter | undefined;
  readonly faults: ScopeFaults;
}

/** The scopes of one listing: one for the cluster, or one for each namespace. */
export class ScopeSet {
  readonly #scopes: ReadonlyMap<string, OpenScope>;

  private constructor(scopes: ReadonlyMap<string, OpenScope>) {
    this.#scopes = scopes;
  }

  /**
   * Opens them.
   * @param namespaces undefined for what belongs to the whole cluster
   */
  static async open(
    context: Pick<CollectContext<unknown>, "open" | "resumed">,
    account: string,
    resource: string,
    namespaces: readonly Namespace[] | undefined,
  ): Promise<ScopeSet> {
    const scopes = new Map<string, OpenScope>();
    for (const region of namespaces ?? [undefined]) {
      const input: ScopeInput = {
        account,
        resource,
        ...(region === undefined ? {} : { region: { id: region.id, name: region.name } }),
      };
      const writer = context.resumed(input) ? undefined : await context.open(input);
      scopes.set(region?.name ?? "", { writer, faults: new ScopeFaults({ byMessage: true }) });
    }
    return new ScopeSet(scopes);
  }

  /** Whether an interrupted run closed all of them. */
  get isDone(): boolean {
    return [...this.#scopes.values()].every(({ writer }) => writer === undefined);
  }

  /** Names of their namespaces; an empty one is the cluster. */
  get names(): Iterable<string> {
    return this.#scopes.keys();
  }

  /** The scope of a namespace; undefined for one that came up after the scopes were opened. */
  of(namespace: string): OpenScope | undefined {
    return this.#scopes.get(namespace);
  }

  /** The list is not whole; of one namespace, or of all. */
  lost(error: unknown, call: string, namespace?: string): void {
    for (const [name, { faults }] of this.#scopes) {
      if (namespace === undefined || namespace === name) faults.lost(error, call);
    }
  }

  /** Sends a node to the scope of its namespace. */
  async send(namespace: string, node: NodeInput): Promise<void> {
    await this.#scopes.get(namespace)?.writer?.node(node);
  }

  /** Closes all with what came of them. */
  async close(): Promise<void> {
    for (const { writer, faults } of this.#scopes.values()) await writer?.close(faults.result());
  }
}
