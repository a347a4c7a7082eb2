import assert from "node:assert/strict";
import { runCli, summaryOf } from "../../support/cli.ts";
import { CLOUDY, DEMO } from "../../support/cli_plugins.ts";

const PLUGINS = { plugins: [CLOUDY, DEMO] };
const CONFIGURED = { ...PLUGINS, env: { CLOUD_KEY: "k" } };

Deno.test("once: with the address of a core the graph goes there, and its loss is a failure", async () => {
  const args = ["--once", "--ckcore-uri", "http://core:8900", "--quiet"];
  const upload = (outcome: "accepted" | "unreachable") => ({
    ...{ core: "http://core:8900", graph: "ck", run: "r1", outcome, clouds: [], leftOut: [] },
    ...{
      nodes: 3,
      edges: 2,
      bytes: 9,
      droppedEdges: 0,
      deferredEdges: 0,
      changes: {},
      shortened: [],
    },
  });
  const collect = (outcome: "accepted" | "unreachable") => () =>
    Promise.resolve(summaryOf({ upload: upload(outcome) }));
  const good = await runCli(args, { ...CONFIGURED, collect: collect("accepted") });
  assert.deepEqual([good.code, good.stdout], [0, ""]);
  const bad = await runCli(args, { ...CONFIGURED, collect: collect("unreachable") });
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /^For http:\/\/core:8900, stored in /);
  assert.match(bad.stdout, /The core could not be reached; the graph stays in the store/);
});

Deno.test("once: collects with every collector that finds configuration, not with demos", async () => {
  const { collected, code } = await runCli(["--once"], CONFIGURED);
  assert.equal(code, 0);
  const [request] = collected;
  assert.deepEqual(request?.plugins.map(({ entry, named }) => [entry.manifest.name, named]), [
    ["cloudy", false],
  ]);
  assert.deepEqual(request?.plugins[0]?.seen.env, { CLOUD_KEY: "k" });
});

Deno.test("once: a named collector takes part without configuration", async () => {
  const { collected } = await runCli(["--once", "--collector", "cloudy"], PLUGINS);
  assert.deepEqual(collected[0]?.plugins.map(({ named }) => named), [true]);
});

Deno.test("once: nothing configured is exit 2, with what is missing and how to start", async () => {
  const { code, stderr, collected } = await runCli(["--once"], PLUGINS);
  assert.equal(code, 2);
  assert.deepEqual(collected, []);
  assert.match(stderr, /cloudy: no key; set CLOUD_KEY\. .*--collector example/);
});

Deno.test("once: what is not configured beside others is passed on with its reason", async () => {
  const other = { ...CLOUDY, manifest: { ...CLOUDY.manifest, name: "other", clouds: ["other"] } };
  const blind = { ...other.manifest, configured: () => ({ configured: false, reason: "no file" }) };
  const plugins = [CLOUDY, { ...other, manifest: blind }];
  const { collected } = await runCli(["--once"], { ...CONFIGURED, plugins });
  assert.deepEqual(collected[0]?.notConfigured, [{ name: "other", reason: "no file" }]);
});

Deno.test("once: settings reach the run, the plugin's options validated and with defaults", async () => {
  const { collected } = await runCli([
    "--once",
    "--pool-size",
    "3",
    "--timeout=60",
    "--fork",
    "--resume",
    "--wait",
    "--keep-runs",
    "4",
    "--accept",
    "denied",
    "--debug-dump-json",
    "--allow-helper",
    "/h",
    "--keep-sensitive",
    "--ignore-deferred-connections",
    "--cloudy-region",
    "a",
    "b",
  ], CONFIGURED);
  const request = collected[0];
  assert.deepEqual(request?.store, {
    path: "./ckworker.db",
    wait: true,
    keepHistory: "90d",
    keepRuns: 4,
  });
  assert.deepEqual(
    [request?.poolSize, request?.timeoutSeconds, request?.fork, request?.resume, request?.accept],
    [3, 60, true, true, ["denied"]],
  );
  assert.deepEqual(
    [request?.dumpJson, request?.allowHelpers, request?.keepSensitive],
    [".", ["/h"], true],
  );
  assert.equal(request?.ignoreDeferredConnections, true);
  assert.deepEqual(request?.plugins[0]?.options, {
    region: ["a", "b"],
    role_override: false,
    page_size: 100,
    partition: "main",
    collect: [],
  });
});

Deno.test("once: rights that the run does not need are given up before it", async () => {
  const { revoked } = await runCli(["--once", "--fork", "--allow-helper", "/h"], CONFIGURED);
  assert.deepEqual(revoked, [{ fork: true, helpers: ["/h"] }]);
});

Deno.test("once: the store lies where asked, else in the state directory, else here", async () => {
  const path = async (args: string[], env: Record<string, string>) =>
    (await runCli(["--once", ...args], { ...PLUGINS, env: { CLOUD_KEY: "k", ...env } }))
      .collected[0]?.store.path;
  assert.equal(await path([], {}), "./ckworker.db");
  assert.equal(await path([], { STATE_DIRECTORY: "/var/lib/a:/b" }), "/var/lib/a/ckworker.db");
  assert.equal(await path(["--store", "/x"], { STATE_DIRECTORY: "/a" }), "/x");
});

Deno.test("once: certificates must be readable PEM", async () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  const setup = { ...CONFIGURED, files: { "/ca.pem": pem, "/not.pem": "x" } };
  const good = await runCli(["--once", "--ca-cert", "/ca.pem"], setup);
  assert.equal(good.collected[0]?.caCertificates, pem);
  for (const path of ["/not.pem", "/absent.pem"]) {
    const { code, stderr } = await runCli(["--once", "--ca-cert", path], setup);
    assert.equal(code, 2);
    assert.ok(stderr.includes(path));
  }
});

Deno.test("once: prints the summary, with --output json as data, and returns its code", async () => {
  const collect = () => Promise.resolve(summaryOf({ exitCode: 3 }));
  const text = await runCli(["--once"], { ...CONFIGURED, collect });
  assert.equal(text.code, 3);
  assert.match(text.stdout, /^Stored in \.\/ckworker\.db/);
  const json = await runCli(["--once", "--output", "json"], { ...CONFIGURED, collect });
  assert.deepEqual(JSON.parse(json.stdout), summaryOf({ exitCode: 3 }));
});

Deno.test("once: --quiet prints nothing when all is well, the summary when it is not", async () => {
  const quiet = await runCli(["--once", "--quiet"], CONFIGURED);
  assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, "", ""]);
  const collect = () => Promise.resolve(summaryOf({ exitCode: 3 }));
  const loud = await runCli(["--once", "--quiet"], { ...CONFIGURED, collect });
  assert.match(loud.stdout, /Exit code 3/);
});
