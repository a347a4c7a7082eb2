import assert from "node:assert/strict";
import { GraphError } from "../../../lib/errors/mod.ts";
import { BASE_KINDS, type Kind, KindIndex } from "../../../lib/model/mod.ts";

const MIXIN: Kind = {
  name: "x_resource",
  bases: [],
  properties: [{ name: "arn", type: "string" }],
};
const VOLUME: Kind = {
  name: "x_volume",
  bases: ["x_resource", "volume"],
  properties: [{ name: "own", type: "string" }],
};

Deno.test("KindIndex: orders properties as a node reports them", () => {
  const names = new KindIndex([MIXIN, VOLUME]).properties("x_volume").map(({ name }) => name);
  assert.deepEqual(names, [
    ...["id", "tags", "name", "ctime", "age", "mtime", "last_update", "atime", "last_access"],
    "kind",
    ...["volume_size", "volume_type", "volume_status", "volume_iops", "volume_throughput"],
    ...["volume_encrypted", "snapshot_before_delete", "arn", "own"],
  ]);
});

Deno.test("KindIndex: a property that is declared again keeps its place and takes the new type", () => {
  const region = {
    name: "x_region",
    bases: ["region"],
    properties: [{ name: "ctime", type: "datetime", description: "constant" }],
  };
  const properties = new KindIndex([region]).properties("x_region");
  assert.equal(properties.length, 10);
  assert.equal(properties[3]?.description, "constant");
});

Deno.test("KindIndex: knows what derives from what", () => {
  const index = new KindIndex([MIXIN, VOLUME]);
  assert.ok(index.is("x_volume", "resource"));
  assert.ok(index.is("x_volume", "x_volume"));
  assert.ok(!index.is("x_volume", "instance"));
  assert.ok(!index.is("nothing", "resource"));
  assert.deepEqual(index.derived("volume"), ["volume", "x_volume"]);
});

Deno.test("KindIndex: knows clouds, accounts, regions and zones", () => {
  const index = new KindIndex([VOLUME, MIXIN, { ...VOLUME, name: "x_zone", bases: ["zone"] }]);
  const kinds = ["cloud", "unknown_account", "region", "x_zone", "x_volume"];
  assert.deepEqual(kinds.map((kind) => index.level(kind)), [
    "cloud",
    "account",
    "region",
    "zone",
    undefined,
  ]);
});

Deno.test("KindIndex: gives the defaults that a node reports", () => {
  assert.deepEqual(new KindIndex([MIXIN, VOLUME]).defaults("x_volume"), {
    tags: {},
    volume_size: 0,
    volume_type: "",
    volume_status: "",
    snapshot_before_delete: false,
  });
});

Deno.test("KindIndex: an inherited property can be volatile for one kind and those below it", () => {
  const disk: Kind = { name: "x_disk", bases: ["volume"], properties: [], volatile: ["atime"] };
  const lent: Kind = { name: "x_lent_disk", bases: ["x_disk"], properties: [] };
  const index = new KindIndex([MIXIN, VOLUME, disk, lent]);
  const isVolatile = (kind: string, name: string) =>
    index.properties(kind).find((property) => property.name === name)?.volatile ?? false;
  assert.deepEqual(
    ["x_disk", "x_lent_disk", "x_volume"].map((kind) => isVolatile(kind, "atime")),
    [true, true, false],
  );
  assert.ok(!isVolatile("x_disk", "mtime"));
});

Deno.test("KindIndex: what derives from a phantom kind is phantom", () => {
  const quota: Kind = { name: "x_quota", bases: ["quota"], properties: [] };
  const index = new KindIndex([quota, MIXIN, VOLUME]);
  assert.ok(index.isPhantom("x_quota"));
  assert.ok(!index.isPhantom("x_volume"));
});

Deno.test("KindIndex: takes base kinds that are given once more", () => {
  assert.equal([...new KindIndex(BASE_KINDS).all()].length, BASE_KINDS.length);
});

Deno.test("KindIndex: refuses kinds that clash, lead nowhere or in circles", () => {
  const of = (...bases: string[]): Kind => ({ name: "x", bases, properties: [] });
  assert.throws(() => new KindIndex([of("volume"), of("instance")]), GraphError);
  assert.throws(() => new KindIndex([{ ...of(), name: "volume" }]), /volume is declared twice/);
  assert.throws(() => new KindIndex([of("nothing")]), /nothing is not declared/);
  assert.throws(() => new KindIndex([of("y"), { ...of("x"), name: "y" }]), /base of itself/);
});
