import type { Reference, ScopeFault, ScopeResult } from "../model/mod.ts";
import type { ChangeContext, Changer } from "./changer.ts";
import type { LentCloud } from "./lent_cloud.ts";
import type { PluginContext } from "./plugin_context.ts";
import type { Sensitive } from "./sensitive.ts";

/** One node as a collector gives it. */
export interface NodeInput {
  readonly kind: string;
  readonly id: string;
  /** Default: the id. An empty string is kept. */
  readonly name?: string | null;
  /** Zone id, for zonal resources. */
  readonly zone?: string;
  /**
   * Properties by name, without kind, id and name. Null and undefined are left out; a `Date` becomes
   * `YYYY-MM-DDTHH:MM:SSZ`.
   */
  readonly reported: Readonly<Record<string, unknown>>;
  readonly edges?: readonly Reference[];
  /** Values under which references of other nodes find this one, `id` apart. */
  readonly targets?: Readonly<Record<string, string>>;
  /** No edge from region or account unless no edge to a parent resolves. */
  readonly orphan?: boolean;
  readonly phantom?: boolean;
  readonly protected?: boolean;
  /**
   * Properties whose call failed; they keep their last good value. `$edges` stands for the edges,
   * `name` for the name.
   */
  readonly keep?: readonly string[];
}

/** An open scope of a collector. Must be closed exactly once. */
export interface ScopeWriter {
  /** Sends one node; resolves when the stream has room, so awaiting it is the back-pressure. */
  node(node: NodeInput): Promise<void>;
  /** Ends the scope. `complete` and no faults by default. */
  close(result?: Partial<ScopeResult>): Promise<void>;
}

/** Where a scope lies. */
export interface ScopeInput {
  /** Default: the manifest's first cloud. */
  readonly cloud?: string;
  readonly account: string;
  readonly region?: { readonly id: string; readonly name: string };
  readonly resource: string;
}

/** What account discovery found. */
export interface AccountReport {
  readonly cloud?: string;
  /**
   * The list is all of its source: an account that an earlier complete list of the same source named
   * and that is absent here is gone.
   */
  readonly complete: boolean;
  /** Which list this is, such as an organisation's id; by default the cloud has one. */
  readonly source?: string;
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
  /** Known but not collected, for example suspended or excluded. */
  readonly skipped?: readonly { readonly id: string; readonly reason: string }[];
  /**
   * Everything that an account could hold is collected: no region, account or kind filter is set.
   * Only then may the whole cloud be replaced at a core.
   */
  readonly unfiltered: boolean;
  /**
   * What the filters that are set leave out: whole accounts, regions of an account, kinds. By default
   * none when `unfiltered`, else all three.
   */
  readonly filters?: readonly CollectFilter[];
}

/** Something of which a user may ask for a part only. */
export const COLLECT_FILTERS = ["accounts", "regions", "kinds"] as const;
export type CollectFilter = typeof COLLECT_FILTERS[number];

/** Regions of one account, for the ledger: what is not attempted and why. */
export interface RegionReport {
  readonly cloud?: string;
  readonly account: string;
  /** Regions that exist but cannot be used: `not_enabled` (not opted in) or `denied`. */
  readonly notEnabled: readonly string[];
  /**
   * Names of all regions that the account has, where regions come and go and the list of them is
   * whole: what is known of a region that it does not name is gone.
   */
  readonly whole?: readonly string[];
  /**
   * Resources that were listed in all regions of the account with one call, while a scope was opened
   * only where something was found or could not be looked at: what is known of them in other regions
   * is gone. So an account with few resources has few scopes, however many regions there are.
   */
  readonly listed?: readonly string[];
}

/** Everything that a collector gets. */
export interface CollectContext<Options> extends PluginContext<Options> {
  /**
   * Which of how many guests this is. Every account must be collected by one of them, also when their
   * lists of accounts differ.
   */
  readonly shard: { readonly index: number; readonly of: number };
  /**
   * What to do with members that hold secrets: keep them (`--keep-sensitive`), or put a hash keyed
   * with `key` (hex) in their place, so that a change shows and the secret does not. The key belongs
   * to the store, so hashes of two runs compare.
   */
  readonly sensitive: Sensitive;
  /** Clouds of other plugins that the manifest borrows; their kinds are those that the host takes. */
  readonly lent: readonly LentCloud[];
  /**
   * Whether an earlier, interrupted run already closed this scope (`--resume`): skip the calls for
   * it. Opening it all the same does no harm, what it is sent goes nowhere.
   */
  resumed(scope: ScopeInput): boolean;
  open(scope: ScopeInput): Promise<ScopeWriter>;
  accounts(report: AccountReport): void;
  regions(report: RegionReport): void;
  /** Progress of one account, 0 ≤ done ≤ total; `label` names what is going on. */
  progress(account: string, done: number, total: number, label?: string): void;
}

/** What `ckworker doctor` asks of a collector; nothing is written. */
export interface DoctorReport {
  readonly credentials: string;
  readonly accounts: readonly {
    readonly id: string;
    readonly name?: string;
    readonly regions: readonly string[];
    /** Calls that were tried and refused, and the kinds they cost. */
    readonly denied: readonly (ScopeFault & { readonly kinds: readonly string[] })[];
    readonly problem?: string;
  }[];
}

/** A collector plugin's behaviour. */
export interface Collector<Options = Record<string, unknown>> {
  /**
   * Collects everything that the options ask for.
   * @throws CloudError when nothing could be collected at all (no credentials)
   */
  collect(context: CollectContext<Options>): Promise<void>;
  /** Checks access without collecting. */
  doctor?(context: CollectContext<Options>): Promise<DoctorReport>;
  /**
   * Makes what changes nodes in the cloud; called once in a guest that does nothing else. Absent:
   * nothing can be changed.
   * @throws CloudError when nothing could be changed at all
   */
  changer?(context: ChangeContext<Options>): Promise<Changer>;
}
