import assert from "node:assert/strict";
import { type DumpEdge, dumpGraph, dumpModel, type DumpNode } from "../../../lib/graph/mod.ts";
import { exportModel, KindIndex } from "../../../lib/model/mod.ts";

const KINDS = new KindIndex([
  { name: "x_vm", bases: ["instance"], properties: [], pythonType: "x.resources.Vm" },
]);
const NODE: DumpNode = {
  nodeId: "id-1",
  kind: "x_vm",
  id: "i-1",
  name: 'a "web"',
  body: '{"tags":{"a":"b"},"ctime":"2021-12-01T10:00:00Z"}',
  phantom: false,
  protected: true,
};

Deno.test("dumpGraph: writes nodes, then edges, as lines of an upload", async () => {
  const nodes: DumpNode[] = [
    { ...NODE, nodeId: "id-0", kind: "cloud", id: "x", name: "x", body: "{}", protected: false },
    { ...NODE, marked: true },
  ];
  const lines = await dumped(nodes, [
    { from: "id-0", to: "id-1", type: "dependency" },
    { from: "id-1", to: "id-0", type: "delete" },
  ]);
  assert.deepEqual(lines, [
    {
      id: "id-0",
      reported: { kind: "cloud", id: "x", name: "x" },
      metadata: {
        python_type: "cklib.baseresources.Cloud",
        cleaned: false,
        phantom: false,
        protected: false,
      },
      replace: true,
    },
    {
      id: "id-1",
      reported: {
        kind: "x_vm",
        id: "i-1",
        name: 'a "web"',
        tags: { a: "b" },
        ctime: "2021-12-01T10:00:00Z",
      },
      metadata: { python_type: "x.resources.Vm", cleaned: false, phantom: false, protected: true },
      desired: { clean: true },
    },
    { from: "id-0", to: "id-1" },
    { from: "id-1", to: "id-0", edge_type: "delete" },
  ]);
});

Deno.test("dumpGraph: passes values on as they are stored", async () => {
  const text = await dumpedText([{ ...NODE, body: '{"big":12345678901234567890,"x":1.0}' }], []);
  assert.ok(text.includes('"big":12345678901234567890,"x":1.0}'));
  assert.ok(text.startsWith('{"id":"id-1","reported":{"kind":"x_vm","id":"i-1",'), text);
});

Deno.test("dumpGraph: refuses a node whose kind is not in the model", async () => {
  await assert.rejects(dumped([{ ...NODE, kind: "x_none" }], []), /x_none/);
});

Deno.test("dumpModel: writes the whole model", async () => {
  let text = "";
  await dumpModel(KINDS, { write: (part) => void (text += part) });
  assert.deepEqual(JSON.parse(text), exportModel(KINDS));
});

async function dumped(...parts: Parameters<typeof dumpedText>): Promise<unknown[]> {
  return (await dumpedText(...parts)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

async function dumpedText(
  nodes: readonly DumpNode[],
  edges: readonly DumpEdge[],
): Promise<string> {
  let text = "";
  await dumpGraph(KINDS, nodes, edges, { write: (part) => void (text += part) });
  return text;
}
