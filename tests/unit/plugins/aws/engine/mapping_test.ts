import assert from "node:assert/strict";
import { compileBatchInput, compileInput } from "../../../../../plugins/aws/engine/input.ts";
import { Deriver, toMapping } from "../../../../../plugins/aws/engine/mapping.ts";
import { NodeMapper } from "../../../../../plugins/aws/engine/node_mapper.ts";
import {
  compilePath,
  compileValue,
  lastSegment,
  list,
  number,
  text,
} from "../../../../../plugins/aws/engine/path.ts";
import { by, from, type NodeDeclaration, to } from "../../../../../plugins/aws/resource.ts";
import { createRedact } from "../../../../../plugins/aws/engine/sensitive.ts";
import { toTags } from "../../../../../plugins/aws/engine/tags.ts";

const PLACE = {
  account: "1",
  region: "eu-west-1",
  regionName: "eu-west-1",
  partition: "aws",
  now: new Date(0),
};
const KEY = "00112233445566778899aabbccddeeff";

Deno.test("compilePath walks into structures and spreads lists", () => {
  const raw = { A: { B: "x" }, L: [{ I: [{ N: 1 }, { N: 2 }] }, { I: [{ N: 3 }] }, {}], Z: null };
  const read = (path: string) => compilePath(path)({ raw, key: "k", parent: { P: { Q: 4 } } });
  assert.equal(read("A.B"), "x");
  assert.deepEqual(read("L[].I[].N"), [1, 2, 3]);
  assert.equal(read("A.B.C"), undefined);
  assert.deepEqual(read("Missing[].N"), []);
  assert.equal(read("Z"), null);
  assert.equal(read("$key"), "k");
  assert.equal(read("$parent.P.Q"), 4);
});

Deno.test("compileValue takes the first path that is present", () => {
  const read = compileValue(["AllocationId", "PublicIp"]);
  assert.equal(read({ raw: { AllocationId: "", PublicIp: "1.2.3.4" }, key: "" }, PLACE), "1.2.3.4");
  assert.equal(read({ raw: {}, key: "" }, PLACE), undefined);
});

Deno.test("text, list and number read what is there and nothing else", () => {
  const raw = { A: { T: "x", N: "12.5", M: 3, L: [1] } };
  assert.deepEqual([text(raw, "A.T"), number(raw, "A.N"), number(raw, "A.M")], ["x", 12.5, 3]);
  assert.deepEqual([number(raw, "A.T"), text(undefined, "A"), list(raw, "A.T")], [
    undefined,
    undefined,
    [],
  ]);
  assert.deepEqual(list(raw, "A.L"), [1]);
});

Deno.test("lastSegment takes what stands behind the last slash or colon", () => {
  assert.equal(lastSegment("Arn")({ Arn: "arn:aws:rds:eu-west-1:1:db:main" }, PLACE), "main");
  assert.equal(lastSegment("Url")({ Url: "https://host/1/main" }, PLACE), "main");
});

Deno.test("compileInput fills references in at any depth, and leaves what is absent out", () => {
  const fill = compileInput({
    Name: "$.Name",
    Keys: ["$key", "$.Missing"],
    Filters: [{ Name: "vpc-id", Values: ["$parent.VpcId"] }],
  });
  assert.deepEqual(fill({ raw: { Name: "n" }, key: "k", parent: { VpcId: "v" } }), {
    Name: "n",
    Keys: ["k"],
    Filters: [{ Name: "vpc-id", Values: ["v"] }],
  });
  assert.deepEqual(compileBatchInput({ Names: "$keys" })(["a", "b"]), { Names: ["a", "b"] });
});

Deno.test("toTags reads maps and lists of both spellings", () => {
  assert.deepEqual(toTags([{ Key: "a", Value: "1" }, { Key: "b" }, { Value: "no key" }]), {
    a: "1",
    b: "",
  });
  assert.deepEqual(toTags([{ key: "a", value: "1" }]), { a: "1" });
  assert.deepEqual(toTags({ a: "1", b: null }), { a: "1", b: "" });
  assert.deepEqual(toTags(undefined), {});
});

Deno.test("createRedact hides secrets and shows that they change", () => {
  const redact = createRedact({ keep: false, key: KEY });
  const [first, same, other] = [redact("secret"), redact("secret"), redact("Secret")];
  assert.equal(first, same);
  assert.notEqual(first, other);
  assert.match(String(first), /^hmac-sha256:[0-9a-f]{32}$/);
  assert.deepEqual(Object.keys(redact({ USER: "u", N: 1 }) ?? {}), ["USER", "N"]);
  assert.ok(!JSON.stringify(redact({ a: ["secret", { b: "secret" }] })).includes('"secret"'));
  const otherKey = createRedact({ keep: false, key: "ff".repeat(16) });
  assert.notEqual(otherKey("secret"), first);
});

Deno.test("createRedact keeps secrets on demand", () => {
  assert.deepEqual(createRedact({ keep: true, key: KEY })({ a: "secret" }), { a: "secret" });
});

Deno.test("Deriver renames members at every level and hides secrets in them", () => {
  const deriver = new Deriver({
    "ec2.Inner": { InnerName: ["inner_name", 0], Password: ["password", "s"] },
    "ec2.Outer": { Items: ["items", ["ec2.Inner"]], ByName: ["by_name", { "*": "ec2.Inner" }] },
  }, createRedact({ keep: false, key: KEY }));
  const derive = deriver.compile({
    Outer: ["outer", "ec2.Outer"],
    Plain: ["plain", 0],
    Bytes: ["bytes", "b"],
    Null: ["null", 0],
  });
  const reported: Record<string, unknown> = {};
  derive({
    Outer: {
      Items: [{ InnerName: "a", Password: "hunter2", Unknown: 1 }],
      ByName: { Some_Key: { InnerName: "b" } },
    },
    Plain: { AsItIs: 1 },
    Bytes: new Uint8Array([1, 2, 3]),
    Null: null,
  }, reported);
  assert.ok(!JSON.stringify(reported).includes("hunter2"));
  assert.deepEqual(reported, {
    outer: {
      items: [{
        inner_name: "a",
        password: createRedact({ keep: false, key: KEY })("hunter2"),
      }],
      by_name: { Some_Key: { inner_name: "b" } },
    },
    plain: { AsItIs: 1 },
    bytes: "AQID",
  });
});

Deno.test("toMapping refuses what is no mapping", () => {
  assert.throws(() => toMapping({ kinds: {} }), /mapping is damaged/);
});

const declaration: NodeDeclaration = {
  kind: "aws_thing",
  bases: ["aws_resource"],
  id: "Id",
  ctime: "Created",
  mtime: "Changed",
  arn: "Arn",
  properties: {
    state: { value: "State.Name", map: { up: "running", down: "stopped" }, default: "unknown" },
    key: { value: "Key", secret: true },
    count: ({ List: found }) => Array.isArray(found) ? found.length : undefined,
  },
  edges: [from("aws_vpc", by("id", "VpcIds[]")), to("aws_user", by("arn", "Owner"))],
  phantom: ({ Managed: managed }) => managed === true,
  protect: "Default",
};

function map(raw: Readonly<Record<string, unknown>>, given = declaration, targets = ["arn"]) {
  const redact = createRedact({ keep: false, key: KEY });
  const mapping = {
    members: { Extra: ["extra", 0] as const },
    defaults: { state: "unknown" },
    targets,
    tags: "Tags",
  };
  const mapper = new NodeMapper(given, mapping, new Deriver({}, redact), redact);
  return mapper.map({ raw, key: raw }, PLACE);
}

Deno.test("NodeMapper: the whole node", () => {
  const created = new Date("2026-01-01T00:00:00Z");
  const node = map({
    Id: "id-1",
    Arn: "arn:1",
    Created: created,
    Changed: "1767225600",
    State: { Name: "up" },
    Key: "private",
    List: [1, 2],
    Extra: { A: 1 },
    VpcIds: ["v1", "v2", "v1", ""],
    Tags: [{ Key: "Name", Value: "thing" }],
    Default: true,
    Managed: true,
  });
  assert.deepEqual(node, {
    kind: "aws_thing",
    id: "id-1",
    name: "thing",
    reported: {
      state: "running",
      tags: { Name: "thing" },
      extra: { A: 1 },
      ctime: created,
      mtime: created,
      arn: "arn:1",
      key: createRedact({ keep: false, key: KEY })("private"),
      count: 2,
    },
    edges: [
      { direction: "from", kind: "aws_vpc", by: "id", value: "v1" },
      { direction: "from", kind: "aws_vpc", by: "id", value: "v2" },
    ],
    phantom: true,
    protected: true,
    targets: { arn: "arn:1" },
  });
});

Deno.test("NodeMapper: what is absent or unmapped has the default, an empty Name tag is no name", () => {
  const node = map({ Id: "id-1", State: { Name: "sideways" }, Tags: [{ Key: "Name", Value: "" }] });
  assert.equal(node?.name, "id-1");
  assert.deepEqual(node?.reported, { state: "unknown", tags: { Name: "" } });
  assert.deepEqual(node?.targets, {});
  assert.equal(node?.phantom, undefined);
  assert.equal(node?.protected, undefined);
});

Deno.test("NodeMapper: no id, no node", () => {
  assert.equal(map({}), undefined);
});

Deno.test("NodeMapper: a name is found by others", () => {
  const node = map({ Id: "i", Label: "l" }, { ...declaration, name: "Label" }, ["name"]);
  assert.deepEqual([node?.name, node?.targets], ["l", { name: "l" }]);
});
