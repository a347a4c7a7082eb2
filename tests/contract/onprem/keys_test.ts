/** How a real guest logs in: files of every form, and an agent. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { KeepingLog } from "../../support/keeping_log.ts";
import { startAgent } from "../../support/onprem/agent.ts";
import { type KeyKind, makeKey } from "../../support/onprem/ssh_tools.ts";
import { startSshd } from "../../support/onprem/sshd.ts";
import { makeOnpremWorld } from "../../support/onprem/world.ts";

const PASSPHRASE = "corr3ct h0rse";
const FORMS: readonly KeyKind[] = [
  { type: "ed25519", passphrase: PASSPHRASE },
  { type: "ecdsa" },
  { type: "ecdsa", bits: 384, format: "PEM" },
  { type: "ecdsa", format: "PEM", passphrase: PASSPHRASE },
  { type: "ecdsa", format: "PKCS8" },
  { type: "rsa", bits: 2048 },
  { type: "rsa", bits: 2048, format: "PEM", passphrase: PASSPHRASE },
  { type: "rsa", bits: 2048, format: "PKCS8", passphrase: PASSPHRASE },
];

Deno.test("on-prem: keys of every form log in, and their passphrase is nowhere to be seen", async () => {
  await using world = await makeOnpremWorld();
  const keys = await Promise.all(
    FORMS.map((kind, number) => makeKey(join(world.folder, `key${number}`), kind)),
  );
  await using sshd = await startSshd({ authorized: keys.map(({ line }) => line) });
  await world.know(sshd.knownHosts());
  for (const [number, { path }] of keys.entries()) {
    const log = new KeepingLog();
    const options = { ssh_key: path, ssh_key_pass: PASSPHRASE };
    const summary = await world.collect([`127.0.0.1:${sshd.port}`], { options, request: { log } });
    const told = JSON.stringify([summary, log.lines]);
    assert.equal(summary.exitCode, 0, `${JSON.stringify(FORMS[number])}: ${told}`);
    assert.ok(!told.includes(PASSPHRASE));
  }
});

Deno.test("on-prem: a key that is of no use is told before any host is asked", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  const key = (name: string, kind: KeyKind) => makeKey(join(world.folder, name), kind);
  const locked = await key("locked", { passphrase: PASSPHRASE });
  const pem = await key("pem", { type: "rsa", format: "PEM", passphrase: PASSPHRASE });
  const large = await key("large", { type: "ecdsa", bits: 521 });
  const text = join(world.folder, "text");
  await Deno.writeTextFile(text, "s3cr3t text");
  const cases: readonly (readonly [string, string | undefined, RegExp])[] = [
    [locked.path, undefined, /is encrypted; give its passphrase with --onprem-ssh-key-pass-file/],
    [locked.path, "wrong", /its passphrase is another one/],
    [pem.path, undefined, /is encrypted/],
    [pem.path, "wrong", /its passphrase is another one|no private key/],
    [large.path, undefined, /cannot be used: its type ecdsa-sha2-nistp521 is not supported/],
    [text, undefined, /is no private key in OpenSSH or PEM form/],
    [join(world.folder, "none"), undefined, /it cannot be read/],
  ];
  for (const [path, pass, message] of cases) {
    const options = { ssh_key: path, ...(pass === undefined ? {} : { ssh_key_pass: pass }) };
    const summary = await world.collect([`127.0.0.1:${sshd.port}`], { options });
    const told = JSON.stringify(summary.collectors);
    assert.deepEqual([summary.exitCode, summary.accounts], [1, []], told);
    assert.match(told, message);
    assert.ok(!told.includes("s3cr3t"));
  }
  assert.equal(sshd.connections.made, 0);
});

Deno.test("on-prem: without a key the usual files are tried, and what is missing is told", async () => {
  await using world = await makeOnpremWorld();
  const ssh = join(world.folder, ".ssh");
  await Deno.remove(world.key.path);
  await makeKey(join(ssh, "id_ecdsa"), { type: "ecdsa", passphrase: PASSPHRASE });
  const none = await world.collect(["127.0.0.1:1"]);
  assert.equal(none.exitCode, 1);
  assert.match(
    JSON.stringify(none.collectors),
    /none of .*id_ed25519.* can be used.*--onprem-ssh-key/,
  );
  const rsa = await makeKey(join(ssh, "id_rsa"), { type: "rsa" });
  await using sshd = await startSshd({ authorized: [rsa.line] });
  await world.know(sshd.knownHosts());
  const log = new KeepingLog();
  const summary = await world.collect([`127.0.0.1:${sshd.port}`], { request: { log } });
  assert.equal(summary.exitCode, 0);
  assert.equal(log.count(/^warn .*id_ecdsa is left out: it is encrypted/), 1);
});

Deno.test("on-prem: an agent logs in where its socket is allowed", async () => {
  await using world = await makeOnpremWorld();
  const { path, line } = await makeKey(join(world.folder, "of-agent"), { type: "rsa" });
  await using agent = await startAgent([path]);
  await Deno.remove(world.key.path);
  await using sshd = await startSshd({ authorized: [line] });
  await world.know(sshd.knownHosts());
  const server = `127.0.0.1:${sshd.port}`;
  const env = { SSH_AUTH_SOCK: agent.socket };
  const refused = await world.collect([server], { env });
  assert.equal(refused.exitCode, 1);
  assert.match(JSON.stringify(refused.collectors), new RegExp(`--allow-helper ${agent.socket}`));
  const request = { allowHelpers: [agent.socket] };
  const many = Array.from({ length: 25 }, (_, number) => `x%r${number}%${server}`);
  const summary = await world.collect(many, { env, request, options: { pool_size: 25 } });
  assert.deepEqual([summary.exitCode, sshd.connections.made], [0, many.length]);
});

Deno.test("on-prem: an agent that is gone costs nothing where a key lets in", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  const log = new KeepingLog();
  const socket = join(world.folder, "gone");
  const summary = await world.collect([`127.0.0.1:${sshd.port}`], {
    env: { SSH_AUTH_SOCK: socket },
    request: { log, allowHelpers: [socket] },
  });
  assert.equal(summary.exitCode, 0);
  assert.equal(log.count(/^warn .*the SSH agent is left out/), 1);
});

Deno.test("on-prem: a host that takes no further key says which option helps", async () => {
  await using world = await makeOnpremWorld();
  const right = await makeKey(join(world.folder, ".ssh/id_rsa"), { type: "rsa" });
  await using sshd = await startSshd({ authorized: [right.line], config: ["MaxAuthTries 1"] });
  await world.know(sshd.knownHosts());
  const server = `127.0.0.1:${sshd.port}`;
  const [fault] = (await world.collect([server])).accounts[0]?.faults ?? [];
  assert.deepEqual([fault?.outcome, fault?.code], ["denied", "TooManyKeys"]);
  assert.match(fault?.message ?? "", /--onprem-ssh-key$/);
  assert.equal((await world.collect([server], { options: { ssh_key: right.path } })).exitCode, 0);
});
