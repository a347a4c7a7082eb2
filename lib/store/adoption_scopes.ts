import { type ScopeKey, scopeText } from "../model/mod.ts";
import { SELECT_SCOPES } from "./adoption_statements.ts";
import type { AdoptionStart, ToldNode } from "./adoption_types.ts";
import type { Database } from "./database.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ScopeTable } from "./scope_table.ts";

/** Parts of a run's writer that an adoption shares. */
export interface AdoptionParts {
  readonly db: Database;
  readonly run: number;
  readonly now: () => Date;
  readonly kinds: Dictionary;
  readonly places: Dictionary;
  readonly scopes: ScopeTable;
  /** Told of each scope that the adoption recorded. */
  readonly recorded: (scope: number) => void;
}

/** What this store knows of a scope. */
interface KnownScope {
  readonly good: boolean;
  /** In the present run. */
  readonly goodNow: boolean;
}

/** Where a node of a core belongs: the scopes of one cloud, and what was proven about them. */
export class AdoptionScopes {
  readonly #parts: AdoptionParts;
  readonly #known = new Map<string, KnownScope>();
  /** Resources of listings that this store knows by region. */
  readonly #regional = new Set<string>();
  readonly #fresh = new Map<number, ScopeKey>();

  constructor(parts: AdoptionParts, { cloud }: AdoptionStart) {
    this.#parts = parts;
    for (const row of parts.db.iterate<ScopeRow>(SELECT_SCOPES, cloud, parts.run)) {
      this.#known.set(scopeText(row), { good: row.good === 1, goodNow: row.good_now === 1 });
      if (row.region !== "") this.#regional.add(row.resource);
    }
  }

  /**
   * Whether this run looked at the scope of an absent node conclusively, so that the node is gone. An
   * earlier look proves nothing: the node may be younger, and told to the core by somebody else.
   */
  isProven(node: ToldNode): boolean {
    return this.#known.get(scopeText(this.#keyOf(node)))?.goodNow === true;
  }

  /** Number of the scope that a node is adopted into. */
  numberFor(node: ToldNode): number {
    const key = this.#keyOf(node);
    const hasRegion = key.region !== "" && node.region !== UNDEFINED;
    const scope = this.#parts.scopes.numberOf(key, hasRegion ? node.region : "");
    if (!this.#known.has(scopeText(key))) this.#fresh.set(scope, key);
    return scope;
  }

  /** Scopes that this store did not know. */
  fresh(): Iterable<number> {
    return this.#fresh.keys();
  }

  freshKey(scope: number): ScopeKey | undefined {
    return this.#fresh.get(scope);
  }

  /**
   * The listing of the node's region; or of its account where this store knows a listing of the kind
   * that was done for the account as a whole, and none by region. A listing of the whole cloud says
   * nothing about what lies in an account: the list of an organisation is one.
   */
  #keyOf({ cloud, account, regionName, resource }: ToldNode): ScopeKey {
    const ofAccount = {
      cloud,
      account: account === UNDEFINED ? "" : account,
      region: "",
      resource,
    };
    const exact = { ...ofAccount, region: regionName === UNDEFINED ? "" : regionName };
    if (exact.region === "" || this.#known.has(scopeText(exact))) return exact;
    const whole = this.#known.get(scopeText(ofAccount));
    if (whole === undefined) return exact;
    return whole.good || !this.#regional.has(resource) ? ofAccount : exact;
  }
}

const UNDEFINED = "undefined";

interface ScopeRow extends ScopeKey {
  readonly scope: number;
  readonly good: number;
  readonly good_now: number;
}
