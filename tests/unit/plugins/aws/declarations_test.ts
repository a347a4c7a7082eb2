import assert from "node:assert/strict";
import { type Kind, KindIndex, type Property } from "../../../../lib/model/mod.ts";
import type { NodeDeclaration } from "../../../../plugins/aws/resource.ts";
import { resources } from "../../../../plugins/aws/resources/mod.ts";

/** Kinds of the original worker: class, bases and own properties as `[type, default]`. */
interface Original {
  readonly class: string;
  readonly bases: readonly string[];
  readonly phantom: boolean;
  readonly properties: Readonly<Record<string, readonly unknown[]>>;
}

const original: Readonly<Record<string, Original>> = read("tests/fixtures/aws/kinds.json");
const { kinds }: { readonly kinds: readonly Kind[] } = read("plugins/aws/model.json");

function read(path: string) {
  return JSON.parse(Deno.readTextFileSync(new URL(`../../../../${path}`, import.meta.url)));
}

/** Every kind with the kind that it is declared below. */
function* declarations(): Generator<{ readonly node: NodeDeclaration; readonly above?: string }> {
  for (const resource of resources) {
    yield* below(resource);
    for (const companion of resource.companions ?? []) yield* below(companion);
  }
}

function* below(
  node: NodeDeclaration,
  above?: string,
): Generator<{ readonly node: NodeDeclaration; readonly above?: string }> {
  yield above === undefined ? { node } : { node, above };
  for (const child of node.children ?? []) yield* below(child, node.kind);
}

Deno.test("aws model: the original worker's kinds have their class, bases and phantom mark", () => {
  const index = new KindIndex(kinds);
  for (const [name, { class: pythonClass, bases, phantom }] of Object.entries(original)) {
    const kind = index.get(name);
    assert.deepEqual(
      [kind?.name, kind?.pythonType, kind?.bases, index.isPhantom(name)],
      [name, `cloudkeeper_plugin_aws.resources.${pythonClass}`, bases, phantom],
    );
  }
});

Deno.test("aws model: the original worker's properties have their type and default", () => {
  const index = new KindIndex(kinds);
  for (const [name, { properties }] of Object.entries(original)) {
    const found = new Map(index.properties(name).map((each) => [each.name, each]));
    for (const [property, facts] of Object.entries(properties)) {
      assert.deepEqual([name, property, ...factsOf(found.get(property))], [
        name,
        property,
        ...facts,
      ]);
    }
  }
});

Deno.test("aws declarations: edges lead to kinds that there are", () => {
  const known = new Set(kinds.map(({ name }) => name));
  for (const { node } of declarations()) {
    for (const { kind } of node.edges ?? []) {
      assert.ok(known.has(kind), `${node.kind} has an edge to ${kind}`);
    }
  }
});

Deno.test("aws declarations: edges between kinds lead in no circle", () => {
  const next = new Map<string, Set<string>>();
  const add = (from: string, to: string) => next.set(from, (next.get(from) ?? new Set()).add(to));
  for (const { node, above } of declarations()) {
    if (above !== undefined) add(above, node.kind);
    for (const { direction, kind } of node.edges ?? []) {
      if (direction === "from") add(kind, node.kind);
      else add(node.kind, kind);
    }
  }
  const done = new Set<string>();
  const visit = (kind: string, path: readonly string[]) => {
    assert.ok(!path.includes(kind), [...path, kind].join(" > "));
    if (done.has(kind)) return;
    for (const to of next.get(kind) ?? []) visit(to, [...path, kind]);
    done.add(kind);
  };
  for (const kind of next.keys()) visit(kind, []);
});

Deno.test("aws declarations: every kind is described", () => {
  const silent = [...declarations()].filter(({ node }) => node.description === undefined);
  assert.deepEqual(silent.map(({ node }) => node.kind), []);
});

function factsOf(property: Property | undefined): readonly unknown[] {
  if (property === undefined) return ["absent"];
  return property.default === undefined ? [property.type] : [property.type, property.default];
}
