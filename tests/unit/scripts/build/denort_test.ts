import assert from "node:assert/strict";
import { elfOnly } from "../../../../scripts/build/denort.ts";

/** An ELF header whose section table of `count` entries of 64 bytes starts at `offset`. */
function elf(offset: number, count: number, length: number): Uint8Array {
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x7f454c46);
  file.set([2, 1], 4);
  view.setBigUint64(0x28, BigInt(offset), true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, count, true);
  return file;
}

Deno.test("elfOnly: what was appended behind the section table is cut off", () => {
  assert.equal(elfOnly(elf(100, 2, 1000)).length, 228);
  assert.equal(elfOnly(elf(100, 2, 228)).length, 228);
});

Deno.test("elfOnly: a short file and another format are refused", () => {
  assert.throws(() => elfOnly(elf(100, 2, 227)), /cut short/);
  assert.throws(() => elfOnly(new Uint8Array(1000)), /not a 64-bit/);
  assert.throws(() => elfOnly(new Uint8Array(10)), /not a 64-bit/);
});
