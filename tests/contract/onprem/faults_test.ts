/** Each thing that can go wrong with a host costs that host alone, and keeps what is known of it. */
import assert from "node:assert/strict";
import { makeGate } from "../../support/onprem/gate.ts";
import { serverWith } from "../../support/onprem/host.ts";
import { LOGIN, startSshd } from "../../support/onprem/sshd.ts";
import { assertKept, collectWithFault } from "../../support/onprem/with_fault.ts";
import { makeOnpremWorld } from "../../support/onprem/world.ts";

Deno.test("on-prem: a host that refuses connections", async () => {
  const found = await collectWithFault(({ bad }) => bad.close());
  assertKept(found);
  assert.equal(found.code, "ECONNREFUSED");
  assert.match(found.message, /^127\.0\.0\.1:\d+ refuses connections/);
});

Deno.test("on-prem: a host that speaks something else", async () => {
  const found = await collectWithFault(({ bad }) => {
    bad.instead = async (connection) => {
      await connection.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    };
  });
  assertKept(found);
  assert.match(found.message, /closed the connection before it spoke SSH$/);
});

Deno.test("on-prem: a host that sends a line without an end", async () => {
  const found = await collectWithFault(({ bad }) => {
    bad.instead = async (connection) => {
      for (;;) await connection.write(new Uint8Array(10_000).fill(65));
    };
  });
  assertKept(found);
  assert.equal(found.code, "Protocol");
});

Deno.test("on-prem: a host that closes the connection at once, or one way of it", async () => {
  const cut = await collectWithFault(({ bad }) => {
    bad.instead = () => Promise.resolve();
  });
  assertKept(cut);
  const half = await collectWithFault(({ bad }) => {
    bad.instead = async (connection) => {
      if (!("closeWrite" in connection)) return;
      await connection.closeWrite();
      await new Response(connection.readable).bytes();
    };
  });
  assertKept(half);
  assert.equal(half.code, "Cut");
});

Deno.test("on-prem: a host that takes the connection and says nothing", async () => {
  const found = await collectWithFault(({ bad }) => {
    bad.instead = async (connection) => void await new Response(connection.readable).bytes();
  }, { hurried: true });
  assertKept(found);
  assert.deepEqual([found.code, found.message.replace(/^\S+ /, "")], [
    "Timeout",
    "did not let us in within 6 s",
  ]);
});

Deno.test("on-prem: a host that does not end the command", async () => {
  await using gate = await makeGate();
  const found = await collectWithFault(
    ({ bad }) => bad.become(serverWith({}, { uname: gate.command })),
    { hurried: true },
  );
  assertKept(found);
  assert.match(found.message, /did not end the command within 3 s/);
});

Deno.test("on-prem: a server that is killed within the command", async () => {
  await using gate = await makeGate();
  const found = await collectWithFault(
    ({ bad }) => bad.become(serverWith({}, { uname: gate.command })),
    {
      during: async ({ bad }) => {
        await gate.reached();
        bad.kill();
      },
    },
  );
  assertKept(found);
  assert.equal(found.code, "Cut");
});

Deno.test("on-prem: a run that is stopped keeps what it did not come to", async () => {
  await using gate = await makeGate();
  const stop = new AbortController();
  const found = await collectWithFault(
    ({ bad }) => bad.become(serverWith({}, { uname: gate.command })),
    {
      // The good host first.
      options: { pool_size: 1 },
      request: { signal: stop.signal },
      during: async () => {
        await gate.reached();
        stop.abort(new Error("enough"));
      },
    },
  );
  assert.equal(found.outcome, "cancelled");
});

Deno.test("on-prem: a host that never stops sending", async () => {
  const endless =
    "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done";
  const found = await collectWithFault(({ bad }) =>
    bad.become(serverWith({}, { uname: `exec /bin/sh -c "${endless}"` }))
  );
  assertKept(found);
  assert.equal(found.code, "TooMuch");
});

Deno.test("on-prem: a host that does not let us in", async () => {
  const found = await collectWithFault(({ bad }) => bad.authorize([]));
  assertKept(found, "denied");
  assert.equal(found.code, "NotLetIn");
});

Deno.test("on-prem: a host that runs something else", async () => {
  await using world = await makeOnpremWorld();
  await using sshd = await startSshd({
    authorized: [world.key.line],
    config: ["ForceCommand echo This account is not available >&2; exit 7"],
  });
  await world.know(sshd.knownHosts());
  const summary = await world.collect([`127.0.0.1:${sshd.port}`]);
  const [fault] = summary.accounts[0]?.faults ?? [];
  assert.deepEqual([fault?.outcome, fault?.code], ["failed", "NotRun"]);
  assert.match(fault?.message ?? "", /ended with code 7\. It says: This account is not available/);
});

Deno.test("on-prem: a part that fails costs its properties alone, which are kept", async () => {
  const found = await collectWithFault(({ bad }) =>
    bad.become(serverWith({ "/proc/meminfo": undefined, "/proc/cpuinfo": "nothing\n" }))
  );
  assert.deepEqual([found.summary.exitCode, found.outcome, found.after.stale], [3, "partial", []]);
  assert.deepEqual(
    found.summary.accounts.flatMap(({ faults }) => faults.map(({ code }) => code)).sort(),
    ["cpuinfo", "meminfo"],
  );
  assert.match(JSON.stringify(found.summary.accounts), /meminfo failed: cat: .*No such file/);
});

Deno.test("on-prem: a host without ip keeps its addresses; one without IPv6 has none", async () => {
  const without = await collectWithFault(({ bad }) =>
    bad.become(serverWith({}, { ip: undefined }))
  );
  assert.deepEqual([without.outcome, without.code], ["partial", "route4"]);
  assert.match(without.message, /ip: not found/);
  await using world = await makeOnpremWorld();
  const unreachable =
    `case "$*" in -6*) echo "RTNETLINK answers: Network is unreachable" >&2; exit 2;;
"route get"*) echo "8.8.8.8 dev eth0 src 10.0.0.9";;
*) echo "    inet 10.0.0.9/8 scope global eth0";; esac`;
  await using sshd = await startSshd({
    authorized: [world.key.line],
    host: serverWith({}, { ip: unreachable }),
  });
  await world.know(sshd.knownHosts());
  assert.equal((await world.collect([`${LOGIN}@127.0.0.1:${sshd.port}`])).exitCode, 0);
  const values = world.read().reported.get("onprem_instance 127.0.0.1") ?? {};
  assert.deepEqual(
    [values["network_device"], values["network_ip4"], values["network_ip6"]],
    ["eth0", "10.0.0.9/8", undefined],
  );
});
