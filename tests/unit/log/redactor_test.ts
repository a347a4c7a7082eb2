import assert from "node:assert/strict";
import fc from "fast-check";
import { createRedactor } from "../../../lib/log/mod.ts";

Deno.test("redactor: leaves text without secrets as it is", () => {
  const redactor = createRedactor(["hunter22"]);
  assert.equal(redactor.redact("nothing here"), "nothing here");
});

Deno.test("redactor: ignores values that are too short to be a secret", () => {
  assert.equal(createRedactor(["", "abc"]).redact("abc abc"), "abc abc");
});

Deno.test("redactor: a longer secret that contains a shorter one is replaced as a whole", () => {
  const redactor = createRedactor(["hunter", "hunter22"]);
  assert.equal(redactor.redact("a hunter22 b hunter c"), "a [secret] b [secret] c");
});

Deno.test("redactor: add() makes later values known", () => {
  const redactor = createRedactor();
  redactor.add("hunter22");
  assert.equal(redactor.redact("x=hunter22"), "x=[secret]");
});

Deno.test("redactor: url, form and lower case escapes", () => {
  const redactor = createRedactor(["a b/c+d"]);
  for (const form of ["a%20b%2Fc%2Bd", "a+b%2Fc%2Bd", "a%20b%2fc%2bd"]) {
    assert.equal(redactor.redact(`<${form}>`), "<[secret]>", form);
  }
});

Deno.test("redactor: any secret inside base64 of a longer text, at any position", () => {
  const ascii = fc.string({ minLength: 8, maxLength: 40, unit: "grapheme-ascii" });
  fc.assert(
    fc.property(ascii, fc.string({ unit: "grapheme-ascii", maxLength: 7 }), (secret, user) => {
      const redactor = createRedactor([secret]);
      const standard = redactor.redact(btoa(`${user}:${secret}@tail`));
      assert.ok(standard.includes("[secret]"));
      const url = btoa(`${user}:${secret}`).replaceAll("+", "-").replaceAll("/", "_");
      assert.ok(redactor.redact(url).includes("[secret]"));
    }),
  );
});

Deno.test("redactor: no known secret survives, whatever surrounds it", () => {
  const unit = fc.constantFrom(...'abAB01+/=% "\\\n&ü');
  const secret = fc.string({ unit, minLength: 8, maxLength: 30 });
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.string(), (secrets, text) => {
      const redacted = createRedactor(secrets).redact(secrets.join(text));
      for (const each of secrets) assert.ok(!redacted.includes(each));
    }),
  );
});
