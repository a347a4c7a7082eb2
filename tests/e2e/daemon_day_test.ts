import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import { makeWorkerPlace } from "../support/daemon_binary.ts";
import { collectAt } from "../support/daemon_core.ts";
import { startFakeCore } from "../support/fake_core.ts";
import { startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { type Holdings, holdingsOf } from "../support/processes.ts";

const HOURS = 24;
/** Collections after which everything is loaded and every buffer has been as large as it gets. */
const WARM = 8;
/** Resident memory may differ by so much, MB: garbage is collected when the runtime likes. */
const MEMORY_TOLERANCE = 48;
/** Connections that are kept open for the next call. */
const DESCRIPTOR_TOLERANCE = 4;
/** Threads that the runtime keeps for files and names; guests that stayed would be two each hour. */
const THREAD_TOLERANCE = 8;

Deno.test("daemon: a day of hourly collections holds on to nothing", async () => {
  await using moto = await startMoto();
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using core = await startFakeCore({ dialect: "ckcore" });
  await using place = await makeWorkerPlace();
  const flags = [
    ...["--collector", "example", "aws", "--aws-endpoint-url", proxy.url],
    ...["--aws-region", "eu-west-1", "--aws-collect", "keypairs", "vpcs"],
  ];
  const worker = place.start({ core, flags, env: AWS_KEYS });
  await worker.ready();
  const held: Holdings[] = [];
  for (let hour = 0; hour < HOURS; hour++) {
    await collectAt(core);
    // The core closes the socket that carried the answer.
    await worker.ready();
    held.push(holdingsOf(worker.pid));
  }
  const [warm, end] = [most(held.slice(WARM, WARM + 4)), most(held.slice(-4))];
  const told = `${JSON.stringify(warm)} → ${JSON.stringify(end)}`;
  assert.ok(end.memory <= warm.memory + MEMORY_TOLERANCE, told);
  assert.ok(end.descriptors <= warm.descriptors + DESCRIPTOR_TOLERANCE, told);
  assert.ok(end.threads <= warm.threads + THREAD_TOLERANCE, told);
  const { code, log } = await worker.stop();
  assert.equal(code, 0, log);
});

/** The highest of each figure. */
function most(all: readonly Holdings[]): Holdings {
  const highest = (read: (each: Holdings) => number) => Math.max(...all.map(read));
  return {
    memory: highest(({ memory }) => memory),
    descriptors: highest(({ descriptors }) => descriptors),
    threads: highest(({ threads }) => threads),
  };
}
