import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { guardKeyExchange, isPoint } from "../../../../plugins/onprem/client/guard_ecdh.ts";

const CURVES = ["prime256v1", "secp384r1"] as const;

Deno.test("a point of a curve is one, and what was altered is none", () => {
  for (const curve of CURVES) {
    for (let i = 0; i < 20; i++) {
      const point = new Uint8Array(createECDH(curve).generateKeys());
      assert.ok(isPoint(point), curve);
      point[point.length - 1] = (point.at(-1) ?? 0) ^ 1;
      assert.ok(!isPoint(point), curve);
    }
  }
  const none = [
    [],
    [0],
    [4],
    new Array(65).fill(0),
    new Array(65).fill(4),
    new Array(97).fill(255),
  ];
  for (const bytes of none) assert.ok(!isPoint(Uint8Array.from(bytes)), String(bytes.length));
});

Deno.test("guardKeyExchange(): a point that is none is an error, and a good one is taken", () => {
  const before = Reflect.get(Object.getPrototypeOf(createECDH("prime256v1")), "computeSecret");
  try {
    guardKeyExchange();
    for (const curve of CURVES) {
      const [ann, bob] = [createECDH(curve), createECDH(curve)];
      const [a, b] = [ann.generateKeys(), bob.generateKeys()];
      assert.deepEqual(ann.computeSecret(b), bob.computeSecret(a));
      assert.throws(() => ann.computeSecret(new Uint8Array(a.length).fill(4)), /no point/);
      assert.throws(() => ann.computeSecret(new Uint8Array(0)), /no point/);
    }
    const [small, large] = CURVES.map((curve) => createECDH(curve));
    const [a, b] = [small?.generateKeys(), large?.generateKeys()];
    assert.throws(() => small?.computeSecret(b ?? new Uint8Array()), /no point/);
    assert.throws(() => large?.computeSecret(a ?? new Uint8Array()), /no point/);
  } finally {
    Object.defineProperty(Object.getPrototypeOf(createECDH("prime256v1")), "computeSecret", {
      value: before,
    });
  }
});
