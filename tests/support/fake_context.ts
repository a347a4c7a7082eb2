import type {
  AccountReport,
  Budget,
  CallStats,
  CollectContext,
  LentCloud,
  LogFields,
  LogLevel,
  NodeInput,
  RegionReport,
  ScopeInput,
  ScopeResult,
  ScopeWriter,
} from "ckworker";

/** A scope as a collector opened, filled and closed it. */
export interface RecordedScope {
  readonly scope: ScopeInput;
  readonly nodes: NodeInput[];
  /** Undefined while it is open. */
  result: ScopeResult | undefined;
}

/** One log event of a collector. */
export interface RecordedLog {
  readonly level: LogLevel;
  readonly event: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** What a fake context may be told. */
export interface FakeContextOptions<Options> {
  readonly options: Options;
  readonly now?: Date;
  readonly signal?: AbortSignal;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly keepSensitive?: boolean;
  readonly caCertificates?: string;
  readonly budgets?: readonly Budget[];
  readonly resumed?: (scope: ScopeInput) => boolean;
  readonly helper?: (path: string, args: readonly string[]) => Promise<string>;
}

/** A collector's context that keeps everything it is told. */
export class FakeContext<Options> implements CollectContext<Options> {
  readonly options: Options;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly shard: { readonly index: number; readonly of: number };
  readonly sensitive: { readonly keep: boolean; readonly key: string };
  readonly budgets: readonly Budget[];
  readonly lent: readonly LentCloud[] = [];
  readonly caCertificates?: string;
  readonly scopes: RecordedScope[] = [];
  readonly accountReports: AccountReport[] = [];
  readonly regionReports: RegionReport[] = [];
  readonly logs: RecordedLog[] = [];
  readonly steps: (readonly [account: string, done: number, total: number])[] = [];
  readonly calls: CallStats[] = [];
  readonly learnedBudgets: Budget[] = [];
  readonly #given: FakeContextOptions<Options>;

  constructor(given: FakeContextOptions<Options>) {
    this.#given = given;
    this.options = given.options;
    this.now = given.now ?? new Date("2026-01-02T03:04:05Z");
    this.signal = given.signal ?? new AbortController().signal;
    this.shard = given.shard ?? { index: 0, of: 1 };
    this.sensitive = {
      keep: given.keepSensitive ?? false,
      key: "00112233445566778899aabbccddeeff",
    };
    this.budgets = given.budgets ?? [];
    if (given.caCertificates !== undefined) this.caCertificates = given.caCertificates;
  }

  /** All nodes of a kind. */
  nodes(kind: string): readonly NodeInput[] {
    return this.scopes.flatMap(({ nodes }) => nodes.filter((node) => node.kind === kind));
  }

  /** The scope of a listing; region by name. */
  scope(account: string, region: string, resource: string): RecordedScope | undefined {
    return this.scopes.find(({ scope }) =>
      scope.account === account && (scope.region?.name ?? "") === region &&
      scope.resource === resource
    );
  }

  resumed(scope: ScopeInput): boolean {
    return this.#given.resumed?.(scope) ?? false;
  }

  open(scope: ScopeInput): Promise<ScopeWriter> {
    if (this.scope(scope.account, scope.region?.name ?? "", scope.resource) !== undefined) {
      return Promise.reject(new Error(`scope opened twice: ${JSON.stringify(scope)}`));
    }
    if (this.resumed(scope)) {
      return Promise.reject(new Error(`an earlier run closed: ${JSON.stringify(scope)}`));
    }
    const recorded: RecordedScope = { scope, nodes: [], result: undefined };
    this.scopes.push(recorded);
    return Promise.resolve({
      node(node: NodeInput) {
        if (recorded.result !== undefined) return Promise.reject(new Error("the scope is closed"));
        recorded.nodes.push(node);
        return Promise.resolve();
      },
      close(result: Partial<ScopeResult> = {}) {
        if (recorded.result !== undefined) return Promise.reject(new Error("closed twice"));
        recorded.result = { outcome: "complete", faults: [], ...result };
        return Promise.resolve();
      },
    });
  }

  accounts(report: AccountReport): void {
    this.accountReports.push(report);
  }

  regions(report: RegionReport): void {
    this.regionReports.push(report);
  }

  log(level: LogLevel, event: string, message: string, fields?: LogFields): void {
    this.logs.push({ level, event, message, fields });
  }

  progress(account: string, done: number, total: number): void {
    this.steps.push([account, done, total]);
  }

  stats(calls: readonly CallStats[]): void {
    this.calls.push(...calls);
  }

  learned(budgets: readonly Budget[]): void {
    this.learnedBudgets.push(...budgets);
  }

  helper(path: string, args: readonly string[]): Promise<string> {
    return this.#given.helper?.(path, args) ?? Promise.reject(new Error(`${path} is not allowed`));
  }
}
