import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryPath, runProgram } from "../support/binary.ts";
import { startAgent } from "../support/onprem/agent.ts";
import { makeKey } from "../support/onprem/ssh_tools.ts";
import { LOGIN, startSshd } from "../support/onprem/sshd.ts";
import { makeOnpremWorld, type OnpremWorld } from "../support/onprem/world.ts";
import { readStore } from "../support/saas/saas_store.ts";

const PASSPHRASE = "corr3ct h0rse";

/** Runs the binary with a home of its own into a new store. */
async function run(
  { folder }: OnpremWorld,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const store = join(folder, "binary.db");
  const all = [...args, "--onprem-ssh-user", LOGIN, "--store", store];
  return {
    ...await runProgram(binaryPath(), all, { cwd: folder, env: { HOME: folder, ...env } }),
    nodes: () => readStore(store, "onprem").nodes.filter((node) => node.includes("instance")),
  };
}

Deno.test("binary: collects a machine over SSH with an encrypted key, alone and in a child", async () => {
  await using world = await makeOnpremWorld();
  const kind = { type: "rsa", format: "PEM", passphrase: PASSPHRASE } as const;
  const { path, line } = await makeKey(join(world.folder, "key"), kind);
  await using sshd = await startSshd({ authorized: [line] });
  await world.know(sshd.knownHosts());
  const args = ["--once", "--onprem-server", `127.0.0.1:${sshd.port}`, "--onprem-ssh-key", path];
  for (const more of [[], ["--fork"]]) {
    const { code, stdout, stderr, nodes } = await run(world, [...args, ...more], {
      CKWORKER_ONPREM_SSH_KEY_PASS: PASSPHRASE,
    });
    assert.equal(code, 0, stdout + stderr);
    assert.ok(!(stdout + stderr).includes(PASSPHRASE));
    assert.deepEqual(nodes(), ["Default region onprem_instance 127.0.0.1 127.0.0.1"]);
  }
});

Deno.test("binary: an agent lets in where it is allowed, in a child, too", async () => {
  await using world = await makeOnpremWorld();
  await using agent = await startAgent([world.key.path]);
  await Deno.remove(world.key.path);
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  const args = ["--once", "--onprem-server", `127.0.0.1:${sshd.port}`];
  const env = { SSH_AUTH_SOCK: agent.socket };
  const refused = await run(world, args, env);
  assert.equal(refused.code, 1, refused.stdout);
  assert.ok(refused.stdout.includes(`--allow-helper ${agent.socket}`), refused.stdout);
  for (const more of [[], ["--fork"]]) {
    const allowed = [...args, "--allow-helper", agent.socket, ...more];
    const { code, stdout, stderr } = await run(world, allowed, env);
    assert.equal(code, 0, stdout + stderr);
  }
});

Deno.test("binary: doctor tells the fingerprint of a host that is not known", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  const args = ["doctor", "--onprem-server", `127.0.0.1:${sshd.port}`];
  const { code, stdout } = await run(world, args);
  assert.equal(code, 3);
  assert.match(stdout, /the key of 127\.0\.0\.1:\d+ is not known: ssh-ed25519 SHA256:/);
});

Deno.test("binary: a bad server is a usage error that names it", async () => {
  await using world = await makeOnpremWorld();
  const { code, stderr } = await run(world, ["--once", "--onprem-server", "web1:99999"]);
  assert.equal(code, 2);
  assert.match(stderr, /server "web1:99999" has a port that is none: "99999"/);
});
