import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryPath, type Ended, runProgram } from "../support/binary.ts";
import { reasonAgainstConfinement, runConfined } from "../support/confinement.ts";

/** Limit of the binary's size, bytes. */
const SIZE_MAX = 110e6;
/** A folder with the binary alone in it. */
async function lonelyBinary(): Promise<AsyncDisposable & { folder: string; program: string }> {
  const folder = await Deno.makeTempDir();
  const program = join(folder, "ckworker");
  await Deno.copyFile(binaryPath(), program);
  await Deno.chmod(folder, 0o755);
  await Deno.chmod(program, 0o755);
  const remove = () => Deno.remove(folder, { recursive: true });
  return { folder, program, [Symbol.asyncDispose]: remove };
}

function assertExampleCollected({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, stderr);
  assert.match(stdout, /example/);
}

Deno.test("binary: stays under its size limit", async () => {
  const { size } = await Deno.stat(binaryPath());
  assert.ok(size < SIZE_MAX, `${size} bytes`);
});

Deno.test("binary: alone in a folder and without any variable it helps and tells its version", async () => {
  await using place = await lonelyBinary();
  const help = await runProgram(place.program, ["--help"], { cwd: place.folder });
  assert.equal(help.code, 0, help.stderr);
  assert.match(help.stdout, /^Usage: ckworker/);
  const version = await runProgram(place.program, ["--version"], { cwd: place.folder });
  assert.equal(version.code, 0, version.stderr);
  assert.match(version.stdout, /^ckworker \d+\.\d+\.\d+\n$/);
});

Deno.test("binary: help writes nothing", async () => {
  await using place = await lonelyBinary();
  await runProgram(place.program, ["--help"], { cwd: place.folder });
  const left = [...Deno.readDirSync(place.folder)].map((entry) => entry.name);
  assert.deepEqual(left, ["ckworker"]);
});

for (const flags of [[], ["--fork"]]) {
  const name = `binary: collects the example twice, alone and without any variable ${
    flags.join(" ")
  }`;
  Deno.test(name.trimEnd(), async () => {
    await using place = await lonelyBinary();
    const args = ["--once", "--collector", "example", ...flags];
    assertExampleCollected(await runProgram(place.program, args, { cwd: place.folder }));
    assertExampleCollected(await runProgram(place.program, args, { cwd: place.folder }));
    assert.ok((await Deno.stat(join(place.folder, "ckworker.db"))).size > 0);
  });
}

const cannotConfine = await reasonAgainstConfinement();

Deno.test({
  name: titleWith(
    "binary: runs as an unknown user on a read-only root, with a writable folder for the store",
    cannotConfine,
  ),
  ignore: cannotConfine !== undefined,
  fn: async () => {
    await using place = await lonelyBinary();
    const data = join(place.folder, "data");
    await Deno.mkdir(data);
    const ended = await runConfined(place.program, data, [
      "--once",
      "--collector",
      "example",
      "--store",
      join(data, "store.db"),
    ]);
    assertExampleCollected(ended);
  },
});

Deno.test({
  name: titleWith("binary: a store on a read-only root is a clear error", cannotConfine),
  ignore: cannotConfine !== undefined,
  fn: async () => {
    await using place = await lonelyBinary();
    const data = join(place.folder, "data");
    await Deno.mkdir(data);
    const store = join(place.folder, "store.db");
    const args = ["--once", "--collector", "example", "--store", store];
    const ended = await runConfined(place.program, data, args);
    assert.notEqual(ended.code, 0);
    assert.notEqual(ended.code, 70, ended.stderr);
    assert.ok(ended.stderr.includes(store), ended.stderr);
  },
});

function titleWith(title: string, reason: string | undefined): string {
  return reason === undefined ? title : `${title} (ignored: ${reason})`;
}
