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
    readonly op: "==" | "!=" | "in";
    readonly value: unknown;
  };

/** The walk behind the conditions. */
export interface Walk {
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
  readonly from: number;
  readonly to: number;
}

export interface Query {
  /** All of them must hold. */
  readonly terms: readonly Term[];
  readonly walk?: Walk;
}

/**
 * Reads the few forms of a query that this core knows: conditions joined by `and`, then at most one
 * walk.
 * @param section where paths start that say nothing else
 * @returns undefined for everything else
 */
export function readQuery(
  text: string,
  dialect: CoreDialect,
  section?: string,
): Query | undefined {
  const reader = new Reader(text.trim(), dialect, section);
  const terms: Term[] = [];
  do {
    const term = reader.term();
    if (term === undefined) return undefined;
    terms.push(term);
  } while (reader.take(/^and\b/) !== undefined);
  const walk = reader.walk();
  if (!reader.atEnd) return undefined;
  return walk === undefined ? { terms } : { terms, walk };
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

  term(): Term | undefined {
    if (this.take(/^all\b(?!\.)/)) return { type: "all" };
    const kinds = this.take(/^is\(\s*\[?([\w", -]+)\]?\s*\)/)?.[1];
    if (kinds !== undefined) {
      return { type: "is", kinds: kinds.split(",").map((kind) => kind.trim().replace(/"/g, "")) };
    }
    const id = this.take(/^id\(\s*"?([\w-]+)"?\s*\)/)?.[1];
    return id === undefined ? this.#compare() : { type: "id", id };
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
    const path = this.take(/^\/?[a-z_][\w-]*(\.[a-z_`][\w:`-]*)*/i)?.[0];
    const op = path === undefined ? undefined : this.take(/^(==|!=|=(?!~)|in\b)/)?.[1];
    if (path === undefined || op === undefined) return undefined;
    const value = this.#value();
    if (value === undefined) return undefined;
    const isList = Array.isArray(value);
    if ((op === "in") !== isList) return undefined;
    return {
      type: "compare",
      path: this.#absolute(path),
      op: op === "=" ? "==" : op === "==" || op === "!=" ? op : "in",
      value,
    };
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

function bounds(range: string | undefined): { readonly from: number; readonly to: number } {
  const [, from, colon, to] = /^\[(\d+)(:?)(\d*)\]$/.exec(range ?? "[1]") ?? [];
  const first = Number(from);
  return { from: first, to: colon ? (to ? Number(to) : Infinity) : first };
}
