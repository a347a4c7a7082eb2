import assert from "node:assert/strict";
import { loadPlugins, startGuest } from "../../lib/sandbox/mod.ts";
import { attemptEverything, attemptsOf } from "../support/counterparts/attempts.ts";
import { COUNTERPARTS } from "../support/counterparts/mod.ts";
import { collectorOf } from "../support/counterparts/plugin_store.ts";
import { EXAMPLE, exampleRequest } from "../support/guest_request.ts";
import { readLines } from "../support/lines.ts";
import { temporaryFolder } from "../support/store.ts";

const ESCAPE = new URL("../fixtures/hostile/escape.js", import.meta.url);
const BASE = new URL("../../main.ts", import.meta.url).href;

Deno.test("a guest without rights is refused whatever it tries", async () => {
  using place = temporaryFolder();
  const context = {
    base: BASE,
    lockPath: `${place.path}/plugins.lock`,
    builtIns: [EXAMPLE],
    signal: new AbortController().signal,
    confirm: () => Promise.resolve(true),
  };
  const [entry] = await loadPlugins([ESCAPE.pathname], context);
  assert.ok(entry);
  await using guest = await startGuest(exampleRequest({ entry, options: {} }));
  const attempts = [...attemptsOf(await readLines(guest.lines))];
  assert.deepEqual(await guest.ended, { state: "stopped" });
  assert.ok(attempts.length > 30);
  assert.deepEqual(attempts.filter(([, result]) => !result.startsWith("refused: ")), []);
});

for (const { plugin, start } of COUNTERPARTS) {
  Deno.test(`a guest with the rights of ${plugin} may do what they list and not a step more`, async () => {
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      () => new Response("hi"),
    );
    await using _server = { [Symbol.asyncDispose]: () => server.shutdown() };
    await using counterpart = await start("nothing");
    const { entry, options, seen } = collectorOf(plugin, counterpart.configuration);
    const permissions = entry.manifest.permissions(options, seen);
    const attempts = await attemptEverything(permissions, {
      reach: `Deno.connect(${JSON.stringify(granted(permissions.net))}).then((c) => c.close())`,
      beyond: `fetch("http://127.0.0.1:${server.addr.port}/").then((r) => r.text())`,
    });
    assert.ok(attempts.size > 32);
    const successes = [...attempts].filter(([, result]) => !result.startsWith("refused: "))
      .map(([name]) => name);
    assert.deepEqual(successes, (permissions.net ?? []).length === 0 ? [] : ["reach"]);
    assert.match(attempts.get("beyond") ?? "", /^refused: .*127\.0\.0\.1:/);
  });
}

/** The counterpart's address, if there is one; not all of them speak HTTP. */
function granted(
  net: readonly string[] = [],
): { readonly hostname: string; readonly port: number } {
  const [, port = "9"] = net.find((each) => each.startsWith("127.0.0.1:"))?.split(":") ?? [];
  return { hostname: "127.0.0.1", port: Number(port) };
}

Deno.test("a guest may read the variables and reach the host that are listed, by these names", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("hi"),
  );
  await using _server = { [Symbol.asyncDispose]: () => server.shutdown() };
  const { port } = server.addr;
  const attempts = await attemptEverything(
    { net: [`127.0.0.1:${port}`], env: ["CK_ALLOWED_*"] },
    {
      reach: `fetch("http://127.0.0.1:${port}/").then((r) => r.text())`,
      beyond: `fetch("http://localhost:${port}/").then((r) => r.text())`,
    },
  );
  assert.equal(attempts.get("reach"), "succeeded");
  assert.match(attempts.get("beyond") ?? "", /^refused: .*net access to "localhost/);
  assert.match(attempts.get("read_variable") ?? "", /^refused: .*CK_SECRET/);
  assert.match(attempts.get("connect") ?? "", /^refused: .*127\.0\.0\.1:9/);
});
