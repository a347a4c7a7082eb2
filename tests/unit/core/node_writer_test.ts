import assert from "node:assert/strict";
import { CKCORE } from "../../../lib/core/ckcore.ts";
import type { Dialect } from "../../../lib/core/dialect.ts";
import { FIXCORE } from "../../../lib/core/fixcore.ts";
import { NodeWriter, noteFor } from "../../../lib/core/node_writer.ts";
import { KINDS, node } from "../../support/remote_core.ts";

const EXACT = '"instance_cores":12345678901234567890,"exact":1.0';

Deno.test("NodeWriter: counts bytes, not characters", () => {
  const one = node({ body: JSON.stringify({ notes: "😀".repeat(100) }) });
  const { length } = new TextEncoder().encode(writer(CKCORE).write(one).text);
  assert.deepEqual(writer(limited(length + 1)).write(one), writer(CKCORE).write(one));
  const { text, shortened } = writer(limited(length)).write(one);
  assert.ok(shortened);
  assert.ok(new TextEncoder().encode(text).length < length);
});

Deno.test("NodeWriter: replaces the largest values first, by a note of their type", () => {
  const large = (length: number) => "x".repeat(length);
  const values = {
    notes: large(5000),
    x_names: [large(4000)],
    x_labels: { a: large(3000) },
    x_any: { b: [large(2000)] },
    x_parts: [{ part_size: 1, text: large(1000) }],
    instance_type: "small",
  };
  const body = `{${EXACT},${JSON.stringify(values).slice(1)}`;
  const note = (name: keyof typeof values) => noteFor(JSON.stringify(values[name]).length);
  const expected = [
    { notes: note("notes") },
    { x_names: [note("x_names")] },
    { x_labels: { note: note("x_labels") } },
    { x_any: note("x_any") },
  ];
  expected.forEach((_, count) => {
    const sizes = [5000, 4000, 3000, 2000, 1000].slice(count + 1).reduce((a, b) => a + b, 0);
    const { text, shortened } = writer(limited(sizes + 1200)).write(node({ body }));
    const { reported } = JSON.parse(text);
    const changed = Object.assign({}, ...expected.slice(0, count + 1));
    assert.ok(shortened);
    assert.deepEqual({ ...reported, ...values, ...changed }, reported);
    assert.ok(text.includes(EXACT), "what stays keeps its digits");
  });
  const last = JSON.parse(writer(limited(1100)).write(node({ body })).text).reported;
  assert.equal("x_parts" in last, false, "a type that holds no text is left out");
  assert.equal(last.instance_type, "small");
});

Deno.test("NodeWriter: a name can be too long too", () => {
  const { text } = writer(limited(600)).write(node({ name: "n".repeat(1000) }));
  assert.equal(JSON.parse(text).reported.name, noteFor(1002));
});

Deno.test("NodeWriter: what cannot be made to fit goes as it is, for the core to judge", () => {
  const { text, shortened } = writer(limited(600)).write(node({ id: "i".repeat(1000) }));
  assert.ok(shortened);
  const { id, name, tags } = JSON.parse(text).reported;
  assert.equal(id.length, 1000);
  assert.deepEqual([name, tags], ["web", { a: "b" }], "a note would be longer than these");
});

Deno.test("NodeWriter: gives values that differ by generation in its words", () => {
  const body = '{"x_lease":266405,"instance_cores":2.0}';
  const lease = (dialect: Dialect) => writer(dialect).write(node({ body })).text;
  assert.match(lease(CKCORE), /"x_lease":"3 days, 2:00:05","instance_cores":2.0}/);
  assert.match(lease(FIXCORE), /"x_lease":"3d2h5s","instance_cores":2.0}/);
});

Deno.test("NodeWriter: spans of all sizes", () => {
  const spans: readonly (readonly [number, string, string])[] = [
    [0, "0:00:00", "0s"],
    [86_400, "1 day, 0:00:00", "1d"],
    [3_661, "1:01:01", "1h1m1s"],
    [-1, "-1 day, 23:59:59", "-1s"],
  ];
  for (const [seconds, python, units] of spans) {
    const one = node({ body: `{"x_lease":${seconds}}` });
    assert.equal(JSON.parse(writer(CKCORE).write(one).text).reported.x_lease, python);
    assert.equal(JSON.parse(writer(FIXCORE).write(one).text).reported.x_lease, units);
  }
});

Deno.test("the limits stay below those of the cores", () => {
  assert.ok(CKCORE.limits.line < 128 * 1024 && CKCORE.limits.json < 1024 * 1024);
  assert.ok(FIXCORE.limits.line < 10 * 1024 ** 2 && FIXCORE.limits.json < 5 * 1024 ** 2);
});

function writer(dialect: Dialect): NodeWriter {
  return new NodeWriter(dialect, KINDS, "2026-01-02T03:04:05Z");
}

/** The first generation with room for lines of so many bytes, line feed included. */
function limited(line: number): Dialect {
  return { ...CKCORE, limits: { ...CKCORE.limits, line } };
}
