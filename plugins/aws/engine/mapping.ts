import { PluginError } from "ckworker";
import type { Redact } from "./sensitive.ts";
import type { Raw } from "../resource.ts";

/**
 * How a value of the SDK becomes one of a property.
 * - `0`: as it is
 * - `"s"`: a secret
 * - `"b"`: bytes, as base64
 * - `[code]`: a list, `{ "*": code }`: a map
 * - `"service.Structure"`: a structure, by its entry in `structures`
 */
export type Code = 0 | string | readonly [Code] | { readonly "*": Code };

/** Member → property name and code. */
export type Members = Readonly<Record<string, readonly [property: string, code: Code]>>;

/** What is derived from the SDK's schemas for one kind. */
export interface KindMapping {
  readonly members: Members;
  /** Values of properties that the cloud left out, bases' included. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Member that holds the tags. */
  readonly tags?: string;
  /** Properties, `id` apart, under which edges of other nodes look its nodes up. */
  readonly targets: readonly string[];
}

/** What the generator derives from declarations and schemas (`mapping.json`). */
export interface Mapping {
  readonly kinds: Readonly<Record<string, KindMapping>>;
  readonly structures: Readonly<Record<string, Members>>;
  /** Paging of operations: token of the input, of the answer. */
  readonly pages: Readonly<Record<string, readonly [input: string, answer: string]>>;
}

/**
 * The generated mapping as what it is; the generator, not this check, vouches for its inside.
 * @throws PluginError for anything else
 */
export function toMapping(data: unknown): Mapping {
  if (isMapping(data)) return data;
  throw new PluginError("the generated mapping is damaged", { hint: "Generate it again." });
}

function isMapping(data: unknown): data is Mapping {
  return isRaw(data) && isRaw(data.kinds) && isRaw(data.structures) && isRaw(data.pages);
}

/** Writes the derived properties of a structure. */
export type Derive = (raw: Raw, reported: Record<string, unknown>) => void;

type Convert = (value: unknown) => unknown;

/** Makes the functions that carry out derived mappings; each structure is compiled once. */
export class Deriver {
  readonly #structures: Mapping["structures"];
  readonly #redact: Redact;
  readonly #compiled = new Map<string, Derive>();

  constructor(structures: Mapping["structures"], redact: Redact) {
    this.#structures = structures;
    this.#redact = redact;
  }

  /** Function for the members of one kind or structure. */
  compile(members: Members): Derive {
    const steps = Object.entries(members).map(([member, [property, code]]) =>
      [member, property, this.#convert(code)] as const
    );
    return (raw, reported) => {
      for (const [member, property, convert] of steps) {
        const value = raw[member];
        if (value === undefined || value === null) continue;
        const converted = convert === undefined ? value : convert(value);
        if (converted !== undefined) reported[property] = converted;
      }
    };
  }

  /** Undefined: the value stays as it is. */
  #convert(code: Code): Convert | undefined {
    if (code === 0) return undefined;
    if (code === "s") return this.#redact;
    if (code === "b") return base64;
    if (typeof code === "string") return (value) => this.#structure(code, value);
    if (isList(code)) {
      const inner = this.#convert(code[0]);
      return inner === undefined
        ? undefined
        : (value) => Array.isArray(value) ? value.map(inner) : undefined;
    }
    const inner = this.#convert(code["*"]);
    if (inner === undefined) return undefined;
    return (value) =>
      Object.fromEntries(
        Object.entries(isRaw(value) ? value : {}).map(([key, part]) => [key, inner(part)]),
      );
  }

  #structure(name: string, value: unknown): unknown {
    if (!isRaw(value)) return undefined;
    let derive = this.#compiled.get(name);
    if (derive === undefined) {
      derive = this.compile(this.#structures[name] ?? {});
      this.#compiled.set(name, derive);
    }
    const converted: Record<string, unknown> = {};
    derive(value, converted);
    return converted;
  }
}

/** Whether a value is a structure or a map. */
export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(code: Code): code is readonly [Code] {
  return Array.isArray(code);
}

function base64(value: unknown): unknown {
  return value instanceof Uint8Array ? value.toBase64() : undefined;
}
