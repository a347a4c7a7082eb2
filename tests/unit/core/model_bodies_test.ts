import assert from "node:assert/strict";
import fc from "fast-check";
import type { ToldKind } from "../../../lib/core/dialect.ts";
import { CKCORE } from "../../../lib/core/ckcore.ts";
import { modelBodies } from "../../../lib/core/model_bodies.ts";
import { type Kind, KindIndex } from "../../../lib/model/mod.ts";

Deno.test("modelBodies: one body where that is enough", () => {
  const kinds = [kind("b", ["a"]), kind("a")];
  assert.deepEqual(modelBodies(kinds, 10_000), [JSON.stringify(kinds)]);
  assert.deepEqual(modelBodies([], 10), ["[]"]);
});

Deno.test("modelBodies: kinds that need one another stay together", () => {
  const kinds = [kind("z"), kind("a", [], ["b[]"]), kind("b", [], ["dictionary[string, a]"])];
  const bodies = modelBodies(kinds, 60).map((body) => names(body).toSorted());
  assert.deepEqual(bodies, [["z"], ["a", "b"]]);
});

Deno.test("modelBodies: a real model in pieces", async () => {
  const aws: { readonly kinds: readonly Kind[] } = JSON.parse(
    await Deno.readTextFile("plugins/aws/model.json"),
  );
  const kinds = CKCORE.model(new KindIndex(aws.kinds));
  const bodies = modelBodies(kinds, 20_000);
  assert.ok(bodies.length > 3);
  checkBodies(kinds, bodies, 20_000);
});

Deno.test("modelBodies: every body is complete with those before it, whatever the model", () => {
  const model = fc.array(fc.tuple(fc.array(fc.nat(15)), fc.array(fc.nat(15))), { maxLength: 16 });
  fc.assert(fc.property(model, fc.integer({ min: 1, max: 800 }), (links, limit) => {
    const kinds = links.map(([bases, types], at) =>
      kind(
        `k${at}`,
        bases.filter((base) => base < at).map((n) => `k${n}`),
        types.map((n) => `k${n}`),
      )
    ).toReversed();
    checkBodies(kinds, modelBodies(kinds, limit), Infinity);
  }));
});

function checkBodies(kinds: readonly ToldKind[], bodies: readonly string[], limit: number): void {
  const all = new Map(kinds.map((each) => [each.fqn, each]));
  const told = new Set<string>();
  for (const body of bodies) {
    assert.ok(new TextEncoder().encode(body).length <= limit, `${body.length}`);
    for (const name of names(body)) {
      assert.ok(!told.has(name), `${name} twice`);
      told.add(name);
    }
    for (const name of told) {
      for (const need of needs(all.get(name))) {
        assert.ok(!all.has(need) || told.has(need), `${name} needs ${need}`);
      }
    }
  }
  assert.equal(told.size, all.size);
}

function needs(one: ToldKind | undefined): readonly string[] {
  const types = one?.properties.flatMap(({ kind: type }) => type.match(/\w+/g) ?? []) ?? [];
  return [...one?.bases ?? [], ...types];
}

function kind(fqn: string, bases: readonly string[] = [], types: readonly string[] = []): ToldKind {
  return { fqn, bases, properties: types.map((type) => ({ kind: type })) };
}

function names(body: string): readonly string[] {
  const kinds: readonly ToldKind[] = JSON.parse(body);
  return kinds.map(({ fqn }) => fqn);
}
