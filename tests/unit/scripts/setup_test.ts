import assert from "node:assert/strict";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname ?? ".", "../../..");
/** What any machine with bash has. */
const BASICS = ["bash", "cat", "cksum", "dirname", "head", "env"];

const GO = "echo go1.19.8";

/** A copy of the scripts and a PATH of the basics and the given programs, each a shell script. */
async function machine(programs: Readonly<Record<string, string>>) {
  const folder = await Deno.makeTempDir();
  const bin = join(folder, "bin");
  await Deno.mkdir(join(folder, "scripts"));
  await Deno.mkdir(bin);
  for (const path of ["deno.json", "deno.lock", "scripts/setup", "scripts/env.sh"]) {
    await Deno.copyFile(join(ROOT, path), join(folder, path));
  }
  for (const name of BASICS) await Deno.symlink(pathOf(name), join(bin, name));
  for (const [name, body] of Object.entries(programs)) {
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  return { folder, bin, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

function pathOf(program: string): string {
  for (const folder of ["/usr/bin", "/bin"]) {
    try {
      return Deno.realPathSync(join(folder, program));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`this machine has no ${program}`);
}

async function setup(programs: Readonly<Record<string, string>>, ...args: readonly string[]) {
  await using place = await machine(programs);
  const command = new Deno.Command(join(place.folder, "scripts/setup"), {
    args: [...args],
    clearEnv: true,
    env: { PATH: place.bin },
  });
  const { code, stderr } = await command.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("scripts/setup: names all that is missing in one line", async () => {
  assert.deepEqual(await setup({}, "--tests"), {
    code: 2,
    stderr: "setup: missing: git, Node >= 20, npm, Python >= 3.9 with pip and venv, " +
      "Go >= 1.19, Chromium (or CHROMIUM=PATH); install that and run this again\n",
  });
});

Deno.test("scripts/setup: an old Node is named with its version", async () => {
  const programs = { git: "", npm: "", node: "echo 18.19.1" };
  assert.deepEqual(await setup(programs), {
    code: 2,
    stderr: "setup: missing: Node >= 20 (found 18.19.1); install that and run this again\n",
  });
});

Deno.test("scripts/setup: Python is needed for the tests alone, and may lack a part", async () => {
  const programs = {
    git: "",
    npm: "",
    node: "echo 20.0.0",
    python3: "exit 1",
    chromium: "",
    go: GO,
  };
  const { code, stderr } = await setup(programs, "--tests");
  assert.equal(code, 2);
  assert.match(stderr, /^setup: missing: Python >= 3\.9 with pip and venv;[^\n]*\n$/);
});

Deno.test("scripts/setup: a browser is needed for the tests alone", async () => {
  const programs = { git: "", npm: "", node: "echo 20.0.0", python3: "", go: GO };
  assert.deepEqual(await setup(programs, "--tests"), {
    code: 2,
    stderr: "setup: missing: Chromium (or CHROMIUM=PATH); install that and run this again\n",
  });
});

Deno.test("scripts/setup: Go is needed for the tests alone, and not too old", async () => {
  const others = { git: "", npm: "", node: "echo 20.0.0", python3: "", chromium: "" };
  for (const go of ["echo go1.18.10", "echo go1.9", "exit 1"]) {
    assert.deepEqual(await setup({ ...others, go }, "--tests"), {
      code: 2,
      stderr: "setup: missing: Go >= 1.19; install that and run this again\n",
    });
  }
});

Deno.test("scripts/setup: another version of Deno on PATH does not replace Node", async () => {
  const deno = `echo "deno 2.0.0 (stable, release, x)"`;
  const { code, stderr } = await setup({ git: "", deno });
  assert.equal(code, 2);
  assert.match(stderr, /missing: Node >= 20, npm;/);
});

Deno.test("scripts/setup: an unknown argument is refused with the usage", async () => {
  const { code, stderr } = await setup({}, "--test");
  assert.equal(code, 2);
  assert.match(stderr, /unknown arguments: --test; usage: scripts\/setup \[--tests\]/);
});
