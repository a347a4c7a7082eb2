import assert from "node:assert/strict";
import { serverWith } from "../../support/onprem/host.ts";
import { startSshd } from "../../support/onprem/sshd.ts";
import { makeOnpremWorld } from "../../support/onprem/world.ts";

Deno.test("on-prem doctor: tells of each host whether it is reached, lets in and answers", async () => {
  await using world = await makeOnpremWorld();
  await using well = await startSshd({ authorized: [world.key.line] });
  await using bare = await startSshd({
    authorized: [world.key.line],
    host: serverWith({}, { ip: undefined }),
  });
  await using closed = await startSshd({ authorized: [] });
  await using unknown = await startSshd({ authorized: [world.key.line] });
  await world.know(well.knownHosts() + bare.knownHosts() + closed.knownHosts());
  const servers = { well, bare, closed, unknown };
  const report = await world.doctor(
    Object.entries(servers).map(([name, { port }]) => `lab%${name}%127.0.0.1:${port}`),
  );
  assert.equal(report.credentials, `key ${world.key.path} (ssh-ed25519)`);
  assert.deepEqual(
    report.accounts.map(({ id, name, regions }) => [id, name, ...regions]),
    Object.entries(servers).map(([name, { port }]) => [`127.0.0.1:${port}`, "lab", name]),
  );
  assert.deepEqual(
    report.accounts.map(({ denied }) => denied.map(({ call, code }) => `${call} ${code}`)),
    [[], ["ssh:ReadFacts route4"], ["ssh:Login NotLetIn"], []],
  );
  const [lacking] = report.accounts[1]?.denied ?? [];
  assert.match(lacking?.message ?? "", /ip: not found/);
  assert.equal(lacking?.permission, "ip, of iproute2 or busybox");
  assert.deepEqual(report.accounts.map(({ problem }) => problem?.includes("is not known")), [
    undefined,
    undefined,
    undefined,
    true,
  ]);
});
