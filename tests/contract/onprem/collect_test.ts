/** What is collected of hosts: a real guest, a real OpenSSH server. */
import assert from "node:assert/strict";
import { faultsOf, pluginOf } from "../../support/saas/saas_store.ts";
import { serverWith } from "../../support/onprem/host.ts";
import { LOGIN, startSshd } from "../../support/onprem/sshd.ts";
import { until } from "../../support/until.ts";
import { makeOnpremWorld } from "../../support/onprem/world.ts";

Deno.test("on-prem: everything is collected, with the values of the model", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  const summary = await world.collect([`rack 1%left%dmz%127.0.0.1:${sshd.port}`]);
  assert.deepEqual(
    [summary.exitCode, faultsOf(summary)],
    [0, []],
    JSON.stringify(summary.collectors) + await sshd.log(),
  );
  const { nodes, edges, outcomes, reported } = world.read();
  assert.deepEqual(nodes, [
    "- onprem_location Default location Default location",
    "- onprem_location rack 1 rack 1",
    "Default region onprem_region Default region Default region",
    "left onprem_instance 127.0.0.1 127.0.0.1",
    "left onprem_network dmz dmz",
    "left onprem_region left left",
  ]);
  assert.deepEqual([...new Set(Object.values(outcomes))], ["complete"]);
  assert.deepEqual(edges, [
    "onprem_location Default location > onprem_region Default region",
    "onprem_location rack 1 > onprem_region left",
    "onprem_network dmz > onprem_instance 127.0.0.1",
    "onprem_region left > onprem_network dmz",
  ]);
  assert.deepEqual(reported.get("onprem_instance 127.0.0.1"), {
    tags: {},
    instance_status: "running",
    instance_cores: 4,
    instance_memory: 16,
    instance_type: "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz",
    network_device: "eth0",
    network_ip4: "10.1.2.3/24",
    network_ip6: "2001:db8::3/64",
    machine_memory: 16_725_770_240,
    machine_os: "Debian GNU/Linux 12 (bookworm)",
    machine_os_id: "debian",
    machine_os_version: "12",
    machine_kernel: "Linux 6.1.0-13-amd64",
    machine_architecture: "x86_64",
    machine_hostname: "web1",
    machine_uptime: 86_400,
    machine_vendor: "Dell Inc.",
    machine_model: "PowerEdge R640",
    machine_virtualization: "none",
  });
  const made = pluginOf("onprem").model.kinds.map(({ name }) => name);
  assert.deepEqual(
    new Set(nodes.map((node) => /onprem_\w+/.exec(node)?.[0])),
    new Set(made.filter((name) => name !== "onprem_resource")),
  );
});

Deno.test("on-prem: twice the same is no change, though time goes on", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  await world.collect([`127.0.0.1:${sshd.port}`]);
  await sshd.become(serverWith({ "/proc/uptime": "90000.00 1.00\n" }));
  const summary = await world.collect([`127.0.0.1:${sshd.port}`]);
  for (const { kind, added, changed, removed } of summary.kinds) {
    assert.deepEqual([added, changed, removed], [0, 0, 0], kind);
  }
  const { reported } = world.read();
  assert.equal(reported.get("onprem_instance 127.0.0.1")?.["machine_uptime"], 90_000);
});

Deno.test("on-prem: every server of a place hangs below it, not the first one alone", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  const { port } = sshd;
  await world.know(sshd.knownHosts(`[127.0.0.1]:${port},[localhost]:${port}`));
  const summary = await world.collect([
    `east%main%dmz%127.0.0.1:${port}`,
    `east%main%dmz%localhost:${port}`,
    `west%main%127.0.0.1:${port}`,
    `west%main%localhost:${port}`,
    `west%127.0.0.1:${port}`,
    `127.0.0.1:${port}`,
  ]);
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const { nodes, edges } = world.read();
  assert.deepEqual(nodes.filter((node) => / onprem_(region|network|instance) /.test(node)), [
    "- onprem_instance 127.0.0.1 127.0.0.1",
    "Default region onprem_instance 127.0.0.1 127.0.0.1",
    "Default region onprem_region Default region Default region",
    "main onprem_instance 127.0.0.1 127.0.0.1",
    "main onprem_instance 127.0.0.1 127.0.0.1",
    "main onprem_instance localhost localhost",
    "main onprem_instance localhost localhost",
    "main onprem_network dmz dmz",
    // Equal names in different locations are different regions.
    "main onprem_region main main",
    "main onprem_region main main",
  ]);
  assert.deepEqual(edges, [
    "onprem_location Default location > onprem_region Default region",
    "onprem_location east > onprem_region main",
    "onprem_location west > onprem_instance 127.0.0.1",
    "onprem_location west > onprem_region main",
    "onprem_network dmz > onprem_instance 127.0.0.1",
    "onprem_network dmz > onprem_instance localhost",
    "onprem_region Default region > onprem_instance 127.0.0.1",
    "onprem_region main > onprem_instance 127.0.0.1",
    "onprem_region main > onprem_instance localhost",
    "onprem_region main > onprem_network dmz",
  ]);
});

Deno.test("on-prem: the login name is that of the options, and a server's own wins", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  const { port } = sshd;
  await world.know(sshd.knownHosts(`[127.0.0.1]:${port},[localhost]:${port}`));
  const options = { ssh_user: "of-nobody" };
  const summary = await world.collect([`${LOGIN}@127.0.0.1:${port}`, `localhost:${port}`], {
    options,
  });
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(
    world.read().outcomes[`Default region/onprem_instance localhost:${port}`],
    "denied",
  );
  assert.match(summary.accounts[0]?.faults[0]?.message ?? "", /lets nobody in as of-nobody/);
  const log = await sshd.log();
  assert.match(log, new RegExp(`Accepted publickey for ${LOGIN} `));
  assert.match(log, /Invalid user of-nobody/);
});

Deno.test("on-prem: several guests share the hosts, and each connection is closed", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  const { port } = sshd;
  await world.know(sshd.knownHosts(`[127.0.0.1]:${port},[localhost]:${port}`));
  const places = ["a", "b", "c"].flatMap((region) => [
    `x%${region}%127.0.0.1:${port}`,
    `x%${region}%localhost:${port}`,
  ]);
  const summary = await world.collect(places, { options: { fork: true, pool_size: 1 } });
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  const { nodes } = world.read();
  assert.equal(nodes.filter((node) => node.includes("onprem_instance")).length, places.length);
  assert.equal(sshd.connections.made, places.length);
  await until(() => sshd.connections.open === 0, "all connections are closed");
});

Deno.test("on-prem: only so many hosts are visited at once", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  const servers = Array.from({ length: 6 }, (_, i) => `x%r${i}%127.0.0.1:${sshd.port}`);
  const summary = await world.collect(servers, { options: { pool_size: 2 } });
  assert.deepEqual([summary.exitCode, sshd.connections.made], [0, servers.length]);
  // One that is being closed here may still be open there.
  assert.ok(sshd.connections.most <= 4, String(sshd.connections.most));
});

Deno.test("on-prem: a host, a region and a network that no server names any more are kept", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  const { port } = sshd;
  await world.know(sshd.knownHosts(`[127.0.0.1]:${port},[localhost]:${port}`));
  await world.collect([`127.0.0.1:${port}`, `x%y%z%localhost:${port}`]);
  const before = world.read();
  const summary = await world.collect([`127.0.0.1:${port}`]);
  const after = world.read();
  assert.deepEqual([summary.exitCode, after.nodes, after.edges], [0, before.nodes, before.edges]);
  assert.deepEqual(after.stale, [
    "- onprem_location x x",
    "y onprem_instance localhost localhost",
    "y onprem_network z z",
    "y onprem_region y y",
  ]);
});

Deno.test("on-prem: without a server nothing is collected and nothing removed", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({ authorized: [world.key.line] });
  await world.know(sshd.knownHosts());
  await world.collect([`127.0.0.1:${sshd.port}`]);
  const { nodes } = world.read();
  const summary = await world.collect([]);
  assert.deepEqual([summary.exitCode, world.read().nodes], [1, nodes]);
  assert.match(JSON.stringify(summary.collectors), /--onprem-server/);
  const { manifest } = pluginOf("onprem");
  const configured = (server: readonly string[]) =>
    manifest.configured?.(manifest.options.parse({ server }), { env: {}, files: {} });
  assert.deepEqual(configured([]), {
    configured: false,
    reason: "no server; give --onprem-server",
  });
  assert.deepEqual(configured(["a", "b"]), { configured: true, reason: "2 servers" });
});

Deno.test("on-prem: a true machine is read as it is", async () => {
  await using world = await makeOnpremWorld();
  const config = ['ForceCommand /bin/sh -c "$SSH_ORIGINAL_COMMAND"'];
  await using sshd = await startSshd({ authorized: [world.key.line], config });
  await world.know(sshd.knownHosts());
  await world.collect([`127.0.0.1:${sshd.port}`]);
  const values = world.read().reported.get("onprem_instance 127.0.0.1") ?? {};
  assert.equal(values["machine_kernel"], `Linux ${Deno.osRelease()}`);
  assert.equal(values["machine_hostname"], Deno.hostname());
  const [, kib] = /MemTotal:\s+(\d+)/.exec(await Deno.readTextFile("/proc/meminfo")) ?? [];
  assert.equal(values["machine_memory"], Number(kib) * 1_024);
  assert.ok(Number(values["instance_cores"]) >= 1 && values["instance_type"] !== undefined);
});
