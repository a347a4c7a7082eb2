import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, SandboxError } from "../../../lib/errors/mod.ts";
import {
  addPlugin,
  inspectPlugin,
  loadPlugins,
  type PluginsContext,
  type Question,
  startGuest,
} from "../../../lib/sandbox/mod.ts";
import { EXAMPLE, exampleRequest } from "../../support/guest_request.ts";
import { readLines } from "../../support/lines.ts";

const ACME = new URL("../../fixtures/plugins/acme.js", import.meta.url);

/** A folder with a copy of the plugin and its changes, and everything that loading needs. */
class Place implements AsyncDisposable {
  readonly context: PluginsContext;
  readonly path: string;

  private constructor(folder: string) {
    this.path = join(folder, "acme.js");
    this.context = {
      lockPath: join(folder, "plugins.lock"),
      base: new URL("../../../main.ts", import.meta.url).href,
      signal: new AbortController().signal,
      builtIns: [EXAMPLE],
    };
  }

  static async make(change: (text: string) => string = (text) => text): Promise<Place> {
    const place = new Place(await Deno.realPath(await Deno.makeTempDir()));
    await place.write(change);
    return place;
  }

  async write(change: (text: string) => string): Promise<void> {
    await Deno.writeTextFile(this.path, change(await Deno.readTextFile(ACME)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(join(this.path, ".."), { recursive: true });
  }
}

const agree = () => Promise.resolve(true);

Deno.test("inspectPlugin() gives what a plugin says of itself", async () => {
  await using place = await Place.make();
  const { facts, file } = await inspectPlugin(place.path, place.context);
  assert.equal(facts.name, "acme");
  assert.deepEqual(facts.permissions, { net: ["robots.acme.test:443"] });
  assert.deepEqual(facts.model.kinds.map((kind) => kind.name), ["acme_account", "acme_robot"]);
  assert.match(file.sha256, /^[0-9a-f]{64}$/);
});

Deno.test("addPlugin() shows what is asked for and pins it when the user agrees", async () => {
  await using place = await Place.make();
  const questions: Question[] = [];
  const added = await addPlugin(place.path, place.context, (question) => {
    questions.push(question);
    return Promise.resolve(true);
  });
  assert.equal(added, true);
  assert.deepEqual(questions[0]?.asks, [
    'name "acme"',
    'cloud "acme"',
    'kind "acme_account"',
    'kind "acme_robot"',
    'net "robots.acme.test:443"',
  ]);
  const [entry] = await loadPlugins([place.path], place.context);
  assert.equal(entry?.manifest.name, "acme");
  assert.deepEqual(entry?.manifest.permissions({}, { env: {}, files: {} }), {
    net: ["robots.acme.test:443"],
  });
});

Deno.test("addPlugin() pins nothing when the user declines", async () => {
  await using place = await Place.make();
  assert.equal(await addPlugin(place.path, place.context, () => Promise.resolve(false)), false);
  await assert.rejects(loadPlugins([place.path], place.context), /was never accepted/);
});

Deno.test("loadPlugins() refuses an unpinned plugin and names the command", async () => {
  await using place = await Place.make();
  await assert.rejects(loadPlugins([place.path], place.context), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.hint ?? "", new RegExp(`ckworker plugins add ${place.path}$`));
    return true;
  });
});

Deno.test("loadPlugins() asks once where somebody can answer", async () => {
  await using place = await Place.make();
  let asked = 0;
  const confirm = () => Promise.resolve(++asked > 0);
  await loadPlugins([place.path], { ...place.context, confirm });
  await loadPlugins([place.path], { ...place.context, confirm });
  assert.equal(asked, 1);
});

Deno.test("loadPlugins() stops with the difference when a plugin asks for more", async () => {
  await using place = await Place.make();
  await addPlugin(place.path, place.context, agree);
  await place.write((text) => text.replace('["robots.acme.test:443"]', '["*.evil.test:443"]'));
  await assert.rejects(
    loadPlugins([place.path], place.context),
    /changed since it was accepted: - net "robots.acme.test:443", \+ net "\*.evil.test:443"/,
  );
});

Deno.test("loadPlugins() stops when the file changed, even if it asks for the same", async () => {
  await using place = await Place.make();
  await addPlugin(place.path, place.context, agree);
  await place.write((text) => `${text}// more\n`);
  await assert.rejects(loadPlugins([place.path], place.context), /asks for the same as before/);
});

for (
  const [what, change] of [
    ['name "example"', (text: string) => text.replace('name: "acme"', 'name: "example"')],
    ['cloud "example"', (text: string) => text.replace('clouds: ["acme"]', 'clouds: ["example"]')],
    ['kind "example_instance"', (text: string) => text.replace("acme_robot", "example_instance")],
    ['kind "instance"', (text: string) => text.replace("acme_robot", "instance")],
  ] as const
) {
  Deno.test(`addPlugin() refuses a plugin that claims the taken ${what}`, async () => {
    await using place = await Place.make(change);
    await assert.rejects(addPlugin(place.path, place.context, agree), new RegExp(`taken: ${what}`));
  });
}

for (
  const [what, text, message] of [
    ["no module", "this is no javascript", /cannot be used/],
    ["no function", "export default 42;", /default export is no function/],
    ["no plugin", "export default () => ({});", /cannot be used/],
    ["a throwing one", "export default () => { throw new Error('no') };", /no/],
    [
      "a reader of files",
      "export default () => Deno.readTextFileSync('/etc/passwd');",
      /may not read "\/etc\/passwd"/,
    ],
    [
      "a reader of variables",
      "export default () => Deno.env.get('HOME');",
      /may not read the variable "HOME"/,
    ],
    [
      "a caller of the network",
      "export default () => fetch('http://127.0.0.1:9');",
      /may not connect to "127.0.0.1:9"/,
    ],
    [
      "an importer of other files",
      `import ${JSON.stringify(ACME.href)}; export default () => ({});`,
      /imports something.* in line 1/,
    ],
    [
      "an importer at run time",
      `export default async () => (await\nimport /* x */ ("node:fs"), {});`,
      /imports something.* in line 2/,
    ],
    [
      "an exporter of other files",
      `export { default } from ${JSON.stringify(ACME.href)};`,
      /imports something/,
    ],
    [
      "a maker of code",
      "export default () => (0, eval)('im' + 'port(\"node:fs\")');",
      /may not use eval/,
    ],
  ] as const
) {
  Deno.test(`inspectPlugin() refuses ${what}`, async () => {
    await using place = await Place.make(() => text);
    await assert.rejects(inspectPlugin(place.path, place.context), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("inspectPlugin() refuses a file that does not exist", async () => {
  await using place = await Place.make();
  await assert.rejects(inspectPlugin(`${place.path}.no`, place.context), /Cannot read the plugin/);
});

Deno.test("loadPlugins() rebuilds options with defaults, help and secrets", async () => {
  await using place = await Place.make();
  await addPlugin(place.path, place.context, agree);
  const [entry] = await loadPlugins([place.path], place.context);
  const options = entry?.manifest.options ?? z.object({});
  assert.deepEqual(options.parse({}), { robots: 2, colour: "red", names: [] });
  assert.equal(options.safeParse({ robots: 0 }).success, false);
  assert.equal(options.safeParse({ colour: "green" }).success, false);
  const shape = z.toJSONSchema(options, { io: "input" }).properties;
  assert.deepEqual(shape?.token, { type: "string", description: "Access token", secret: true });
});

Deno.test("startGuest() runs a pinned plugin as it was checked", async () => {
  await using place = await Place.make();
  await addPlugin(place.path, place.context, agree);
  const [entry] = await loadPlugins([place.path], place.context);
  assert.ok(entry);
  const options = { robots: 1, colour: "blue", names: [] };
  await using guest = await startGuest(exampleRequest({ entry, options }));
  const lines = await readLines(guest.lines);
  assert.ok(lines.includes('["n",2,"acme_robot","robot-1","robot-1",{}]\t{"robot_colour":"blue"}'));
  assert.deepEqual(await guest.ended, { state: "stopped" });
});

Deno.test("startGuest() refuses a plugin that changed after it was checked", async () => {
  await using place = await Place.make();
  await addPlugin(place.path, place.context, agree);
  const [entry] = await loadPlugins([place.path], place.context);
  assert.ok(entry);
  await place.write((text) => text.replace("blue", "green"));
  await assert.rejects(startGuest(exampleRequest({ entry })), SandboxError);
});

Deno.test("loadPlugins() refuses a broken list of accepted plugins", async () => {
  await using place = await Place.make();
  await Deno.writeTextFile(place.context.lockPath, "{");
  await assert.rejects(loadPlugins([place.path], place.context), /Cannot use the list/);
});

Deno.test("inspectPlugin() takes no action plugin from a file, and says so", async () => {
  await using place = await Place.make((text) =>
    text.replace('type: "collector"', 'type: "action"')
  );
  await assert.rejects(
    inspectPlugin(place.path, place.context),
    {
      code: "config.invalid",
      message: /it is an action plugin, and only collectors can be loaded/,
    },
  );
});
