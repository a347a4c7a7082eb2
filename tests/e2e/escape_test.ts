import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { binaryPath, type Ended, runProgram } from "../support/binary.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const ESCAPE = join(FIXTURES, "hostile", "escape.js");
const FORGE = join(FIXTURES, "hostile", "forge.js");
const ACME = join(FIXTURES, "plugins", "acme.js");

/** A folder in which the binary runs, with plugins that were accepted there. */
class Place implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async accepting(...plugins: string[]): Promise<Place> {
    const place = new Place(await Deno.makeTempDir());
    for (const plugin of plugins) {
      const { code, stderr } = await place.run(["plugins", "add", plugin]);
      assert.equal(code, 0, stderr);
    }
    return place;
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return runProgram(binaryPath(), args, {
      cwd: this.#folder,
      env: { HOME: this.#folder, ...env },
    });
  }

  collect(name: string, plugin: string, ...args: string[]): Promise<Ended> {
    return this.run(["--once", "--collector", name, "--plugin", plugin, ...args]);
  }

  /** First column of a query over the store. */
  query(sql: string): string[] {
    using database = new DatabaseSync(join(this.#folder, "ckworker.db"), { readOnly: true });
    return database.prepare(sql).all().map((row) => String(Object.values(row)[0]));
  }

  exists(name: string): Promise<boolean> {
    return Deno.stat(join(this.#folder, name)).then(() => true, () => false);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

Deno.test("binary: a plugin of a file runs once it was accepted", async () => {
  await using place = await Place.accepting();
  const before = await place.collect("acme", ACME);
  assert.equal(before.code, 2);
  assert.match(before.stderr, /ckworker plugins add/);
  assert.equal((await place.run(["plugins", "add", ACME])).code, 0);
  const after = await place.collect("acme", ACME, "--acme-robots", "3");
  assert.equal(after.code, 0, after.stderr);
  assert.equal(place.query("SELECT id FROM acme_robot").length, 3);
});

Deno.test("binary: a plugin is refused whatever it tries outside of its manifest", async () => {
  await using place = await Place.accepting(ESCAPE);
  const { code, stderr } = await place.collect("escape", ESCAPE);
  assert.equal(code, 0, stderr);
  const results = place.query("SELECT id || ': ' || escape_result FROM escape_attempt");
  assert.ok(results.length > 30);
  assert.deepEqual(results.filter((result) => !/^\w+: refused: /.test(result)), []);
  assert.equal(await place.exists("escaped.txt"), false);
});

for (
  const statement of ['import "node:fs";', 'await import("data:,1");', 'export * from "data:,1";']
) {
  Deno.test(`binary: a plugin is refused that says ${statement}`, async () => {
    await using place = await Place.accepting();
    const file = await Deno.makeTempFile({ suffix: ".js" });
    await Deno.writeTextFile(file, `${statement} export default () => ({});`);
    const { code, stderr } = await place.run(["plugins", "add", file]);
    await Deno.remove(file);
    assert.equal(code, 2);
    assert.match(stderr, /imports something/);
  });
}

/** Lies, and the exit code: 3 when they cost their scope, 1 when they cost the rest of the guest. */
const LIES: readonly (readonly [string, number])[] = [
  ["foreign_kind", 3],
  ["base_kind", 3],
  ["unknown_kind", 3],
  ["body_kind", 3],
  ["closed_scope", 1],
  ["unopened_scope", 1],
  ["scope_text", 1],
  ["foreign_cloud", 1],
  ["scope_twice", 1],
  ["body_array", 1],
  ["body_text", 1],
  ["body_broken", 1],
  ["no_json", 1],
  ["set_replace", 1],
  ["set_cleaned", 1],
  ["bad_outcome", 1],
  ["too_big", 1],
  ["exit", 1],
  ["exit_by_process", 1],
  ["close", 1],
  ["abort", 1],
  ["throw_later", 1],
  ["reject_later", 1],
  ["flood", 1],
  ["leave_open", 1],
];

for (const [how, expected] of LIES) {
  Deno.test(`binary: a plugin that lies or breaks costs its open scope alone: ${how}`, async () => {
    await using place = await Place.accepting(FORGE);
    const honest = await place.collect("forge", FORGE);
    assert.equal(honest.code, 0, honest.stderr);
    const { code } = await place.collect("forge", FORGE, "--forge-how", how);
    assert.equal(code, expected);
    assert.deepEqual(place.query("SELECT id FROM nodes ORDER BY id"), ["a", "forge", "honest"]);
  });
}

Deno.test("binary: a plugin that sends garbage at once costs nothing that was there", async () => {
  await using place = await Place.accepting(FORGE);
  await place.collect("forge", FORGE);
  assert.equal((await place.collect("forge", FORGE, "--forge-how", "garbage")).code, 1);
  assert.deepEqual(place.query("SELECT id FROM nodes ORDER BY id"), ["a", "forge", "honest"]);
});

Deno.test("binary: a plugin that runs out of memory in a child costs the child alone", async () => {
  await using place = await Place.accepting(FORGE);
  await place.collect("forge", FORGE);
  const { code, stdout } = await place.run(
    ["--once", "--collector", "forge", "--plugin", FORGE, "--forge-how", "out_of_memory", "--fork"],
    { DENO_V8_FLAGS: "--max-old-space-size=200" },
  );
  assert.equal(code, 1);
  assert.match(stdout, /ran out of memory/);
  assert.deepEqual(place.query("SELECT id FROM nodes ORDER BY id"), ["a", "forge", "honest"]);
});
