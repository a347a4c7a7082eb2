/** What a run tells about itself; the summary of a run has all of it. */
export interface RunFigures {
  /** ISO times. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  readonly collectors: readonly { readonly name: string; readonly status: string }[];
  readonly accounts: readonly AccountFigures[];
  readonly kinds: readonly KindFigures[];
  readonly graph: {
    readonly edges: number;
    readonly unresolved: number;
    readonly ambiguous: number;
    readonly cycles: readonly string[];
  };
  /** Every call of the run, not only the costliest. */
  readonly calls: readonly CallFigures[];
  /** Time of finding the targets of references, seconds; absent when it was not measured. */
  readonly resolveSeconds?: number;
}

/** Ledger of one account in figures. */
export interface AccountFigures {
  readonly cloud: string;
  readonly account: string;
  readonly name: string;
  /** Scopes by outcome. */
  readonly outcomes: Readonly<Partial<Record<string, number>>>;
  readonly faults: readonly {
    readonly call: string;
    readonly outcome: string;
    readonly regions: readonly string[];
  }[];
}

/** Nodes of one kind, and what the run changed. */
export interface KindFigures {
  readonly kind: string;
  readonly nodes: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly stale: number;
}

/** Figures of one call in one region of one account; times in milliseconds. */
export interface CallFigures {
  readonly call: string;
  readonly account: string;
  readonly region: string;
  readonly count: number;
  readonly errors: number;
  readonly throttles: number;
  readonly retries: number;
  readonly totalMs: number;
  readonly maxMs: number;
  readonly waitedMs: number;
}

/** Name of an account for people: `name (id)`, or the id where it has no other name. */
export function accountLabel({ account, name }: Pick<AccountFigures, "account" | "name">): string {
  return name === "" || name === account ? account : `${name} (${account})`;
}
