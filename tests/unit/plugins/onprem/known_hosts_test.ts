import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expectKeyOf, fingerprint } from "../../../../plugins/onprem/client/host_keys.ts";
import { knownName, parseKnownHosts } from "../../../../plugins/onprem/client/known_hosts.ts";

/** A key of a type, as a line has it. */
function key(type: string, seed = 1): { readonly bytes: Uint8Array; readonly text: string } {
  const field = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const bytes = Buffer.concat([field(Buffer.from(type)), field(Buffer.alloc(32, seed))]);
  return { bytes, text: `${type} ${bytes.toString("base64")}` };
}

const ED = key("ssh-ed25519");

/** Whether a line's hosts mean a name. */
function means(hosts: string, name: string): boolean {
  return parseKnownHosts(`${hosts} ${ED.text}`).some(({ matches }) => matches(name));
}

Deno.test("known hosts: names, lists, patterns and what is left out of them", () => {
  const cases: readonly (readonly [hosts: string, name: string, wanted: boolean])[] = [
    ["web1", "web1", true],
    ["web1", "web2", false],
    ["WEB1", "web1", true],
    ["web1,10.0.0.1", "10.0.0.1", true],
    ["[web1]:2222", "[web1]:2222", true],
    ["web1", "[web1]:2222", false],
    ["*.corp.test", "web1.corp.test", true],
    ["*.corp.test", "corp.test", false],
    ["web?", "web1", true],
    ["web?", "web12", false],
    ["*,!web1", "web1", false],
    ["!web1,*", "web2", true],
    ["!web1", "web2", false],
    ["[*]:2222", "[web1]:2222", true],
    ["we.1", "web1", false],
  ];
  for (const [hosts, name, wanted] of cases) assert.equal(means(hosts, name), wanted, hosts + name);
});

Deno.test("known hosts: a pattern takes no longer than its length, whatever it is", () => {
  assert.equal(means(`${"*a".repeat(500)}b`, "a".repeat(2_000)), false);
});

Deno.test("known hosts: hashed names", () => {
  const salt = Buffer.alloc(20, 7);
  const hash = createHmac("sha1", salt).update("[web1]:2222").digest("base64");
  const hosts = `|1|${salt.toString("base64")}|${hash}`;
  assert.deepEqual([means(hosts, "[web1]:2222"), means(hosts, "web1")], [true, false]);
  assert.equal(means(hosts.replace("|1|", "|2|"), "[web1]:2222"), false);
});

Deno.test("known hosts: lines that are none are left out", () => {
  const good = `web1 ${ED.text}`;
  const text = [
    "",
    "# a comment",
    `#web1 ${ED.text}`,
    "web1",
    "web1 ssh-ed25519",
    "web1 ssh-ed25519 !!!!",
    `web1 ssh-rsa ${ED.text.split(" ")[1]}`,
    `@unknown web1 ${ED.text}`,
    "web1 ssh-ed25519 AAAA",
    `\t${good} a comment`,
    `${good}\r`,
  ].join("\n");
  assert.equal(parseKnownHosts(text).length, 2);
});

Deno.test("known hosts: no text makes reading fail", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    for (const { matches } of parseKnownHosts(text)) matches("web1");
  }));
});

Deno.test("known hosts: a name has its port where that is not the usual one", () => {
  assert.deepEqual([knownName("Web1", 22), knownName("::1", 2222)], ["web1", "[::1]:2222"]);
});

const WEB1 = { host: "web1", port: 22 };

Deno.test("host keys: only algorithms of known keys are offered, all where none is known", () => {
  const offered = (...types: readonly string[]) =>
    expectKeyOf(WEB1, parseKnownHosts(types.map((type) => `web1 ${key(type).text}`).join("\n")))
      .algorithms;
  assert.deepEqual(offered("ssh-ed25519"), ["ssh-ed25519"]);
  assert.deepEqual(offered("ssh-rsa", "ecdsa-sha2-nistp384"), [
    "ecdsa-sha2-nistp384",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ]);
  assert.deepEqual(offered("ssh-ed25519", "ssh-dss"), ["ssh-ed25519"]);
  assert.equal(offered().length, 5);
});

Deno.test("host keys: known, unknown, changed, revoked", () => {
  const entries = parseKnownHosts([
    `web1 ${ED.text}`,
    `web1 ${key("ssh-ed25519", 2).text}`,
    `@revoked * ${key("ssh-ed25519", 2).text}`,
  ].join("\n"));
  const judge = (host: string, seed: number) =>
    expectKeyOf({ host, port: 22 }, entries).judge(key("ssh-ed25519", seed).bytes)?.code;
  assert.deepEqual(
    [judge("web1", 1), judge("web1", 3), judge("web1", 2), judge("web2", 1), judge("web2", 2)],
    [undefined, "ChangedHostKey", "RevokedHostKey", "UnknownHostKey", "RevokedHostKey"],
  );
});

Deno.test("host keys: only the host's own key is its key, not that of an authority", () => {
  const entries = parseKnownHosts(`@cert-authority web1 ${ED.text}`);
  const fault = expectKeyOf(WEB1, entries).judge(ED.bytes);
  assert.equal(fault?.code, "UnknownHostKey");
  assert.match(fault?.message ?? "", /@cert-authority line has no effect/);
});

Deno.test("host keys: what a host shows cannot write on a terminal", () => {
  for (
    const bytes of [key("\u001b[31m\nx").bytes, new Uint8Array(2), new Uint8Array(40).fill(255)]
  ) {
    assert.match(fingerprint(bytes), /^[\w@.?-]* SHA256:[A-Za-z0-9+/]{43}$/);
  }
});
