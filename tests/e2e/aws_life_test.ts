import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS, type AwsPlace, makeAwsPlace } from "../support/aws_binary.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { readAws } from "../support/aws_store.ts";
import { binaryPath } from "../support/binary.ts";
import { type FaultProxy, type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { childrenOf, isAlive } from "../support/processes.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 1, regions: ["eu-west-1"], suspended: false });
const ALL = ["--aws-role", estate.role, "--aws-scrape-org", "--aws-region", "eu-west-1"];

/** What is held up in the tests that end a run in its middle. */
const HELD: FaultRule = { operation: "DescribeVolumes", effect: { type: "hold" } };
/** Scopes that close while volumes are held, with the call that lists them. */
const CLOSING = {
  "eu-west-1/aws_vpc": "DescribeVpcs",
  "eu-west-1/aws_ec2_subnet": "DescribeSubnets",
  "eu-west-1/aws_ec2_keypair": "DescribeKeyPairs",
  "global/aws_s3_bucket": "ListBuckets",
};
/** How long a test waits for something that takes a moment. */
const LIMIT = 60_000;

/** A run of the binary that is under way. */
interface Started extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly output: Promise<Deno.CommandOutput>;
}

function start(place: AwsPlace, flags: readonly string[]): Started {
  const child = new Deno.Command(binaryPath(), {
    args: [...place.flags(...flags)],
    cwd: place.folder,
    clearEnv: true,
    env: { HOME: place.folder, ...AWS_KEYS },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  let ended = false;
  output.then(() => ended = true);
  return {
    child,
    output,
    [Symbol.asyncDispose]: async () => {
      if (!ended) child.kill("SIGKILL");
      await output;
    },
  };
}

/** Looks until something is so. */
async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${LIMIT / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the last run of a store has closed what does not depend on the held call. */
function untilClosed({ store }: AwsPlace): Promise<void> {
  const scopes = estate.accounts.flatMap(({ id }) =>
    Object.keys(CLOSING).map((scope) => `${id}/${scope}`)
  );
  return until(() => {
    const { outcomes } = readAws(store);
    return scopes.every((scope) => outcomes[scope] === "complete");
  }, "the first scopes closed");
}

/** A store with one whole run in it, and a proxy that now holds the volumes. */
async function interruptible(proxy: FaultProxy, place: AwsPlace) {
  assert.equal((await place.collect(ALL)).code, 0);
  proxy.setRules([HELD, ...MOTO_GAPS]);
  return readAws(place.store);
}

Deno.test("binary: killed in the middle it leaves the last good data, and --resume repeats nothing", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using place = await makeAwsPlace(proxy.url);
  const before = await interruptible(proxy, place);
  await using run = start(place, ALL);
  await until(() => proxy.total({ operation: "DescribeVolumes" }) >= 4, "volumes held");
  await untilClosed(place);
  run.child.kill("SIGKILL");
  assert.equal((await run.output).signal, "SIGKILL");

  const killed = readAws(place.store);
  assert.deepEqual([killed.nodes, killed.edges], [before.nodes, before.edges]);
  proxy.setRules(MOTO_GAPS);
  proxy.resetCounts();
  const resumed = await place.collect([...ALL, "--resume"]);
  assert.equal(resumed.code, 0, resumed.stdout + resumed.stderr);
  const after = readAws(place.store);
  assert.deepEqual([after.nodes, after.edges, after.stale], [before.nodes, before.edges, []]);
  for (const operation of Object.values(CLOSING)) assert.equal(proxy.total({ operation }), 0);
  assert.equal(proxy.total({ operation: "DescribeVolumes" }), estate.accounts.length);
});

for (const fork of [[], ["--fork"]]) {
  Deno.test(
    `binary: terminated in the middle it ends with 143 and leaves no process ${fork}`.trimEnd(),
    async () => {
      await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
      await using place = await makeAwsPlace(proxy.url);
      const before = await interruptible(proxy, place);
      await using run = start(place, [...ALL, ...fork]);
      await until(() => proxy.total({ operation: "DescribeVolumes" }) >= 4, "volumes held");
      await untilClosed(place);
      const children = childrenOf(run.child.pid);
      assert.equal(children.length, fork.length);
      run.child.kill("SIGTERM");
      const { code, stderr } = await run.output;
      assert.equal(code, 143, new TextDecoder().decode(stderr));
      await until(() => children.every((pid) => !isAlive(pid)), "children are gone");
      const after = readAws(place.store);
      assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
    },
  );
}

Deno.test("binary: a second run on a store is told so, or waits", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: [HELD, ...MOTO_GAPS] });
  await using place = await makeAwsPlace(proxy.url);
  await using run = start(place, ALL);
  await until(() => proxy.total({ operation: "DescribeVolumes" }) >= 2, "volumes held");
  const second = await place.collect(ALL);
  assert.equal(second.code, 75, second.stderr);
  assert.match(second.stderr, new RegExp(`${run.child.pid}`));
  await using waiting = start(place, [...ALL, "--wait"]);
  proxy.setRules(MOTO_GAPS);
  assert.deepEqual([(await run.output).code, (await waiting.output).code], [0, 0]);
});

Deno.test("binary: child processes and several guests give the same store", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  const stores = [];
  for (const flags of [[], ["--fork"], ["--aws-fork"], ["--fork", "--aws-fork"]]) {
    await using place = await makeAwsPlace(proxy.url);
    const ended = await place.collect([...ALL, ...flags]);
    assert.equal(ended.code, 0, `${flags}: ${ended.stdout}${ended.stderr}`);
    stores.push(readAws(place.store));
  }
  const [alone, ...others] = stores;
  assert.ok((alone?.nodes.length ?? 0) > 100);
  for (const other of others) assert.deepEqual(other, alone);
});

for (const operation of ["AssumeRole", "ListAccounts"]) {
  Deno.test(`binary: ${operation} denied when a run is resumed is told, and nothing goes`, async () => {
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using place = await makeAwsPlace(proxy.url);
    const before = await interruptible(proxy, place);
    await using run = start(place, ALL);
    await until(() => proxy.total({ operation: "DescribeVolumes" }) >= 4, "volumes held");
    await untilClosed(place);
    run.child.kill("SIGKILL");
    await run.output;
    proxy.setRules([{ operation, effect: { type: "denied" } }, ...MOTO_GAPS]);
    const resumed = await place.collect([...ALL, "--resume"]);
    assert.equal(resumed.code, 3, resumed.stdout + resumed.stderr);
    assert.match(resumed.stdout, new RegExp(`denied: \\w+:${operation} `));
    const after = readAws(place.store);
    assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
  });
}
