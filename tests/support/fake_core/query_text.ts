import { type CoreDialect, DIALECT_FACTS } from "./dialect.ts";

/** A condition on a node. */
export type Term =
  | { readonly type: "all" }
  | { readonly type: "is"; readonly kinds: readonly string[] }
  | { readonly type: "id"; readonly id: string }
  | {
    readonly type: "compare";
    /** From the document's top. */
    readonly path: readonly string[];
    readonly op: CompareOp;
    readonly value: unknown;
  }
  | { readonly type: "has_key"; readonly path: readonly string[]; readonly keys: readonly string[] }
  | { readonly type: "not"; readonly of: Term }
  | { readonly type: "and" | "or"; readonly left: Term; readonly right: Term };

export type CompareOp = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

/** The walk behind the conditions. */
export interface Walk {
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
  readonly from: number;
  readonly to: number;
}

export interface Query {
  readonly term: Term;
  /** Tells the nodes that were found from those that were reached. */
  readonly tag?: string;
  readonly walk?: Walk;
}

/** A question for figures: one result for each combination of the groups' values. */
export interface Aggregation {
  readonly groups: readonly { readonly name: string; readonly path: readonly string[] }[];
  /** Each is the number of nodes. */
  readonly counts: readonly string[];
  readonly term: Term;
}

/**
 * Reads an aggregation that counts.
 * @returns undefined for everything else
 */
export function readAggregation(
  text: string,
  dialect: CoreDialect,
  section?: string,
): Aggregation | undefined {
  const reader = new Reader(text.trim(), dialect, section);
  const head = reader.aggregate();
  const term = head === undefined ? undefined : reader.terms();
  return head === undefined || term === undefined || !reader.atEnd ? undefined : { ...head, term };
}

/**
 * Reads the forms of a query that this core knows: conditions, at most one tag and one walk.
 * @param section where paths start that say nothing else
 * @returns undefined for everything else
 */
export function readQuery(
  text: string,
  dialect: CoreDialect,
  section?: string,
): Query | undefined {
  const reader = new Reader(text.trim(), dialect, section);
  const term = reader.terms();
  const tag = reader.take(/^#([a-z0-9][\w-]*)/i)?.[1];
  const walk = reader.walk();
  if (term === undefined || !reader.atEnd) return undefined;
  return { term, ...(tag === undefined ? {} : { tag }), ...(walk === undefined ? {} : { walk }) };
}

class Reader {
  #rest: string;
  readonly #dialect: CoreDialect;
  readonly #section: string | undefined;

  constructor(text: string, dialect: CoreDialect, section: string | undefined) {
    this.#rest = text;
    this.#dialect = dialect;
    this.#section = section;
  }

  get atEnd(): boolean {
    return this.#rest === "";
  }

  /** Takes what matches from the front; white space behind it is passed over. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.#rest);
    if (match === null) return undefined;
    this.#rest = this.#rest.slice(match[0].length).trimStart();
    return match;
  }

  /** `and` and `or` have the same rank: what comes first is joined first. */
  terms(): Term | undefined {
    let left = this.#simple();
    for (let word = this.#join(); word !== undefined; word = this.#join()) {
      const right = this.#simple();
      left = left === undefined || right === undefined ? undefined : { type: word, left, right };
    }
    return left;
  }

  aggregate(): Omit<Aggregation, "term"> | undefined {
    if (!this.take(/^aggregate\(/)) return undefined;
    const groups: { name: string; path: readonly string[] }[] = [];
    for (let path = this.#path(); path !== undefined; path = this.#path()) {
      const name = this.take(/^as ([\w-]+)/)?.[1] ?? path;
      groups.push({ name, path: this.#absolute(path) });
      this.take(/^,/);
    }
    if (groups.length > 0 && !this.take(/^:/)) return undefined;
    const counts: string[] = [];
    for (let sum = this.#sum(); sum !== undefined; sum = this.#sum()) {
      counts.push(sum);
      this.take(/^,/);
    }
    return counts.length > 0 && this.take(/^\)\s*:/) ? { groups, counts } : undefined;
  }

  #sum(): string | undefined {
    const sum = this.take(/^sum\(1\)(?: as ([\w-]+))?/);
    return sum === undefined ? undefined : sum[1] ?? "sum_of_1";
  }

  #join(): "and" | "or" | undefined {
    const word = this.take(/^(and|or)\b/)?.[1];
    return word === "and" || word === "or" ? word : undefined;
  }

  /** The older core takes one condition in a `not( )`, the newer one also a group behind `not`. */
  #simple(): Term | undefined {
    const isNegated = this.take(this.#dialect === "ckcore" ? /^not\s*(?=\()/ : /^not\b/);
    if (isNegated !== undefined) {
      const of = this.#dialect === "ckcore" ? this.#braced(() => this.#simple()) : this.#simple();
      return of === undefined ? undefined : { type: "not", of };
    }
    return this.#rest.startsWith("(") ? this.#braced(() => this.terms()) : this.#leaf();
  }

  #braced(read: () => Term | undefined): Term | undefined {
    if (!this.take(/^\(/)) return undefined;
    const inner = read();
    return this.take(/^\)/) ? inner : undefined;
  }

  #leaf(): Term | undefined {
    if (this.take(/^all\b(?!\.)/)) return { type: "all" };
    const kinds = this.take(/^is\(\s*\[?([\w", -]+)\]?\s*\)/)?.[1];
    if (kinds !== undefined) {
      return { type: "is", kinds: kinds.split(",").map((kind) => kind.trim().replace(/"/g, "")) };
    }
    const id = this.take(/^id\(\s*"?([\w-]+)"?\s*\)/)?.[1];
    if (id !== undefined) return { type: "id", id };
    return this.take(/^has_key\(/) ? this.#hasKey() : this.#compare();
  }

  #hasKey(): Term | undefined {
    const path = this.#path();
    const value = path !== undefined && this.take(/^,/) ? this.#value() : undefined;
    if (path === undefined || value === undefined || !this.take(/^\)/)) return undefined;
    const keys = (Array.isArray(value) ? value : [value]).map(String);
    return { type: "has_key", path: this.#absolute(path), keys };
  }

  walk(): Walk | undefined {
    const both = this.take(/^<-([\w,]*)(\[\d+:?\d*\])?([\w,]*)->/);
    if (both !== undefined) {
      const [, left = "", range, right = ""] = both;
      return { inbound: this.#types(left), outbound: this.#types(right || left), ...bounds(range) };
    }
    const out = this.take(/^-([\w,]*)(\[\d+:?\d*\])?->/);
    if (out !== undefined) {
      return { inbound: [], outbound: this.#types(out[1] ?? ""), ...bounds(out[2]) };
    }
    const back = this.take(/^<-([\w,]*)(\[\d+:?\d*\])?-/);
    if (back === undefined) return undefined;
    return { inbound: this.#types(back[1] ?? ""), outbound: [], ...bounds(back[2]) };
  }

  #types(text: string): readonly string[] {
    return text === "" ? [DIALECT_FACTS[this.#dialect].defaultEdge] : text.split(",");
  }

  #compare(): Term | undefined {
    const path = this.#path();
    const op = path === undefined
      ? undefined
      : this.take(/^(==|!=|<=|>=|<|>|=(?!~)|in\b|not in\b)/)?.[1];
    if (path === undefined || op === undefined) return undefined;
    const value = this.#value();
    if (value === undefined || /in$/.test(op) !== Array.isArray(value)) return undefined;
    return { type: "compare", path: this.#absolute(path), op: opOf(op), value };
  }

  #path(): string | undefined {
    if (/^sum\(/.test(this.#rest)) return undefined;
    return this.take(/^\/?[a-z_][\w-]*(\.[a-z_`][\w:`-]*)*/i)?.[0];
  }

  /** In the newer core a slash leads to the top; every other path starts in the section. */
  #absolute(path: string): readonly string[] {
    const isTop = path.startsWith("/");
    const names = path.replace(/^\//, "").replace(/`/g, "").split(".");
    return this.#section === undefined || isTop ? names : [this.#section, ...names];
  }

  #value(): unknown {
    if (this.take(/^\[/) === undefined) return this.#single();
    const values: unknown[] = [];
    while (this.take(/^\]/) === undefined) {
      const value = this.#single();
      if (value === undefined) return undefined;
      values.push(value);
      this.take(/^,/);
    }
    return values;
  }

  #single(): unknown {
    const quoted = this.take(/^"(?:[^"\\]|\\.)*"/)?.[0];
    if (quoted !== undefined) return JSON.parse(quoted);
    const bare = this.take(/^[\w:.-]*\w/)?.[0];
    if (bare === undefined) return undefined;
    if (bare === "null") return null;
    if (bare === "true" || bare === "false") return bare === "true";
    return /^[+-]?\d+(\.\d+)?$/.test(bare) ? Number(bare) : bare;
  }
}

function opOf(text: string): CompareOp {
  const ops = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"] as const;
  return ops.find((op) => op === text) ?? "==";
}

function bounds(range: string | undefined): { readonly from: number; readonly to: number } {
  const [, from, colon, to] = /^\[(\d+)(:?)(\d*)\]$/.exec(range ?? "[1]") ?? [];
  const first = Number(from);
  return { from: first, to: colon ? (to ? Number(to) : Infinity) : first };
}
