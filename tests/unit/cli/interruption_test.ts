import assert from "node:assert/strict";
import { runCli } from "../../support/cli.ts";
import { CLOUDY } from "../../support/cli_plugins.ts";

const CONFIGURED = { plugins: [CLOUDY], env: { CLOUD_KEY: "k" } };

Deno.test("main: the first signal asks to stop, the second ends at once", async () => {
  const { exits, code, stderr } = await runCli(["--once"], {
    ...CONFIGURED,
    collect: ({ signal }, send) => {
      send("SIGTERM");
      assert.equal(signal.reason, "SIGTERM");
      send("SIGINT");
      return Promise.reject(signal.reason);
    },
  });
  assert.deepEqual(exits, [130]);
  assert.equal(code, 143);
  assert.match(stderr, /stopping.*\n.*ended by SIGTERM; the last good data is kept\.\n$/);
});

Deno.test("main: a wait that the signal cut short is an end, not a fault", async () => {
  const { code, stderr } = await runCli(["--once"], {
    ...CONFIGURED,
    collect: (_request, send) => {
      send("SIGINT");
      return Promise.reject(Object.assign(new Error("aborted"), { name: "AbortError" }));
    },
  });
  assert.equal(code, 130);
  assert.match(stderr, /stopping.*\n.*ended by SIGINT; the last good data is kept\.\n$/);
});

Deno.test("main: a reader that closes its pipe ends the program quietly", async () => {
  const collect = () => Promise.reject(new Deno.errors.BrokenPipe("Broken pipe"));
  const { code, stderr } = await runCli(["--once"], { ...CONFIGURED, collect });
  assert.deepEqual([code, stderr], [0, ""]);
});
