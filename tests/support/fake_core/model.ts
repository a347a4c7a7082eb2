import { z } from "zod";
import { type Refusal, refuse } from "./refusal.ts";

const property = z.object({
  name: z.string().min(1),
  kind: z.string().min(1),
  required: z.boolean().default(false),
  synthetic: z.object({ path: z.array(z.string()).min(1) }).nullish(),
});
const complexKind = z.object({
  fqn: z.string().min(1),
  bases: z.array(z.string()).default([]),
  properties: z.array(property),
  allow_unknown_props: z.boolean().nullish(),
});
const simpleKind = z.object({
  fqn: z.string().min(1),
  runtime_kind: z.string(),
  enum: z.array(z.string()).optional(),
});
const upload = z.array(z.union([complexKind, simpleKind]));

export type ModelProperty = z.output<typeof property>;
export type ComplexKind = z.output<typeof complexKind>;
export type SimpleKind = z.output<typeof simpleKind>;
export type ModelKind = ComplexKind | SimpleKind;

/** Kinds that every core knows by itself. */
export const SIMPLE_KINDS: ReadonlySet<string> = new Set([
  ...["string", "int32", "int64", "float", "double", "any", "boolean"],
  ...["date", "datetime", "duration", "trafo.duration_to_datetime"],
]);

const PREDEFINED: readonly ComplexKind[] = [
  complex("graph_root", { name: "string", tags: "dictionary[string, string]" }, true),
  complex("predefined_properties", {
    kind: "string",
    ctime: "datetime",
    age: "trafo.duration_to_datetime",
    last_update: "trafo.duration_to_datetime",
    last_access: "trafo.duration_to_datetime",
    expires: "datetime",
  }),
];

/** The kinds that a core knows. Immutable: an update makes another. */
export class Model {
  readonly #kinds: ReadonlyMap<string, ModelKind>;
  readonly #hierarchies = new Map<string, ReadonlySet<string>>();
  readonly #properties = new Map<string, ReadonlyMap<string, ModelProperty>>();

  constructor(kinds: Iterable<ModelKind> = []) {
    this.#kinds = new Map([...PREDEFINED, ...kinds].map((kind) => [kind.fqn, kind]));
  }

  /** What was told, without the predefined kinds. */
  get told(): readonly ModelKind[] {
    const own = new Set<ModelKind>(PREDEFINED);
    return [...this.#kinds.values()].filter((kind) => !own.has(kind));
  }

  get(name: string): ModelKind | undefined {
    return this.#kinds.get(name);
  }

  complex(name: string): ComplexKind | undefined {
    const kind = this.#kinds.get(name);
    return kind !== undefined && isComplex(kind) ? kind : undefined;
  }

  all(): IterableIterator<ModelKind> {
    return this.#kinds.values();
  }

  /** A kind with all its bases, itself first. */
  hierarchy(name: string): ReadonlySet<string> {
    const known = this.#hierarchies.get(name);
    if (known !== undefined) return known;
    const all = new Set([name]);
    // A set yields what is added while it is walked.
    for (const each of all) for (const base of this.complex(each)?.bases ?? []) all.add(base);
    this.#hierarchies.set(name, all);
    return all;
  }

  /** All properties of a kind; what is declared nearest counts. */
  properties(name: string): ReadonlyMap<string, ModelProperty> {
    const known = this.#properties.get(name);
    if (known !== undefined) return known;
    const all = new Map<string, ModelProperty>();
    for (const each of this.hierarchy(name)) {
      for (const own of this.complex(each)?.properties ?? []) {
        if (!all.has(own.name)) all.set(own.name, own);
      }
    }
    this.#properties.set(name, all);
    return all;
  }

  allowsUnknown(name: string): boolean {
    return [...this.hierarchy(name)].some((each) =>
      this.complex(each)?.allow_unknown_props === true
    );
  }

  /** @throws Refusal 400 when the kinds do not fit with each other or with those there are */
  merged(kinds: readonly ModelKind[]): Model {
    const next = new Model([...this.told, ...kinds]);
    for (const kind of kinds) {
      const old = this.#kinds.get(kind.fqn);
      if (SIMPLE_KINDS.has(kind.fqn) || (old !== undefined && isComplex(old) !== isComplex(kind))) {
        throw refuse("AttributeError", `Update ${kind.fqn} changes an existing property type`);
      }
    }
    const [problem] = modelProblems(next);
    if (problem !== undefined) throw problem;
    return next;
  }
}

/**
 * Reads the body of a model update.
 * @throws Refusal 400 when it is no list of kinds
 */
export function readKinds(body: unknown): readonly ModelKind[] {
  const read = upload.safeParse(body);
  if (!read.success) throw refuse("DeserializationError", z.prettifyError(read.error));
  return read.data;
}

export function isComplex(kind: ModelKind): kind is ComplexKind {
  return "properties" in kind;
}

/** How a type is made. */
export type TypeForm =
  | { readonly form: "array"; readonly of: string }
  | { readonly form: "dictionary"; readonly key: string; readonly of: string }
  | { readonly form: "name"; readonly name: string };

export function typeForm(type: string): TypeForm {
  if (type.endsWith("[]")) return { form: "array", of: type.slice(0, -2) };
  const [, key, of] = /^dictionary\[([^,[\]]+), (.+)\]$/.exec(type) ?? [];
  if (key !== undefined && of !== undefined) return { form: "dictionary", key, of };
  return { form: "name", name: type };
}

/** Why a core refuses the model; the first one is what it answers. */
export function modelProblems(model: Model): readonly Refusal[] {
  const kinds = [...model.all()];
  return [
    ...kinds.flatMap((kind) => baseProblems(model, kind)),
    ...kinds.flatMap((kind) => typeProblems(model, kind)),
    ...pathProblems(model),
  ];
}

function baseProblems(model: Model, kind: ModelKind): readonly Refusal[] {
  if (!isComplex(kind)) return [];
  const problems = kind.bases.filter((base) => model.complex(base) === undefined)
    .map((base) => refuse("KeyError", `'${base}'`));
  const inherited = kind.bases.some((base) => model.hierarchy(base).has(kind.fqn));
  return inherited
    ? [...problems, refuse("AttributeError", `${kind.fqn} is a base of itself`)]
    : problems;
}

function typeProblems(model: Model, kind: ModelKind): readonly Refusal[] {
  const types = isComplex(kind) ? kind.properties.map((each) => each.kind) : [kind.runtime_kind];
  return types.flatMap(names).filter((name) => !SIMPLE_KINDS.has(name) && !model.get(name))
    .map((name) =>
      refuse("AttributeError", `Property kind is not known: ${name}. Have you registered it?`)
    );
}

function names(type: string): readonly string[] {
  const form = typeForm(type);
  if (form.form === "name") return [form.name];
  return form.form === "array" ? names(form.of) : [...names(form.key), ...names(form.of)];
}

/** One path has one type in all kinds; only `any` goes with others. */
function pathProblems(model: Model): readonly Refusal[] {
  const seen = new Map<string, { readonly kind: string; readonly type: string }>();
  const problems: Refusal[] = [];
  for (const kind of model.all()) {
    if (!isComplex(kind)) continue;
    for (const [path, type] of propertyPaths(model, kind.fqn, "", [])) {
      const known = seen.get(path);
      if (known === undefined || known.type === "any") seen.set(path, { kind: kind.fqn, type });
      if (known === undefined || [known.type, type].includes("any") || known.type === type) {
        continue;
      }
      const message =
        `${path} is defined in ${known.kind} as ${known.type} and in ${kind.fqn} as ${type}`;
      problems.push(refuse("AttributeError", message));
    }
  }
  return problems;
}

function* propertyPaths(
  model: Model,
  kind: string,
  prefix: string,
  chain: readonly string[],
): Iterable<readonly [path: string, type: string]> {
  if (chain.includes(kind)) return;
  for (const { name, kind: type } of model.complex(kind)?.properties ?? []) {
    yield* typePaths(model, type, prefix + name, [...chain, kind]);
  }
}

function* typePaths(
  model: Model,
  type: string,
  path: string,
  chain: readonly string[],
): Iterable<readonly [path: string, type: string]> {
  const form = typeForm(type);
  if (form.form === "array") {
    yield [path, isOfAny(form.of) ? "any" : "array"];
    yield* typePaths(model, form.of, `${path}[]`, chain);
  } else if (form.form === "dictionary") {
    yield [path, isOfAny(form.of) ? "any" : "dictionary"];
    yield* typePaths(model, form.of, `${path}{}`, chain);
  } else if (model.complex(form.name) === undefined) {
    yield [path, form.name];
  } else {
    yield [path, "complex"];
    // A nested kind brings what it inherits along.
    for (const each of model.hierarchy(form.name)) {
      yield* propertyPaths(model, each, `${path}.`, chain);
    }
  }
}

/** Lists and dictionaries of whatever go with everything. */
function isOfAny(type: string): boolean {
  const form = typeForm(type);
  return form.form === "name" ? form.name === "any" : isOfAny(form.of);
}

function complex(
  fqn: string,
  properties: Readonly<Record<string, string>>,
  open = false,
): ComplexKind {
  return {
    fqn,
    bases: [],
    properties: Object.entries(properties).map(([name, kind]) => ({ name, kind, required: false })),
    allow_unknown_props: open,
  };
}
