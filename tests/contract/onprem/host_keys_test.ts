/** Whom a real guest believes to be a host. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { RunSummary } from "../../../lib/collect/mod.ts";
import { makeKey, runTool } from "../../support/onprem/ssh_tools.ts";
import { type Sshd, type SshdSetup, startSshd } from "../../support/onprem/sshd.ts";
import { assertKept, collectWithFault } from "../../support/onprem/with_fault.ts";
import { makeOnpremWorld, type OnpremWorld, type RunMore } from "../../support/onprem/world.ts";
import { KeepingLog } from "../../support/keeping_log.ts";

interface Seen {
  readonly world: OnpremWorld;
  readonly sshd: Sshd;
  collect(more?: RunMore): Promise<RunSummary>;
}

/** Does something with one server and a world that does not know it yet. */
async function withHost(setup: Partial<SshdSetup>, task: (seen: Seen) => Promise<void>) {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line], ...setup });
  const collect = (more?: RunMore) => world.collect([`127.0.0.1:${sshd.port}`], more);
  await task({ world, sshd, collect });
}

function codeOf({ accounts }: RunSummary): string | undefined {
  return accounts[0]?.faults[0]?.code;
}

function messageOf({ accounts }: RunSummary): string {
  return accounts[0]?.faults[0]?.message ?? "";
}

/** A public key as `ssh-keygen -l` shows it. */
async function shownBySshKeygen(world: OnpremWorld, line: string): Promise<string> {
  const path = join(world.folder, "shown.pub");
  await Deno.writeTextFile(path, line);
  return (await runTool("ssh-keygen", ["-l", "-f", path])).split(" ")[1] ?? "";
}

Deno.test("on-prem: a host that is not known is told with its fingerprint and let alone", async () => {
  await withHost({}, async ({ world, sshd, collect }) => {
    const summary = await collect();
    assert.deepEqual([summary.exitCode, codeOf(summary)], [3, "UnknownHostKey"]);
    const shown = await shownBySshKeygen(world, sshd.hostKeys[0] ?? "");
    assert.match(shown, /^SHA256:/);
    assert.ok(messageOf(summary).includes(`ssh-ed25519 ${shown}.`), messageOf(summary));
    assert.ok(messageOf(summary).includes(`ssh-keyscan -p ${sshd.port} 127.0.0.1 >> `));
    assert.doesNotMatch(await sshd.log(), /publickey|Accepted/);
  });
});

Deno.test("on-prem: a host whose key has changed is told loudly, and nothing is lost", async () => {
  const found = await collectWithFault(async ({ world, bad }) => {
    const other = await makeKey(join(world.folder, "other"));
    const text = await Deno.readTextFile(join(world.folder, ".ssh/known_hosts"));
    await world.know(text.replace(bad.knownHosts(), `[127.0.0.1]:${bad.port} ${other.line}\n`));
  });
  assertKept(found);
  assert.equal(found.code, "ChangedHostKey");
  assert.match(
    found.message,
    /^THE KEY OF 127\.0\.0\.1:\d+ HAS CHANGED: it shows ssh-ed25519 SHA256:/,
  );
});

Deno.test("on-prem: a key that is revoked is good for nothing, unknown hosts accepted or not", async () => {
  await withHost({}, async ({ world, sshd, collect }) => {
    await world.know(`${sshd.knownHosts()}@revoked ${sshd.knownHosts("*")}`);
    assert.equal(codeOf(await collect()), "RevokedHostKey");
    assert.equal(
      codeOf(await collect({ options: { accept_unknown_hosts: true } })),
      "RevokedHostKey",
    );
  });
});

Deno.test("on-prem: unknown hosts are accepted where that is asked for, changed ones never", async () => {
  await withHost({}, async ({ world, sshd, collect }) => {
    const options = { accept_unknown_hosts: true };
    const log = new KeepingLog();
    assert.equal((await collect({ options, request: { log } })).exitCode, 0);
    assert.equal(log.count(/^warn .*onprem\.host_key.* is not known: ssh-ed25519 SHA256:/), 1);
    const other = await makeKey(join(world.folder, "other"));
    await world.know(`[127.0.0.1]:${sshd.port} ${other.line}\n`);
    assert.equal(codeOf(await collect({ options })), "ChangedHostKey");
  });
});

Deno.test("on-prem: names that ssh-keygen hashed, patterns and several files", async () => {
  await withHost({}, async ({ world, sshd, collect }) => {
    await world.know(sshd.knownHosts());
    const path = join(world.folder, ".ssh/known_hosts");
    await runTool("ssh-keygen", ["-q", "-H", "-f", path]);
    assert.match(await Deno.readTextFile(path), /^\|1\|/);
    assert.equal((await collect()).exitCode, 0);
    await world.know("");
    const own = join(world.folder, "own");
    await Deno.writeTextFile(own, sshd.knownHosts("[127.0.0.*]:*"));
    assert.equal((await collect({ options: { known_hosts: [path, own] } })).exitCode, 0);
    await Deno.writeTextFile(own, sshd.knownHosts("[127.0.0.*]:*,![127.0.0.1]:*"));
    assert.equal(codeOf(await collect({ options: { known_hosts: [own] } })), "UnknownHostKey");
    const missing = await collect({ options: { known_hosts: [join(world.folder, "none")] } });
    assert.equal(missing.exitCode, 1);
    assert.match(JSON.stringify(missing.collectors), /none cannot be read/);
  });
});

Deno.test("on-prem: without the option ~/.ssh/known_hosts is read", async () => {
  await withHost({}, async ({ world, sshd, collect }) => {
    await world.know(sshd.knownHosts());
    assert.equal((await collect({ options: { known_hosts: [] } })).exitCode, 0);
  });
});

Deno.test("on-prem: a host is asked for a key of the types that are known of it, and no other", async () => {
  const hostKeys = [{ type: "ed25519" }, { type: "ecdsa" }, { type: "rsa" }] as const;
  await withHost({ hostKeys }, async ({ world, sshd, collect }) => {
    const lines = sshd.knownHosts().trim().split("\n");
    for (const line of lines) {
      await world.know(`${line}\n`);
      assert.equal((await collect()).exitCode, 0, line);
    }
  });
  await withHost({ hostKeys: [{ type: "rsa" }] }, async ({ world, sshd, collect }) => {
    const other = await makeKey(join(world.folder, "other"));
    await world.know(`[127.0.0.1]:${sshd.port} ${other.line}\n`);
    const summary = await collect();
    assert.equal(codeOf(summary), "HostKeyType");
    assert.match(messageOf(summary), /types that are known of it \(ssh-ed25519\)/);
  });
});

Deno.test("on-prem: types of keys and of authorities that are not supported are said to be so", async () => {
  await withHost({}, async ({ world, sshd, collect }) => {
    const large = await makeKey(join(world.folder, "large"), { type: "ecdsa", bits: 521 });
    await world.know(`[127.0.0.1]:${sshd.port} ${large.line}\n`);
    const summary = await collect();
    assert.equal(codeOf(summary), "UnsupportedHostKey");
    assert.match(messageOf(summary), /not supported: ecdsa-sha2-nistp521/);
    assert.equal(sshd.connections.made, 0);
    await world.know(`@cert-authority [127.0.0.1]:* ${large.line}\n`);
    assert.match(messageOf(await collect()), /is not known.*@cert-authority line has no effect/);
  });
});
