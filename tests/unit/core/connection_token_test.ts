import assert from "node:assert/strict";
import { TokenSource, verifyToken } from "../../../lib/core/mod.ts";

const VECTOR =
  "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsInNhbHQiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R3PT0ifQ." +
  "eyJleHAiOjE3MDAwMDAwMDB9.EJtW_iAc_CXpAfyaQoWmzA8VCl08Ke_2Vj1vR6GG5Fo";
const MADE = new Date((1_700_000_000 - 300) * 1000);

function source(options: { now?: () => Date } = {}): TokenSource {
  const salt = () => Uint8Array.from({ length: 16 }, (_, index) => index);
  return new TokenSource("changeme", { now: () => MADE, salt, ...options });
}

Deno.test("TokenSource: the bytes that the original worker sends", async () => {
  assert.equal(await source().next(), VECTOR);
});

Deno.test("verifyToken: takes its own, and that of the original worker", async () => {
  assert.deepEqual(await verifyToken("changeme", VECTOR, MADE), {
    claims: { exp: 1_700_000_000 },
  });
  const token = await source().next({ sha256_fingerprint: "AA:BB" });
  assert.deepEqual(await verifyToken("changeme", token, MADE), {
    claims: { sha256_fingerprint: "AA:BB", exp: 1_700_000_000 },
  });
});

Deno.test("verifyToken: another key, an expired token, and what is none", async () => {
  const late = new Date(1_700_000_001_000);
  assert.deepEqual(await verifyToken("other", VECTOR, MADE), { fault: "signature" });
  assert.deepEqual(await verifyToken("changeme", VECTOR, late), { fault: "expired" });
  for (const text of ["", "a.b.c", "e30.e30.e30", VECTOR.replace(".", "")]) {
    assert.deepEqual(await verifyToken("changeme", text, MADE), { fault: "malformed" }, text);
  }
});

Deno.test("verifyToken: a token without a signature proves nothing", async () => {
  const header = btoa(JSON.stringify({ alg: "none", salt: "AAECAwQFBgcICQoLDA0ODw==" }));
  const claims = btoa(JSON.stringify({ exp: 1_700_000_000 })).replaceAll("=", "");
  const token = `${header.replaceAll("=", "")}.${claims}.`;
  assert.deepEqual(await verifyToken("changeme", token, MADE), { fault: "malformed" });
});

Deno.test("TokenSource: keeps its salt for an hour, and changes it when asked", async () => {
  let now = MADE.getTime();
  const tokens = new TokenSource("changeme", { now: () => new Date(now) });
  const saltOf = async () => (await tokens.next()).split(".")[0];
  const first = await saltOf();
  assert.equal(await saltOf(), first);
  now += 3_600_000;
  const second = await saltOf();
  assert.notEqual(second, first);
  tokens.renew();
  assert.notEqual(await saltOf(), second);
});

Deno.test("TokenSource: does not show its key", () => {
  const shown = Deno.inspect(new TokenSource("changeme", { now: () => MADE }), { depth: 9 });
  assert.doesNotMatch(shown + JSON.stringify(source()), /changeme/);
});
