import assert from "node:assert/strict";
import { GraphError } from "../../../lib/errors/mod.ts";
import { parseLine } from "../../../lib/graph/mod.ts";

const EXTRAS = {
  z: "zone",
  e: [["from", "x_net", "id", "n"], ["to", "x_vm", "arn", "tab\there", "delete"]],
  t: { arn: "arn:x" },
  o: 1,
  ph: 1,
  pr: 1,
  k: ["tags"],
};

Deno.test("parseLine: reads a node with all its extras", () => {
  const line = parse(["n", 3, "x_vm", "i-1", "näme\n", EXTRAS], '{"a":1}');
  assert.ok(line.type === "node");
  const { body, ...header } = line;
  assert.deepEqual(header, {
    type: "node",
    scope: 3,
    kind: "x_vm",
    id: "i-1",
    name: "näme\n",
    extras: EXTRAS,
  });
  assert.equal(new TextDecoder().decode(body), '{"a":1}');
});

Deno.test("parseLine: reads the lines that open and close a scope", () => {
  assert.deepEqual(parse(["o", 0, "x", "acc", "Region", "r-1", "x_vm"]), {
    type: "open",
    scope: 0,
    key: { cloud: "x", account: "acc", region: "Region", resource: "x_vm" },
    regionId: "r-1",
  });
  const fault = { call: "x:List", code: "Denied", message: "no", permission: "x:List", count: 2 };
  assert.deepEqual(parse(["c", 0, "denied", [fault]]), {
    type: "close",
    scope: 0,
    outcome: "denied",
    faults: [fault],
  });
});

Deno.test("parseLine: refuses everything else and quotes nothing of it", () => {
  const secret = "hunter2";
  const node = (...header: unknown[]) => [JSON.stringify(["n", ...header]), "{}"] as const;
  const refused: readonly (readonly string[])[] = [
    [""],
    [secret],
    [`{"${secret}":1}`],
    [`["x","${secret}"]`],
    [`["n",1,"k","i","${secret}",{}]`],
    [`["n",1,"k","i","${secret}",{}]`, ""],
    [`["n",1,"k","i","${secret}",{}]`, "[1]"],
    [`["n",1,"k","i","${secret}",{}]`, '{"a":1'],
    [`["n",1,"k","i","${secret}",{}]`, "{"],
    node(1, "k", "i", secret),
    node(1, "k", "i", secret, {}, 1),
    node("1", "k", "i", secret, {}),
    node(-1, "k", "i", secret, {}),
    node(1.5, "k", "i", secret, {}),
    node(1, 2, "i", secret, {}),
    node(1, "k", null, secret, {}),
    node(1, "k", `${secret}\u0000`, "n", {}),
    node(1, "k", "i", 5, {}),
    node(1, "k", "i", secret, null),
    node(1, "k", "i", secret, []),
    node(1, "k", "i", secret, { replace: 1 }),
    node(1, "k", "i", secret, { toString: 1 }),
    node(1, "k", "i", secret, { o: true }),
    node(1, "k", "i", secret, { ph: 0 }),
    node(1, "k", "i", secret, { z: 1 }),
    node(1, "k", "i", secret, { t: { arn: 1 } }),
    node(1, "k", "i", secret, { t: ["arn"] }),
    node(1, "k", "i", secret, { e: [["up", "k", "id", "v"]] }),
    node(1, "k", "i", secret, { e: [["from", "k", "id"]] }),
    node(1, "k", "i", secret, { e: [["from", "k", "id", 1]] }),
    node(1, "k", "i", secret, { e: [["from", "k", "id", "v", "other"]] }),
    node(1, "k", "i", secret, { k: "tags" }),
    [`["o",1,"x","a","r","r","${secret}"]`, "{}"],
    [`["o",1,"x","a","r","r"]`],
    [`["o",1,"x","a\\u0000b","r","r","${secret}"]`],
    [`["c",1,"${secret}",[]]`],
    [`["c",1,"complete"]`],
    [`["c",1,"complete",[{"call":"${secret}"}]]`],
    [`["c",1,"complete",[]]`, "{}"],
  ];
  for (const parts of refused) {
    const line = parts.join("\t");
    const thrown = thrownBy(() => parseLine(new TextEncoder().encode(line)));
    assert.ok(thrown instanceof GraphError, line);
    assert.ok(!`${thrown.message} ${thrown.cause}`.includes(secret), line);
  }
});

Deno.test("parseLine: refuses bytes that are not UTF-8", () => {
  const bytes = new TextEncoder().encode('["n",1,"k","i","?",{}]\t{}');
  bytes[bytes.indexOf(0x3f)] = 0xff;
  assert.throws(() => parseLine(bytes), GraphError);
});

function parse(header: readonly unknown[], body?: string) {
  const text = JSON.stringify(header) + (body === undefined ? "" : `\t${body}`);
  return parseLine(new TextEncoder().encode(text));
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
