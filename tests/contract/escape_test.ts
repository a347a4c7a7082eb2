import assert from "node:assert/strict";
import { inspectPlugin, loadPlugins, startGuest } from "../../lib/sandbox/mod.ts";
import { EXAMPLE, exampleRequest } from "../support/guest_request.ts";
import { readLines } from "../support/lines.ts";

const FIXTURES = new URL("../fixtures/hostile/", import.meta.url);
const BASE = new URL("../../main.ts", import.meta.url).href;

Deno.test("a guest without rights is refused whatever it tries", async () => {
  await using place = await temporaryFolder();
  const context = {
    base: BASE,
    lockPath: `${place.path}/plugins.lock`,
    builtIns: [EXAMPLE],
    signal: new AbortController().signal,
    confirm: () => Promise.resolve(true),
  };
  const [entry] = await loadPlugins([new URL("escape.js", FIXTURES).pathname], context);
  assert.ok(entry);
  await using guest = await startGuest(exampleRequest({ entry, options: {} }));
  const attempts = attemptsOf(await readLines(guest.lines));
  assert.deepEqual(await guest.ended, { state: "stopped" });
  assert.ok(attempts.length > 30);
  assert.deepEqual(attempts.filter(([, result]) => !result?.startsWith("refused: ")), []);
});

Deno.test("a guest may do what its manifest lists and not a step more", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("hi"),
  );
  await using _server = { [Symbol.asyncDispose]: () => server.shutdown() };
  const { port } = server.addr;
  const text = await Deno.readTextFile(new URL("escape.js", FIXTURES));
  const reach = `fetch("http://127.0.0.1:${port}/").then((r) => r.text())`;
  const beyond = `fetch("http://localhost:${port}/").then((r) => r.text())`;
  await using place = await temporaryFolder();
  const path = `${place.path}/escape.js`;
  await Deno.writeTextFile(
    path,
    text.replace(
      "const ATTEMPTS = {",
      `const ATTEMPTS = { reach: () => ${reach}, beyond: () => ${beyond},`,
    ),
  );
  const { file } = await inspectPlugin(path, { base: BASE, signal: new AbortController().signal });
  await using guest = await startGuest(exampleRequest({
    entry: { ...EXAMPLE, source: { type: "file", path: file.path, sha256: file.sha256 } },
    options: {},
    permissions: { net: [`127.0.0.1:${port}`], env: ["CK_ALLOWED_*"] },
  }));
  const results = new Map(attemptsOf(await readLines(guest.lines)));
  assert.equal(results.get("reach"), "succeeded");
  assert.match(results.get("beyond") ?? "", /^refused: .*net access to "localhost/);
  assert.match(results.get("read_variable") ?? "", /^refused: .*CK_SECRET/);
  assert.match(results.get("connect") ?? "", /^refused: .*127\.0\.0\.1:9/);
});

/** Attempts and what came of them. */
function attemptsOf(lines: readonly string[]): (readonly [string, string | undefined])[] {
  return lines.filter((line) => line.includes('"escape_attempt"') && line.startsWith('["n"'))
    .map((line) => {
      const [head = "", body = ""] = line.split("\t");
      return [JSON.parse(head)[3], JSON.parse(body).escape_result] as const;
    });
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
