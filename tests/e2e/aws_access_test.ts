import assert from "node:assert/strict";
import { join } from "node:path";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS, makeAwsPlace, summaryOf } from "../support/aws_binary.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { readAws } from "../support/aws_store.ts";
import { binaryPath, type Ended, runProgram } from "../support/binary.ts";
import { reasonAgainstConfinement, runConfined } from "../support/confinement.ts";
import { startConnectProxy, startTlsFront } from "../support/connect_proxy.ts";
import { type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 0, regions: ["eu-west-1"], suspended: false });
const REGION = ["--aws-region", "eu-west-1"];
const PART = [...REGION, "--aws-collect", "vpcs", "iam_users", "--aws-no-collect", "quotas"];
const ACCOUNT = estate.management;

/** Values that may be seen by nobody but AWS. */
const SECRETS = {
  key: "wJalrXUtnFEMI/K7MDENG+static",
  assumed: "bPxRfiCYEXAMPLEKEY/assumed+role",
  token: "FwoGZXIvYXdzEBYaDKtoken//////////wEXAMPLE",
};

/** AssumeRole with keys that are known to this test. */
const ASSUMED: FaultRule = {
  operation: "AssumeRole",
  effect: {
    type: "answer",
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIATESTING</AccessKeyId><SecretAccessKey>${SECRETS.assumed}</SecretAccessKey>
<SessionToken>${SECRETS.token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>`,
  },
};

for (const fork of [[], ["--fork"]]) {
  Deno.test(
    `binary: AWS secrets are in no output, log, store or process list ${fork}`.trimEnd(),
    async () => {
      const denied: FaultRule = { operation: "ListUsers", effect: { type: "denied" } };
      const held: FaultRule = { operation: "DescribeVpcs", effect: { type: "hold" } };
      await using proxy = startFaultProxy({
        target: moto.url,
        rules: [ASSUMED, denied, held, ...MOTO_GAPS],
      });
      await using place = await makeAwsPlace(proxy.url);
      const file = join(place.folder, "secret");
      await Deno.writeTextFile(file, `${SECRETS.key}\n`);
      const running = place.collect([
        ...["--aws-access-key-id", "AKIATESTING", "--aws-secret-access-key-file", file],
        ...["--aws-role", "reader", "--aws-account", ACCOUNT, ...PART],
        ...["--verbose", "--log-format", "json", "--logfile", join(place.folder, "log")],
        ...["--debug-dump-json", ...fork],
      ], { env: {} });
      while (proxy.total({ operation: "DescribeVpcs" }) === 0) await pause();
      const commands = commandLines(place.folder);
      assert.equal(commands.length, 1 + fork.length);
      proxy.setRules([denied, ...MOTO_GAPS]);
      const { code, stdout, stderr } = await running;
      assert.equal(code, 3, stdout + stderr);
      await Deno.remove(file);
      const written = await everyFile(place.folder);
      assert.ok(written.has("store.db") && written.has("log") && written.has("graph.dump.json"));
      const seen = { stdout, stderr, commands: commands.join(), ...Object.fromEntries(written) };
      for (const [where, text] of Object.entries(seen)) {
        for (const [name, secret] of Object.entries(SECRETS)) {
          assert.equal(text.includes(secret), false, `the ${name} is in ${where}`);
        }
      }
      assert.match(stderr, /"event"/);
    },
  );
}

Deno.test("binary: keys that AWS does not know end with 1 and leave the data as it was", async () => {
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using place = await makeAwsPlace(proxy.url);
  assert.equal((await place.collect(PART)).code, 0);
  const before = readAws(place.store);
  proxy.setRules([{ service: "sts", effect: { type: "region_disabled" } }]);
  const ended = await place.collect([...PART, "--output", "json"]);
  assert.equal(ended.code, 1, ended.stdout + ended.stderr);
  const [collector] = summaryOf(ended).collectors;
  assert.equal(collector?.status, "failed");
  assert.match(collector?.error?.message ?? "", /InvalidClientTokenId|security token/);
  assert.match(collector?.error?.hint ?? "", /--aws-profile/);
  const after = readAws(place.store);
  assert.deepEqual([after.nodes, after.edges], [before.nodes, before.edges]);
});

Deno.test("binary: without credentials and without naming a collector there is nothing to do", async () => {
  await using place = await makeAwsPlace(moto.url);
  const args = ["--once", "--store", place.store];
  const ended = await runProgram(binaryPath(), args, { cwd: place.folder });
  assert.equal(ended.code, 2);
  assert.equal(ended.stdout, "");
  const about = ended.stderr.split("\n").filter((line) => /\baws\b/.test(line));
  assert.equal(about.length, 1, ended.stderr);
  assert.match(about.join(), /no credentials/);
});

Deno.test("binary: AWS through a proxy with a private authority, and nothing beside the proxy", async () => {
  const names = ["*.amazonaws.com", "*.eu-west-1.amazonaws.com"];
  await using front = await startTlsFront(moto.url, names);
  await using proxy = startConnectProxy(() => `127.0.0.1:${front.port}`);
  await using place = await makeAwsPlace("unused");
  const collect = (...more: readonly string[]): Promise<Ended> =>
    runProgram(
      binaryPath(),
      ["--once", "--collector", "aws", "--store", place.store, ...PART, ...more],
      { cwd: place.folder, env: { ...AWS_KEYS, HTTPS_PROXY: proxy.url } },
    );
  const untrusted = await collect();
  assert.equal(untrusted.code, 1);
  assert.match(untrusted.stdout + untrusted.stderr, /certificate/);
  for (const fork of [[], ["--fork"]]) {
    const ended = await collect("--ca-cert", front.caFile, ...fork);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  }
  assert.ok(readAws(place.store).nodes.length > 3);
  assert.deepEqual([...new Set(proxy.asked)].sort(), [
    "ec2.eu-west-1.amazonaws.com:443",
    "iam.amazonaws.com:443",
    "sts.eu-west-1.amazonaws.com:443",
  ]);
});

Deno.test("binary: NO_PROXY keeps an endpoint away from the proxy", async () => {
  await using target = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  await using proxy = startConnectProxy();
  await using place = await makeAwsPlace(target.url);
  const env = { ...AWS_KEYS, HTTP_PROXY: proxy.url };
  const host = new URL(target.url).host;
  assert.equal((await place.collect(PART, { env })).code, 0);
  assert.deepEqual([proxy.asked.length, new Set(proxy.asked)], [target.total(), new Set([host])]);
  target.resetCounts();
  const before = proxy.asked.length;
  assert.equal((await place.collect(PART, { env: { ...env, NO_PROXY: "127.0.0.1" } })).code, 0);
  assert.equal(proxy.asked.length, before);
  assert.ok(target.total() > 3);
});

const cannotConfine = await reasonAgainstConfinement();

Deno.test({
  name: `binary: collects AWS as an unknown user on a read-only root${
    cannotConfine === undefined ? "" : ` (ignored: ${cannotConfine})`
  }`,
  ignore: cannotConfine !== undefined,
  fn: async () => {
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using place = await makeAwsPlace(proxy.url);
    const program = join(place.folder, "ckworker");
    const data = join(place.folder, "data");
    await Deno.copyFile(binaryPath(), program);
    await Deno.mkdir(data);
    for (const path of [place.folder, program]) await Deno.chmod(path, 0o755);
    const store = join(data, "store.db");
    const fixed = ["--once", "--collector", "aws", "--aws-endpoint-url", proxy.url];
    const ended = await runConfined(
      program,
      data,
      [...fixed, "--store", store, ...REGION],
      AWS_KEYS,
    );
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /aws_ec2_instance +[1-9]/);
  },
});

/** Command lines of all processes that name a text. */
function commandLines(text: string): readonly string[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).flatMap(
    ({ name }) => {
      const line = readIfThere(`/proc/${name}/cmdline`);
      return line.includes(text) || parentIs(name, text) ? [line] : [];
    },
  );
}

function parentIs(pid: string, text: string): boolean {
  const parent = /^PPid:\s+(\d+)/m.exec(readIfThere(`/proc/${pid}/status`))?.[1];
  return parent !== undefined && parent !== "0" &&
    readIfThere(`/proc/${parent}/cmdline`).includes(text);
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || isEnding(error)) return "";
    throw error;
  }
}

/** A process that ends while it is looked at. */
function isEnding(error: unknown): boolean {
  return error instanceof Error && error.message.includes("No such process");
}

/** All files of a folder as text, whatever they hold. */
async function everyFile(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) {
      files.set(name, new TextDecoder("latin1").decode(await Deno.readFile(join(folder, name))));
    }
  }
  return files;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
