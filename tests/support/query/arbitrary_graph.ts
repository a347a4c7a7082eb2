import fc from "fast-check";
import type { PlainEdge, PlainGraph, PlainNode } from "./plain_graph.ts";

/** Few values, so that comparisons hit; some that are close to each other. */
export const TEXTS = [
  "",
  "a",
  "b",
  "ab",
  "A",
  "3",
  "10",
  "é",
  "true",
  "10.1.2.3",
  "\u{1f600}",
  "\uffff",
];
export const NUMBERS = [-1, 0, 1, 3, 3.5, 10];
export const DATES = ["2030-01-01T00:00:00Z", "2030-01-01T12:00:00Z", "2029-12-01T00:00:00Z"];

const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(...NUMBERS);
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie("value"), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom("x", "y"), tie("value"), { maxKeys: 2 }),
  ),
})).value;

const port = fc.record({
  from: number,
  cidr: fc.array(fc.constantFrom("10.0.0.0/8", "0.0.0.0/0"), { maxLength: 2 }),
}, { requiredKeys: [] });

const body = fc.record({
  tags: fc.dictionary(
    fc.constantFrom("owner", "my key", "expiration", "cloudkeeper:expires"),
    fc.constantFrom("a", "b", "2d", "5h", "never", "2030-01-01T12:00:00Z"),
    { maxKeys: 3 },
  ),
  ctime: fc.constantFrom(...DATES),
  mtime: fc.constantFrom(...DATES),
  size: number,
  label: text,
  open: fc.boolean(),
  made: fc.constantFrom(...DATES),
  labels: fc.array(text, { maxLength: 3 }),
  ports: fc.array(port, { maxLength: 2 }),
  blob: anything,
  ip: fc.constantFrom("10.1.2.3", "10.200.0.1", "192.168.0.1", "300.1.1.1", "no"),
}, { requiredKeys: ["tags"] });

const kind = fc.constantFrom("t_disk", "t_disk", "t_big_disk", "t_quota", "t_account", "t_region");

const node: fc.Arbitrary<PlainNode> = fc.record({
  kind,
  id: fc.constantFrom("1", "2", "3"),
  name: text,
  account: fc.constantFrom("a1", "a2"),
  region: fc.constantFrom("eu", "us", ""),
  body,
  phantom: fc.boolean(),
  protected: fc.constantFrom("no", "no", "collected", "flagged"),
  marked: fc.boolean(),
});

/** Nodes of distinct identity; edges lead from lower to higher numbers. */
export const graphs: fc.Arbitrary<PlainGraph> = fc
  .uniqueArray(node.map(placed), { minLength: 1, maxLength: 9, selector: identity })
  .chain((nodes) => fc.record({ nodes: fc.constant(nodes), edges: edgesBetween(nodes.length) }));

/** An account and a region lie at their own place, as the host puts them. */
function placed(node: PlainNode): PlainNode {
  if (node.kind === "t_account") return { ...node, account: node.id, region: "" };
  if (node.kind === "t_region") return { ...node, region: node.id, name: node.id };
  return node;
}

function identity({ kind, id, account, region }: PlainNode): string {
  return [kind, id, account, region].join("/");
}

function edgesBetween(count: number): fc.Arbitrary<readonly PlainEdge[]> {
  const end = fc.nat({ max: count - 1 });
  const edge = fc.record({
    from: end,
    to: end,
    type: fc.constantFrom("dependency", "dependency", "delete"),
  });
  return fc.array(edge, { maxLength: count * 2 }).map((edges) => {
    const forward = edges.filter(({ from, to }) => from !== to)
      .map(({ from, to, type }): PlainEdge => ({
        from: Math.min(from, to),
        to: Math.max(from, to),
        type: type === "delete" ? "delete" : "dependency",
      }));
    return [...new Map(forward.map((one) => [JSON.stringify(one), one])).values()];
  });
}
