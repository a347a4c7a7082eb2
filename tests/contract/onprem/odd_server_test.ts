/** Servers that break the protocol cost their own scope: no answer may end a guest or the process. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { exchangeReply, field, offer, packet, saying } from "../../support/onprem/odd_server.ts";
import { startSshd } from "../../support/onprem/sshd.ts";
import { assertKept, collectWithFault } from "../../support/onprem/with_fault.ts";
import { makeOnpremWorld } from "../../support/onprem/world.ts";

/** The key of a line. */
function keyOf(line: string | undefined): Buffer {
  return Buffer.from(line?.split(" ")[1] ?? "", "base64");
}

Deno.test("on-prem: somebody with the host's public key and no point of the curve", async () => {
  for (
    const [exchange, length] of [["ecdh-sha2-nistp256", 65], ["ecdh-sha2-nistp384", 97]] as const
  ) {
    const found = await collectWithFault(({ bad }) => {
      const reply = exchangeReply(keyOf(bad.hostKeys[0]), new Uint8Array(length).fill(4));
      bad.instead = saying(offer(exchange), reply);
    });
    assertKept(found);
    assert.match(found.message, /no point of the curve/);
  }
});

Deno.test("on-prem: somebody with the host's public key and without its private one", async () => {
  const found = await collectWithFault(({ bad }) => {
    const reply = exchangeReply(keyOf(bad.hostKeys[0]), new Uint8Array(32).fill(9));
    bad.instead = saying(offer("curve25519-sha256"), reply);
  });
  assertKept(found);
  assert.match(found.message, /signature verification failed/);
});

Deno.test("on-prem: whatever a server answers, others are collected", async () => {
  await using world = await makeOnpremWorld();
  await using good = await startSshd({ authorized: [world.key.line] });
  await using odd = await startSshd({ authorized: [] });
  await world.know(good.knownHosts() + odd.knownHosts());
  const key = keyOf(odd.hostKeys[0]);
  const curve = offer("curve25519-sha256");
  const answers: readonly (readonly Uint8Array[])[] = [
    [randomBytes(500)],
    [packet(randomBytes(20))],
    [packet(Buffer.of(20, 1, 2))],
    [curve, curve],
    [curve, packet(Buffer.of(31))],
    [curve, packet(Buffer.concat([Buffer.of(31), field(""), field(""), field("")]))],
    [curve, exchangeReply(field("ssh-ed25519"), randomBytes(32))],
    [curve, exchangeReply(key, new Uint8Array(0))],
    [curve, exchangeReply(key, new Uint8Array(32))],
    [curve, exchangeReply(key, randomBytes(5_000))],
    [offer("ecdh-sha2-nistp521"), exchangeReply(key, randomBytes(133))],
    [offer("diffie-hellman-group1-sha1"), exchangeReply(key, new Uint8Array(1))],
    [packet(Buffer.of(1, 0, 0, 0, 1))],
    [packet(Buffer.of(52))],
    [packet(Buffer.of(91, 255, 255, 255, 255))],
    [Buffer.of(255, 255, 255, 255, 4, 20)],
  ];
  let next = 0;
  odd.instead = (connection) => saying(...(answers[next++] ?? []))(connection);
  const servers = answers.map((_, number) => `x%r${number}%127.0.0.1:${odd.port}`);
  const summary = await world.collect([...servers, `x%good%127.0.0.1:${good.port}`], {
    hurried: true,
    options: { pool_size: answers.length },
  });
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(summary.collectors.map(({ status }) => status), ["collected"]);
  const hosts = Object.entries(world.read().outcomes).filter(([scope]) =>
    scope.includes("instance")
  );
  assert.deepEqual(
    Object.groupBy(hosts, ([, outcome]) => outcome)["failed"]?.length,
    answers.length,
  );
  assert.equal(hosts.filter(([, outcome]) => outcome === "complete").length, 1);
});

Deno.test("on-prem: the algorithms that a strict server may be down to", async () => {
  for (
    const [exchange, cipher, mac] of [
      ["curve25519-sha256@libssh.org", "aes256-ctr", "hmac-sha2-512-etm@openssh.com"],
      ["ecdh-sha2-nistp256", "aes128-ctr", "hmac-sha2-256"],
      ["ecdh-sha2-nistp384", "aes192-ctr", "hmac-sha2-512"],
    ]
  ) {
    await using world = await makeOnpremWorld();
    const config = [`KexAlgorithms ${exchange}`, `Ciphers ${cipher}`, `MACs ${mac}`];
    await using sshd = await startSshd({ authorized: [world.key.line], config });
    await world.know(sshd.knownHosts());
    assert.equal((await world.collect([`127.0.0.1:${sshd.port}`])).exitCode, 0, exchange);
  }
  await using world = await makeOnpremWorld();
  const config = ["Ciphers aes256-gcm@openssh.com"];
  await using sshd = await startSshd({ authorized: [world.key.line], config });
  await world.know(sshd.knownHosts());
  const summary = await world.collect([`127.0.0.1:${sshd.port}`]);
  const [fault] = summary.accounts[0]?.faults ?? [];
  assert.equal(fault?.code, "NoCommonAlgorithm");
  assert.match(fault?.message ?? "", /have no .*cipher.* algorithm in common$/);
});
