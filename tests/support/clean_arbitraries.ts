import fc from "fast-check";
import { OUTCOMES } from "../../lib/model/mod.ts";
import { TROUBLES, type World, WORLD_KINDS, type WorldNode } from "./clean_world.ts";

const kinds = WORLD_KINDS.map(({ name }) => name);

const node: fc.Arbitrary<WorldNode> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("world_plain", "world_tied") },
    { weight: 3, arbitrary: fc.constantFrom(...kinds) },
    { weight: 2, arbitrary: fc.constant("world_along") },
  ),
  account: fc.constantFrom(0 as const, 1 as const),
  scope: fc.constantFrom(0 as const, 1 as const),
  marked: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  protected: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  phantom: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, fc.constant(true)),
  main: fc.boolean(),
  trouble: fc.oneof(
    { weight: 3, arbitrary: fc.constant("none" as const) },
    fc.constantFrom(...TROUBLES),
  ),
});

/** Worlds of a few nodes: most edges lead downwards, some make circles. */
export const worlds: fc.Arbitrary<World> = fc.array(node, { minLength: 1, maxLength: 10 })
  .chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      edges: nodes.length < 2
        ? fc.constant([])
        : fc.array(edgesAmong(nodes.length), { maxLength: 2 * nodes.length }),
      outcomes: fc.tuple(outcome, outcome, outcome, outcome),
      hours: fc.tuple(hours, hours, hours, hours),
      kills: fc.array(
        fc.record({ at: fc.integer({ min: 1, max: 25 }), after: fc.boolean() }),
        { maxLength: 1 },
      ),
    })
  );

const outcome = fc.oneof(
  { weight: 6, arbitrary: fc.constant("complete" as const) },
  fc.constantFrom(...OUTCOMES.filter((each) => each !== "gone" && each !== "unsupported")),
);

const hours = fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, fc.constantFrom(23, 25, 700));

function edgesAmong(count: number) {
  const index = fc.nat({ max: count - 1 });
  const kind = fc.oneof(
    { weight: 4, arbitrary: fc.constant("dependency" as const) },
    fc.constant("delete" as const),
  );
  return fc.tuple(index, index, kind, fc.integer({ min: 0, max: 9 })).map(([a, b, type, turn]) => {
    const isTurned = type === "delete" ? turn < 5 : turn === 0;
    const [from, to] = isTurned
      ? [Math.max(a, b), Math.min(a, b)]
      : [Math.min(a, b), Math.max(a, b)];
    return { from, to, type };
  }).filter(({ from, to }) => from !== to);
}
