import { BASE_KINDS } from "./base_kinds.ts";
import type { Kind, PropertyType } from "./model.ts";
import { compatible, propertyPaths } from "./property_paths.ts";
import { innerKinds, SIMPLE_TYPES, valueKind } from "./property_type.ts";

/** A rule of the model that is broken. */
export interface ModelProblem {
  readonly kind: string;
  readonly message: string;
}

/** Properties that a core gives every node. */
const PREDEFINED: Kind = {
  name: "predefined_properties",
  bases: [],
  properties: [
    { name: "kind", type: "string" },
    { name: "ctime", type: "datetime" },
    { name: "age", type: "trafo.duration_to_datetime" },
    { name: "last_update", type: "trafo.duration_to_datetime" },
    { name: "last_access", type: "trafo.duration_to_datetime" },
    { name: "expires", type: "datetime" },
  ],
};
const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Checks kinds together with the base kinds as a core does before it takes a model: it refuses the
 * whole model for one problem. Nested kinds count as kinds of their own, like at the older core.
 * @returns one problem per broken rule; empty for a model that a core takes
 */
export function checkModel(kinds: Iterable<Kind>): readonly ModelProblem[] {
  const all = [...new Set([PREDEFINED, ...BASE_KINDS, ...kinds])];
  const byName = new Map(all.map((kind) => [kind.name, kind]));
  return [
    ...all.filter((kind) => byName.get(kind.name) !== kind)
      .map((kind) => problem(kind, "is declared more than once")),
    ...all.flatMap((kind) => [
      ...nameProblems(kind),
      ...baseProblems(kind, byName),
      ...typeProblems(kind, byName),
    ]),
    ...pathProblems(all, byName),
  ];
}

function nameProblems(kind: Kind): ModelProblem[] {
  const names = kind.properties.map((property) => property.name);
  return [
    ...(SIMPLE_TYPES.has(kind.name) ? [problem(kind, "has the name of a simple type")] : []),
    ...(NAME.test(kind.name) ? [] : [problem(kind, "is not named in snake_case")]),
    ...names.filter((name) => !NAME.test(name))
      .map((name) => problem(kind, `property ${name} is not named in snake_case`)),
    ...names.filter((name, index) => names.indexOf(name) !== index)
      .map((name) => problem(kind, `property ${name} is declared more than once`)),
  ];
}

function baseProblems(kind: Kind, kinds: ReadonlyMap<string, Kind>): ModelProblem[] {
  const unknown = kind.bases.filter((base) => !kinds.has(base))
    .map((base) => problem(kind, `base ${base} is unknown`));
  return isOwnBase(kind, kinds) ? [...unknown, problem(kind, "is a base of itself")] : unknown;
}

function isOwnBase(kind: Kind, kinds: ReadonlyMap<string, Kind>): boolean {
  const bases = new Set(kind.bases);
  // A set yields what is added while it is walked.
  for (const base of bases) for (const next of kinds.get(base)?.bases ?? []) bases.add(next);
  return bases.has(kind.name);
}

function typeProblems(kind: Kind, kinds: ReadonlyMap<string, Kind>): ModelProblem[] {
  return kind.properties.flatMap(({ name, type }) =>
    innerKinds(type).filter((inner) => !SIMPLE_TYPES.has(inner) && !kinds.has(inner))
      .map((inner) => problem(kind, `property ${name} is of the unknown type ${inner}`))
  );
}

function pathProblems(all: readonly Kind[], kinds: ReadonlyMap<string, Kind>): ModelProblem[] {
  const first = new Map<string, { readonly kind: string; readonly type: PropertyType }>();
  const problems: ModelProblem[] = [];
  for (const kind of all) {
    for (const { path, type } of propertyPaths(kind, kinds)) {
      const known = first.get(path);
      if (known === undefined || valueKind(known.type) === "any") {
        first.set(path, { kind: kind.name, type });
      }
      if (known === undefined || compatible(known.type, type)) continue;
      problems.push(
        problem(kind, `property ${path} is ${type}, but ${known.type} in ${known.kind}`),
      );
    }
  }
  return problems;
}

function problem(kind: Kind, message: string): ModelProblem {
  return { kind: kind.name, message: `kind ${kind.name}: ${message}` };
}
