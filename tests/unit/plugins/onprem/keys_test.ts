import assert from "node:assert/strict";
import { join } from "node:path";
import { parsePrivateKey } from "../../../../plugins/onprem/client/keys.ts";
import { makeKey } from "../../../support/onprem/ssh_tools.ts";

Deno.test("private keys: every number of ECDSA is taken, whatever it begins with", async () => {
  const folder = await Deno.makeTempDir();
  await using _folder = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  // Half of the numbers begin with a bit that makes them a byte longer.
  for (let number = 0; number < 12; number++) {
    const bits = number % 2 === 0 ? 256 : 384;
    const { path, line } = await makeKey(join(folder, `key${number}`), { type: "ecdsa", bits });
    const key = parsePrivateKey(await Deno.readTextFile(path), undefined);
    assert.ok(typeof key !== "string", String(key));
    assert.equal(key.getPublicSSH().toString("base64"), line.split(" ")[1]);
  }
});

Deno.test("private keys: texts that are none are refused without being quoted", () => {
  const pem = (type: string, body: string) =>
    `-----BEGIN ${type}-----\n${body}\n-----END ${type}-----\n`;
  const encryptedPem = (cipher: string, vector: string, body: string) =>
    pem("RSA PRIVATE KEY", `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},${vector}\n\n${body}`);
  const texts = [
    "",
    "s3cr3t",
    pem("OPENSSH PRIVATE KEY", "c3Zjcm0z"),
    pem("RSA PRIVATE KEY", "c3Zjcm0z"),
    pem("EC PRIVATE KEY", "c3Zjcm0z"),
    pem("PRIVATE KEY", "c3Zjcm0z"),
    pem("ENCRYPTED PRIVATE KEY", "c3Zjcm0z"),
    pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nc3Zjcm0z"),
    encryptedPem("AES-128-CBC", "00".repeat(16), "c3Zjcm0z"),
    encryptedPem("AES-256-CBC", "00".repeat(16), ""),
    encryptedPem("AES-256-CBC", "00".repeat(16), "c3Zjcm0zc3Zjcm0zc3Zjcg=="),
    encryptedPem("AES-256-CBC", "00".repeat(15), "c3Zjcm0zc3Zjcm0zc3Zjcg=="),
    encryptedPem("DES-EDE3-CBC", "00".repeat(8), "c3Zjcm0zc3Y="),
    pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: RC4,00\n\nc3Zjcm0z"),
  ];
  for (const text of texts) {
    const fault = parsePrivateKey(text, "passphrase");
    assert.ok(typeof fault === "string", text);
    assert.doesNotMatch(fault, /s3cr3t|c3Zjcm0z|passphrase$/);
  }
});
