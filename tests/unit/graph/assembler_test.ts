import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ArrivingNode,
  Assembler,
  createNodeIdentifier,
  type Graph,
} from "../../../lib/graph/mod.ts";
import { type Kind, KindIndex, type NodeExtras } from "../../../lib/model/mod.ts";
import { naiveGraph, reference } from "./naive_graph.ts";

const U = "undefined";
const kind = (name: string, ...bases: string[]): Kind => ({ name, bases, properties: [] });
const KINDS = new KindIndex([
  kind("t_account", "account"),
  kind("t_region", "region"),
  kind("t_zone", "zone"),
  kind("t_net", "network"),
  kind("t_vm", "instance"),
  kind("t_big_vm", "t_vm"),
]);
const IDENTIFY = await createNodeIdentifier();

const ROOT = node("graph_root", "root", { cloud: U, account: U, region: U });
const CLOUD = node("cloud", "c", { account: U, region: U });
const ACCOUNT = node("t_account", "a", { region: U });
const REGION = node("t_region", "r");
const HOST: readonly ArrivingNode[] = [ROOT, CLOUD, ACCOUNT, REGION];

Deno.test("Assembler: hangs nodes below zone, region, account, cloud and root", () => {
  const { edges } = assembled([
    ...HOST,
    node("t_zone", "z", { zone: "z" }),
    node("t_vm", "in-zone", { zone: "z" }),
    node("t_vm", "in-region"),
    node("t_vm", "in-account", { region: U }),
    node("t_vm", "elsewhere", { region: "unknown" }),
    node("t_vm", "in-cloud", { account: "unknown" }),
    node("t_vm", "nowhere", { cloud: "unknown" }),
  ]);
  assert.deepEqual(edges, [
    "a>elsewhere",
    "a>in-account",
    "a>r",
    "c>a",
    "c>in-cloud",
    "r>in-region",
    "r>z",
    "root>c",
    "root>nowhere",
    "z>in-zone",
  ]);
});

Deno.test("Assembler: tells two regions with one id apart by their names", () => {
  const global = node("t_region", "r", { name: "global", regionName: "global" });
  const { edges, assembler } = assembled([
    ...HOST,
    global,
    node("t_vm", "everywhere", { regionName: "global" }),
  ]);
  assert.equal(assembler.add(global).duplicate, "equal");
  assert.equal(assembler.add(REGION).seq, 3);
  assert.ok(edges.includes("r>everywhere"));
  assert.equal(edges.filter((edge) => edge === "a>r").length, 2);
});

Deno.test("Assembler: an edge may name a node that comes later, in both directions", () => {
  const { edges } = assembled([
    ...HOST,
    node("t_vm", "vm", { e: [reference("from", "t_net", "id", "net")] }),
    node("t_vm", "other", { e: [reference("to", "t_net", "arn", "arn:net")] }),
    node("t_net", "net", { t: { arn: "arn:net" } }),
  ]);
  assert.ok(edges.includes("net>vm"));
  assert.ok(edges.includes("other>net"));
});

Deno.test("Assembler: a reference to a kind finds nodes of kinds that derive from it", () => {
  const { edges } = assembled([
    ...HOST,
    node("t_net", "net", { e: [reference("to", "instance", "id", "big")] }),
    node("t_big_vm", "big"),
  ]);
  assert.ok(edges.includes("net>big"));
});

Deno.test("Assembler: takes the nearest node and refuses to guess between several", () => {
  const net = (region: string, account = "a") => node("t_net", "n", { region, account });
  const from = (extras: Partial<ArrivingNode>) =>
    node("t_vm", "vm", { ...extras, e: [reference("from", "t_net", "id", "n")] });
  const near = assembled([...HOST, net("r"), net("s"), from({})]);
  assert.ok(near.edges.includes("n>vm"));
  const several = assembled([...HOST, net("s"), net("t"), from({})]);
  assert.deepEqual([...several.graph.report.ambiguous], [["t_net.id", 1]]);
  const foreign = assembled([...HOST, net("s", "b"), from({})]);
  assert.ok(foreign.edges.includes("n>vm"));
  const none = assembled([...HOST, from({})]);
  assert.deepEqual([...none.graph.report.unresolved], [["t_net.id", 1]]);
});

Deno.test("Assembler: an orphan has a default parent only when it finds no other", () => {
  const orphan = (id: string, net: string) =>
    node("t_vm", id, { o: 1, e: [reference("from", "t_net", "id", net)] });
  const { edges } = assembled([...HOST, node("t_net", "n"), orphan("x", "n"), orphan("y", "-")]);
  assert.ok(edges.includes("n>x") && !edges.includes("r>x"));
  assert.ok(edges.includes("r>y"));
});

Deno.test("Assembler: an orphan whose only parent is lost to a cycle gets its default one", () => {
  const { edges, graph } = assembled([
    ...HOST,
    node("t_vm", "x", { o: 1, e: [reference("from", "t_vm", "id", "y")] }),
    node("t_vm", "y", { o: 1, e: [reference("from", "t_vm", "id", "x")] }),
  ]);
  assert.equal(graph.report.cycleCount, 1);
  assert.equal(edges.filter((edge) => edge === "r>x" || edge === "r>y").length, 1);
});

Deno.test("Assembler: makes no references when they are to be ignored", () => {
  const e = [reference("from", "t_net", "id", "n")];
  const assembler = new Assembler(KINDS, IDENTIFY, { ignoreReferences: true });
  for (const each of [...HOST, node("t_net", "n"), node("t_vm", "vm", { e, o: 1 })]) {
    assembler.add(each);
  }
  assert.equal(assembler.finish(() => true).edgeCount, 5);
});

Deno.test("Assembler: a second line of a node counts as equal or different, the first stays", () => {
  const assembler = new Assembler(KINDS, IDENTIFY);
  const first = assembler.add(node("t_vm", "vm"));
  assert.equal(first.duplicate, undefined);
  const repeated = assembler.add(node("t_vm", "vm"));
  assert.deepEqual(repeated, { ...first, duplicate: "equal", shadow: 1 });
  for (const other of [{ name: "other" }, { bodyHash: 2 }]) {
    const differing = assembler.add(node("t_vm", "vm", other));
    assert.equal(differing.seq, first.seq);
    assert.equal(differing.duplicate, "different");
  }
});

Deno.test("Assembler: refuses a kind that no model declares", () => {
  assert.throws(() => new Assembler(KINDS, IDENTIFY).add(node("t_none", "x")), /t_none/);
});

Deno.test("Assembler: nodes of a discarded scope are neither in the graph nor found", () => {
  const assembler = new Assembler(KINDS, IDENTIFY);
  for (const each of HOST) assembler.add(each);
  const discarded = assembler.add(node("t_net", "n"));
  const vm = assembler.add(node("t_vm", "vm", { e: [reference("from", "t_net", "id", "n")] }));
  const graph = assembler.finish((seq) => seq !== discarded.seq);
  assert.equal(graph.nodeCount, 5);
  assert.ok(!graph.has(discarded.seq) && graph.has(vm.seq));
  assert.deepEqual([...graph.report.unresolved], [["t_net.id", 1]]);
});

Deno.test("Assembler: a kept node is found, but hidden by one of this run, unless that is discarded", () => {
  const build = (sent: readonly ArrivingNode[], alive: boolean) => {
    const assembler = new Assembler(KINDS, IDENTIFY);
    for (const each of [...HOST, ...sent]) assembler.add(each);
    assembler.add(node("t_vm", "vm", { e: [reference("from", "t_net", "id", "n")] }));
    const seq = assembler.addKept({ ...node("t_net", "n", { name: "old" }), scopeRegion: "r" });
    const graph = assembler.finish((seq) => alive || seq !== HOST.length);
    return { graph, seq, found: [...graph.edges()].some(({ from }) => from === seq) };
  };
  assert.ok(build([], true).found);
  const hidden = build([node("t_net", "n")], true);
  assert.ok(!hidden.graph.has(hidden.seq) && !hidden.found);
  assert.deepEqual([...hidden.graph.report.ambiguous], []);
  assert.ok(build([node("t_net", "n")], false).found);
});

Deno.test("Assembler: at the same level a node of this run is preferred to a kept one", () => {
  const assembler = new Assembler(KINDS, IDENTIFY);
  const t = { arn: "one" };
  for (const each of HOST) assembler.add(each);
  const sent = assembler.add(node("t_net", "new", { t }));
  assembler.addKept({ ...node("t_net", "old", { t }), scopeRegion: "r" });
  const vm = assembler.add(node("t_vm", "vm", { e: [reference("from", "t_net", "arn", "one")] }));
  const edges = [...assembler.finish(() => true).edges()];
  assert.ok(edges.some(({ from, to }) => from === sent.seq && to === vm.seq));
});

Deno.test("Assembler: leaves the last reference of a cycle out and describes it", () => {
  const { graph, edges, nodes } = assembled([
    ...HOST,
    node("t_vm", "x", { e: [reference("to", "t_vm", "id", "y")] }),
    node("t_vm", "y", { e: [reference("to", "t_vm", "id", "z")] }),
    node("t_vm", "z", { e: [reference("to", "t_vm", "id", "x")] }),
  ]);
  const [cycle] = graph.report.cycles;
  assert.equal(graph.report.cycleCount, 1);
  assert.equal(cycle?.length, 3);
  assert.equal(cycle?.target, "t_vm.id");
  const path = cycle?.path.map((seq) => nodes[seq]?.id) ?? [];
  assert.ok(["x,y,z", "y,z,x", "z,x,y"].includes(path.join(",")), path.join(","));
  assert.ok(!edges.includes(`${path[0]}>${path[1]}`));
  assert.ok(edges.includes(`${path[1]}>${path[2]}`) && edges.includes(`${path[2]}>${path[0]}`));
});

Deno.test("Assembler: a reference never costs a node its default parent", () => {
  const { graph, edges } = assembled([
    ...HOST,
    node("t_vm", "vm", { e: [reference("to", "t_account", "id", "a")] }),
  ]);
  assert.equal(graph.report.cycleCount, 1);
  assert.ok(edges.includes("r>vm") && edges.includes("a>r") && !edges.includes("vm>a"));
});

Deno.test("Assembler: a reference of a node to itself makes no edge and is counted", () => {
  const { graph } = assembled([
    ...HOST,
    node("t_vm", "vm", { e: [reference("from", "t_vm", "id", "vm")] }),
  ]);
  assert.deepEqual([...graph.report.selfReferences], [["t_vm.id", 1]]);
  assert.equal(graph.edgeCount, 4);
});

Deno.test("Assembler: delete edges are edges of their own and may run against dependencies", () => {
  const { graph } = assembled([
    ...HOST,
    node("t_net", "n"),
    node("t_vm", "vm", {
      e: [["from", "t_net", "id", "n"], ["to", "t_net", "id", "n", "delete"]],
    }),
  ]);
  assert.equal(graph.report.cycleCount, 0);
  assert.deepEqual([...graph.edges()].filter(({ type }) => type === "delete"), [
    { from: 5, to: 4, type: "delete" },
  ]);
});

Deno.test("Assembler: an edge that both ends declare is one edge", () => {
  const { graph } = assembled([
    ...HOST,
    node("t_net", "n", { e: [reference("to", "t_vm", "id", "vm")] }),
    node("t_vm", "vm", { e: [reference("from", "t_net", "id", "n")] }),
  ]);
  assert.equal(graph.edgeCount, 6);
});

Deno.test("Assembler: depth is the longest path, found without walking every path", () => {
  // Two edges from each node to the next two: more paths than could ever be walked one by one.
  const length = 20_000;
  const chain = Array.from(
    { length },
    (_, at) =>
      node("t_vm", `${at}`, {
        e: [1, 2].map((step) => reference("to", "t_vm", "id", `${at + step}`)),
      }),
  );
  const { graph } = assembled([...HOST, ...chain]);
  assert.equal(graph.depths()[HOST.length + length - 1], 4 + length - 1);
});

Deno.test("Assembler: breaks one cycle through very many nodes", () => {
  const length = 20_000;
  const ring = Array.from(
    { length },
    (_, at) =>
      node("t_vm", `${at}`, { e: [reference("to", "t_vm", "id", `${(at + 1) % length}`)] }),
  );
  const { graph } = assembled([...HOST, ...ring]);
  assert.equal(graph.report.cycleCount, 1);
  assert.equal(graph.report.cycles[0]?.length, length);
  assert.equal(graph.report.cycles[0]?.path.length, 100);
  assert.equal(graph.edgeCount, 3 + length + length - 1);
});

Deno.test("Assembler: needs a root", () => {
  assert.throws(() => new Assembler(KINDS, IDENTIFY).finish(() => true), /graph_root/);
});

Deno.test("Assembler: agrees with a plain model, in any order, and is a tree of sorts", () => {
  fc.assert(
    fc.property(arbitraryNodes(), ({ nodes, shuffled }) => {
      const { graph, edges } = assembled(shuffled);
      const naive = naiveGraph(nodes);
      if (graph.report.cycleCount === 0) assert.deepEqual(edges, [...naive.edges].sort());
      for (const edge of edges) assert.ok(naive.edges.has(edge) || isToDefaultParent(edge), edge);
      assert.equal(sum(graph.report.unresolved), naive.unresolved);
      assert.equal(sum(graph.report.ambiguous), naive.ambiguous);
      assert.deepEqual(edges, assembled(nodes).edges);
      checkShape(graph, nodes.length);
    }),
    { numRuns: 500 },
  );
});

interface Assembled {
  readonly assembler: Assembler;
  readonly graph: Graph;
  readonly nodes: readonly ArrivingNode[];
  /** `from>to` with the ids of the nodes, sorted. */
  readonly edges: readonly string[];
}

function assembled(nodes: readonly ArrivingNode[]): Assembled {
  const assembler = new Assembler(KINDS, IDENTIFY);
  for (const each of nodes) assembler.add(each);
  const graph = assembler.finish(() => true);
  const id = (seq: number) => nodes[seq]?.id;
  const edges = [...graph.edges()].map(({ from, to }) => `${id(from)}>${id(to)}`).sort();
  assert.equal(edges.length, graph.edgeCount);
  return { assembler, graph, nodes, edges };
}

function node(
  kind: string,
  id: string,
  fields: Partial<ArrivingNode> & NodeExtras = {},
): ArrivingNode {
  const { e, t, o, ...rest } = fields;
  const region = rest.region ?? "r";
  return {
    kind,
    cloud: "c",
    account: "a",
    region,
    regionName: region === U ? "" : region,
    zone: U,
    id,
    name: id,
    bodyHash: 1,
    extras: {
      ...(e === undefined ? {} : { e }),
      ...(t === undefined ? {} : { t }),
      ...(o === undefined ? {} : { o }),
    },
    ...rest,
  };
}

/** Nodes with unique ids all over two accounts and regions, and the same in another order. */
function arbitraryNodes() {
  const place = fc.record({
    account: fc.constantFrom("a", "b"),
    region: fc.constantFrom("r", "s"),
  });
  const declared = fc.tuple(
    fc.constantFrom("from" as const, "to" as const),
    fc.constantFrom("t_net", "t_vm"),
    fc.constantFrom("id", "arn"),
    fc.integer({ min: 0, max: 9 }).map(String),
  ).map((parts) => reference(...parts));
  const one = fc.record({
    kind: fc.constantFrom("t_net", "t_vm"),
    place,
    e: fc.array(declared, { maxLength: 3 }),
    arn: fc.integer({ min: 0, max: 9 }).map(String),
    orphan: fc.boolean(),
  });
  return fc.array(one, { minLength: 1, maxLength: 12 }).chain((drawn) => {
    const nodes = [
      ...HOST,
      ...drawn.map(({ kind, place, e, arn, orphan }, at) =>
        node(kind, `${at}`, { ...place, e, t: { arn }, ...(orphan ? { o: 1 } : {}) })
      ),
    ];
    return fc.shuffledSubarray(nodes, { minLength: nodes.length })
      .map((shuffled) => ({ nodes, shuffled }));
  });
}

/** Every node but the root has an incoming edge, and depths grow along all edges. */
function checkShape(graph: Graph, nodeCount: number): void {
  const edges = [...graph.edges()];
  const depths = graph.depths();
  assert.equal(graph.nodeCount, nodeCount);
  assert.equal(new Set(edges.map(({ to }) => to)).size, nodeCount - 1);
  for (const { from, to } of edges) assert.ok((depths[from] ?? 0) < (depths[to] ?? 0));
  assert.equal(new Set(edges.map(({ from, to }) => `${from}>${to}`)).size, edges.length);
}

/** Orphans that lose their parents to broken cycles hang below region or account. */
function isToDefaultParent(edge: string): boolean {
  return /^(?:r|a|c)>/.test(edge);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
