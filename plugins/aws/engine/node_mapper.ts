import type { NodeInput, Reference } from "ckworker";
import type { Derive, Deriver, KindMapping } from "./mapping.ts";
import {
  compileValue,
  compileWalk,
  isPresent,
  member,
  rootsOf,
  type Subject,
  texts,
} from "./path.ts";
import type { Edge, Field, NodeDeclaration, Place, Raw, Value } from "../resource.ts";
import type { Redact } from "./sensitive.ts";
import { toTags } from "./tags.ts";

/** Name under which the answer of a separate tags call is attached. */
export const TAGS = "$tags";

/** Stands for the references of a node in the list of what keeps its last good value. */
export const KEEP_EDGES = "$edges";

const NOTHING: ReadonlySet<string> = new Set();
const TIMES = ["ctime", "mtime", "atime"] as const;

/** Turns the structures of one kind into nodes. */
export class NodeMapper {
  readonly kind: string;
  readonly #id: Reader;
  readonly #name: Reader | undefined;
  readonly #nameValue: Value | undefined;
  readonly #tags: (raw: Raw) => unknown;
  readonly #separateTags: boolean;
  readonly #properties: readonly Property[];
  readonly #edges: readonly CompiledEdge[];
  readonly #targets: readonly string[];
  readonly #phantom: boolean | Reader;
  readonly #protect: Reader | undefined;
  readonly #orphan: boolean;
  readonly #defaults: KindMapping["defaults"];
  readonly #derive: Derive;

  constructor(
    declaration: NodeDeclaration,
    mapping: KindMapping,
    deriver: Deriver,
    redact: Redact,
  ) {
    this.kind = declaration.kind;
    this.#id = compileValue(declaration.id);
    this.#name = declaration.name === undefined ? undefined : compileValue(declaration.name);
    this.#nameValue = declaration.name;
    this.#separateTags = typeof declaration.tags === "object";
    this.#tags = compileTags(declaration, mapping);
    this.#properties = compileProperties(declaration, redact);
    this.#edges = (declaration.edges ?? []).map(compileEdge);
    this.#targets = mapping.targets;
    this.#phantom = typeof declaration.phantom === "function"
      ? compileValue(declaration.phantom)
      : declaration.phantom ?? false;
    this.#protect = declaration.protect === undefined
      ? undefined
      : compileValue(declaration.protect);
    this.#orphan = declaration.orphan ?? false;
    this.#defaults = mapping.defaults;
    this.#derive = deriver.compile(mapping.members);
  }

  /**
   * The node of a structure; undefined when the structure has no id.
   * @param unknown attached values that could not be read: what depends on them is kept
   */
  map(
    subject: Subject,
    place: Place,
    unknown: ReadonlySet<string> = NOTHING,
  ): NodeInput | undefined {
    const id = texts(this.#id(subject, place))[0];
    if (id === undefined) return undefined;
    const tags = toTags(this.#tags(subject.raw));
    const reported: Record<string, unknown> = { ...this.#defaults, tags };
    this.#derive(subject.raw, reported);
    for (const { name, read } of this.#properties) {
      const value = read(subject, place);
      if (value !== undefined && value !== null) reported[name] = value;
    }
    const name = this.#nameOf(subject, place, tags) ?? id;
    return {
      kind: this.kind,
      id,
      name,
      reported,
      edges: this.#edgesOf(subject, place),
      ...this.#flags(subject, place),
      ...(this.#targets.length === 0 ? {} : { targets: this.#targetsOf(reported, name) }),
      ...(unknown.size === 0 ? {} : { keep: this.#kept(subject, place, unknown) }),
    };
  }

  #nameOf(
    subject: Subject,
    place: Place,
    tags: Readonly<Record<string, string>>,
  ): string | undefined {
    if (this.#name !== undefined) return texts(this.#name(subject, place))[0];
    return isPresent(tags.Name) ? tags.Name : undefined;
  }

  #edgesOf(subject: Subject, place: Place): Reference[] {
    const references: Reference[] = [];
    for (const { edge, read } of this.#edges) {
      const { direction, kind, by } = edge;
      const values = texts(read(subject, place));
      for (const value of values.length < 2 ? values : new Set(values)) {
        references.push({ direction, kind, by, value });
      }
    }
    return references;
  }

  #flags(
    subject: Subject,
    place: Place,
  ): { readonly orphan?: true; readonly phantom?: true; readonly protected?: true } {
    const phantom = typeof this.#phantom === "function"
      ? this.#phantom(subject, place) === true
      : this.#phantom;
    return {
      ...(this.#orphan ? { orphan: true } : {}),
      ...(phantom ? { phantom: true } : {}),
      ...(this.#protect?.(subject, place) === true ? { protected: true } : {}),
    };
  }

  #targetsOf(reported: Readonly<Record<string, unknown>>, name: string): Record<string, string> {
    const targets: Record<string, string> = {};
    for (const property of this.#targets) {
      const value = property === "name" ? name : texts(reported[property])[0];
      if (value !== undefined) targets[property] = value;
    }
    return targets;
  }

  /** What reads an attached value that could not be read. */
  #kept(subject: Subject, place: Place, unknown: ReadonlySet<string>): string[] {
    const touches = (value: Value | undefined, read: Reader) => {
      const roots = value === undefined ? undefined : rootsOf(value);
      if (roots !== undefined) return roots.some((root) => unknown.has(root));
      return spies(subject, place, read).some((root) => unknown.has(root));
    };
    const kept = this.#properties.filter(({ value, read }) => touches(value, read)).map((p) =>
      p.name
    );
    const tagsUnknown = this.#separateTags && unknown.has(TAGS);
    if (tagsUnknown) kept.push("tags");
    const name = this.#name;
    if (name === undefined ? tagsUnknown : touches(this.#nameValue, name)) kept.push("name");
    if (this.#edges.some(({ edge, read }) => touches(edge.value, read))) kept.push(KEEP_EDGES);
    return kept;
  }
}

type Reader = (subject: Subject, place: Place) => unknown;

interface Property {
  readonly name: string;
  readonly value: Value;
  readonly read: Reader;
}

interface CompiledEdge {
  readonly edge: Edge;
  readonly read: Reader;
}

function compileEdge(edge: Edge): CompiledEdge {
  return { edge, read: compileValue(edge.value) };
}

function compileTags({ tags }: NodeDeclaration, mapping: KindMapping): (raw: Raw) => unknown {
  if (typeof tags === "object") return (raw) => raw[TAGS];
  const path = tags ?? mapping.tags;
  return path === undefined ? () => undefined : compileWalk(path);
}

function compileProperties(declaration: NodeDeclaration, redact: Redact): readonly Property[] {
  const properties: Property[] = [];
  for (const name of TIMES) {
    const value = declaration[name];
    if (value === undefined) continue;
    const read = compileValue(value);
    properties.push({ name, value, read: (subject, place) => toDate(read(subject, place)) });
  }
  const { arn } = declaration;
  if (arn !== undefined) properties.push({ name: "arn", value: arn, read: compileValue(arn) });
  for (const [name, given] of Object.entries(declaration.properties ?? {})) {
    properties.push(compileProperty(name, isField(given) ? given : { value: given }, redact));
  }
  return properties;
}

/** Where the value is absent the kind's default stays. */
function compileProperty(name: string, { value, map, secret }: Field, redact: Redact): Property {
  const read = compileValue(value);
  if (map === undefined && secret === undefined) return { name, value, read };
  return {
    name,
    value,
    read: (subject, place) => {
      const found = read(subject, place);
      if (found === undefined || found === null) return undefined;
      const mapped = map === undefined ? found : map[String(found)];
      return secret === true ? redact(mapped) : mapped;
    },
  };
}

function isField(given: Value | Field): given is Field {
  return typeof given === "object" && !Array.isArray(given);
}

/** Dates stay, seconds since the epoch and ISO texts become dates. */
function toDate(value: unknown): Date | undefined {
  if (value instanceof Date) return value;
  if (typeof value !== "number" && (typeof value !== "string" || value === "")) return undefined;
  const seconds = Number(value);
  const date = Number.isFinite(seconds) ? new Date(seconds * 1_000) : new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Members of the structure that a function reads. */
function spies(subject: Subject, place: Place, read: Reader): readonly string[] {
  const seen: string[] = [];
  const raw = new Proxy(subject.raw, {
    get: (target, name) => {
      if (typeof name === "string") seen.push(name);
      return member(target, String(name));
    },
  });
  read({ ...subject, raw }, place);
  return seen;
}
