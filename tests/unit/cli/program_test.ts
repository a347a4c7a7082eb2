import assert from "node:assert/strict";
import { CloudError, ConfigError, StoreError } from "../../../lib/errors/mod.ts";
import { runCli, summaryOf } from "../../support/cli.ts";
import { CLOUDY, DEMO } from "../../support/cli_plugins.ts";

const PLUGINS = { plugins: [CLOUDY, DEMO] };
const CONFIGURED = { ...PLUGINS, env: { CLOUD_KEY: "k" } };

Deno.test("main: without --once it works for a core, by default one on this machine", async () => {
  const { code, served, collected } = await runCli([], CONFIGURED);
  assert.equal(code, 0);
  assert.equal(collected.length, 0);
  const [request] = served;
  assert.equal(request?.core.uri, "http://localhost:8900");
  assert.deepEqual(request?.identity, { ckcore: "worker", fixcore: "fix.worker" });
  const order = request?.settle(new Map()).collect();
  assert.ok(order !== undefined && "plugins" in order && order.store.wait);
});

Deno.test("main: a daemon with nothing to collect with lives, and says why when it is asked", async () => {
  const [request] = (await runCli([], PLUGINS)).served;
  const order = request?.settle(new Map()).collect();
  assert.ok(order !== undefined && "nothing" in order);
  assert.match(order.nothing, /^nothing to collect with/);
});

Deno.test("main: what a core keeps counts beneath flags and variables", async () => {
  const env = { ...CONFIGURED.env, FIXWORKER_FIXCORE_URI: "https://fix:8900" };
  const args = ["--replace", "region", "--override", "fixworker.timeout=7"];
  const [request] = (await runCli(args, { ...CONFIGURED, env })).served;
  assert.equal(request?.core.dialect, "fixcore");
  const document = request?.readDocument({
    fixworker: { timeout: 60, graph_merge_kind: "account", collector: ["cloudy"] },
    cloudy: { page_size: 9, role: "auditor" },
    azure: { x: 1 },
  });
  const orders = request?.settle(document ?? new Map());
  assert.equal(orders?.timeoutSeconds, 7);
  assert.equal(orders?.replace, "region");
  assert.deepEqual(orders?.clouds, ["cloudy"]);
  const order = orders?.collect();
  assert.ok(order !== undefined && "plugins" in order);
  assert.equal(order.plugins[0]?.options["page_size"], 9);
});

Deno.test("main: settings of the web pages that a core keeps are not used, which is said", async () => {
  const { served, stderr } = await runCli([], {
    ...CONFIGURED,
    env: { ...CONFIGURED.env, FIXWORKER_FIXCORE_URI: "https://fix:8900" },
    serve: (request) => {
      request.readDocument({ fixworker: { web_port: 81, timeout: 5 } });
      return Promise.resolve(0);
    },
  });
  assert.equal(served[0]?.web.port, 9956);
  assert.match(stderr, /The web pages take .*"fix\.worker: fixworker\.web_port"/);
  assert.doesNotMatch(stderr, /fixworker\.timeout/);
});

Deno.test("main: two cores are one too many; certificate and key belong together", async () => {
  const cases = [
    [["--ckcore-uri", "http://a", "--fixcore-uri", "https://b"], /name two cores/],
    [["--cert", "/c.pem"], /--cert and --cert-key belong together/],
    [["--cert", "/c", "--cert-key", "/k"], /cannot read \/c/],
    [["--override", "nonsense"], /--override must be of the form section\.key=value/],
  ] as const;
  for (const [args, expected] of cases) {
    const { code, stderr, served } = await runCli(args, CONFIGURED);
    assert.equal(code, 2);
    assert.match(stderr, expected);
    assert.equal(served.length, 0);
  }
});

Deno.test("main: errors of usage are one line with what to do, exit 2", async () => {
  const cases = [
    [["--stroe"], "ckworker: unknown flag --stroe. Did you mean --store?\n"],
    [["pluggins"], "ckworker: there is no command pluggins. Did you mean plugins?\n"],
    [
      ["--once", "--collector", "cloudi"],
      "ckworker: there is no collector cloudi. Did you mean cloudy?\n",
    ],
    [
      ["--once", "x"],
      'ckworker: unexpected argument "x". A command comes first; see ckworker --help\n',
    ],
    [["kinds", "a", "b"], 'ckworker: unexpected argument "b". See ckworker kinds --help\n'],
    [["kinds", "volum"], "ckworker: there is no kind volum. Did you mean volume?\n"],
    [["permissions", "cloudi"], "ckworker: there is no plugin cloudi. Did you mean cloudy?\n"],
    [["completions"], "ckworker: no shell named. Write one of: bash, zsh, fish\n"],
    [
      ["completions", "constructor"],
      "ckworker: no completions for constructor. Write one of: bash, zsh, fish\n",
    ],
    [
      ["kinds", "--pool-size", "3"],
      "ckworker: --pool-size does not belong to this command. It belongs to ckworker --once; see --help for the flags of this command\n",
    ],
    [
      ["plugins", "remove"],
      'ckworker: ckworker plugins does not know "remove". Write: ckworker plugins, or: ckworker plugins add FILE\n',
    ],
    [
      ["plugins", "add"],
      'ckworker: ckworker plugins does not know "add". Write: ckworker plugins, or: ckworker plugins add FILE\n',
    ],
  ] as const;
  for (const [args, expected] of cases) {
    const { code, stderr, stdout } = await runCli(args, PLUGINS);
    assert.equal(stderr, expected);
    assert.equal(code, 2, expected);
    assert.equal(stdout, "");
  }
});

Deno.test("main: --version answers whatever else is wrong", async () => {
  const { code, stdout } = await runCli(["--version", "--nope"], PLUGINS);
  assert.equal(code, 0);
  assert.match(stdout, /^ckworker \d+\.\d+\.\d+\n$/);
});

Deno.test("main: --help shows only the options of the named collector", async () => {
  const { code, stdout } = await runCli(["--collector", "demo", "--help"], PLUGINS);
  assert.equal(code, 0);
  assert.ok(stdout.includes("--demo-size"));
  assert.ok(!stdout.includes("--cloudy"));
  assert.ok((await runCli(["--help"], PLUGINS)).stdout.includes("--cloudy-region"));
});

Deno.test("main: --help and --machine-help show every flag, the latter but itself", async () => {
  const help = (await runCli(["--help"], PLUGINS)).stdout;
  const machine = (await runCli(["--machine-help"], PLUGINS)).stdout.split("\n");
  for (const flag of ["--cleanup", "--cleanup-dry-run", "--cleanup-pool-size"]) {
    assert.ok(help.includes(`${flag} `), flag);
    assert.ok(machine.includes(flag), flag);
  }
  assert.ok(machine.includes("-v"));
  for (const hidden of ["--help", "-h", "--machine-help"]) assert.ok(!machine.includes(hidden));
});

Deno.test("main: --collector of a file decides whose help is shown", async () => {
  const files = { "/c": "collector: demo\n" };
  const { stdout } = await runCli(["--config", "/c", "--help"], { ...PLUGINS, files });
  assert.ok(stdout.includes("--demo-size") && !stdout.includes("--cloudy"));
});

Deno.test("main: faults end in the code of their kind", async () => {
  const cases = [
    [new ConfigError("bad"), 2],
    [new StoreError("locked", "held by pid 7"), 75],
    [new StoreError("full", "disk full"), 1],
    [new CloudError("no_credentials", "none"), 1],
    [new TypeError("x is undefined"), 70],
  ] as const;
  for (const [fault, expected] of cases) {
    const collect = () => Promise.reject(fault);
    const { code, stderr } = await runCli(["--once"], { ...CONFIGURED, collect });
    assert.equal(code, expected);
    assert.ok(stderr.includes(fault.message));
    assert.equal(stderr.includes("please report it"), expected === 70);
  }
});

Deno.test("main: --verbose adds context, causes and stacks; without it there is one line", async () => {
  const fault = new CloudError("request", "no answer", {
    context: { call: "disk:List" },
    cause: new Error("socket closed"),
  });
  const collect = () => Promise.reject(fault);
  const brief = await runCli(["--once"], { ...CONFIGURED, collect });
  assert.equal(brief.stderr, "ckworker: no answer.\n");
  const long = await runCli(["--once", "--verbose"], { ...CONFIGURED, collect });
  assert.match(long.stderr, /call=disk:List/);
  assert.match(long.stderr, /because: Error: socket closed/);
  assert.match(long.stderr, /program_test\.ts/);
});

Deno.test("main: secrets of variables and flags are in no error and no log line", async () => {
  const env = { CLOUD_KEY: "k", MY_TOKEN: "tok-hunter22" };
  const { stderr } = await runCli(["--once", "--cloudy-key", "flag-hunter22"], {
    ...PLUGINS,
    env,
    collect: ({ log }) => {
      log.info("x.y", "with tok-hunter22 and flag-hunter22");
      return Promise.reject(new ConfigError("refused flag-hunter22 tok-hunter22"));
    },
  });
  assert.ok(!stderr.includes("hunter22"), stderr);
  assert.match(stderr, /with \[secret\] and \[secret\]/);
  assert.match(stderr, /refused \[secret\] \[secret\]/);
});

Deno.test("main: a secret on the command line works and warns once", async () => {
  const { stderr, collected } = await runCli(["--once", "--cloudy-key", "hunter22"], PLUGINS);
  assert.equal(collected[0]?.plugins[0]?.options.key, "hunter22");
  assert.equal(stderr.split("\n").filter((line) => line.includes("WARNING")).length, 1);
});

Deno.test("main: log lines go to stderr in the asked form", async () => {
  const collect: NonNullable<Parameters<typeof runCli>[1]>["collect"] = ({ log }) => {
    log.info("x.y", "Running", { n: 1 });
    log.debug("x.z", "Detail");
    return Promise.resolve(summaryOf());
  };
  const setup = { ...CONFIGURED, collect };
  const text = await runCli(["--once"], setup);
  assert.equal(text.stderr, "21-12-02 08:00:00|ckworker| INFO|4711|MainThread  Running n=1\n");
  const json = await runCli(["--once", "--log-format", "json"], setup);
  assert.equal(JSON.parse(json.stderr).event, "x.y");
  const verbose = await runCli(["--once"], {
    ...setup,
    env: { CLOUD_KEY: "k", CKWORKER_VERBOSE: "true" },
  });
  assert.match(verbose.stderr, /DEBUG.*Detail/);
});

Deno.test("main: --logfile appends what stderr gets; one that cannot be opened is exit 2", async () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/log`;
  const collect: NonNullable<Parameters<typeof runCli>[1]>["collect"] = ({ log }) => {
    log.info("x.y", "Running");
    return Promise.resolve(summaryOf());
  };
  const { stderr } = await runCli(["--once", "--logfile", path], { ...CONFIGURED, collect });
  assert.equal(Deno.readTextFileSync(path), stderr);
  const bad = await runCli(["--once", "--logfile", folder], CONFIGURED);
  assert.equal(bad.code, 2);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("main: plugin files are loaded before options are read, their options with them", async () => {
  const loadPlugins = () => Promise.resolve([DEMO]);
  const { loaded, collected, code } = await runCli(
    ["--once", "--plugin", "./demo.js", "--collector", "demo", "--demo-size", "9"],
    { plugins: [CLOUDY], loadPlugins },
  );
  assert.equal(code, 0);
  assert.deepEqual(loaded.map(({ paths, store }) => [paths, store]), [[
    ["./demo.js"],
    "./ckworker.db",
  ]]);
  assert.deepEqual(collected[0]?.plugins[0]?.options, { size: 9 });
});

Deno.test("plugins add: hands the file over", async () => {
  const { added, code } = await runCli(["plugins", "add", "./x.js", "--store", "/s.db"], PLUGINS);
  assert.equal(code, 0);
  assert.deepEqual(added.map(({ path, store }) => [path, store]), [["./x.js", "/s.db"]]);
});

Deno.test("plugins: lists name, figures and whether configuration was found", async () => {
  const { stdout } = await runCli(["plugins"], PLUGINS);
  assert.equal(
    stdout,
    "PLUGIN  KINDS  CALLS  CONFIGURED                 DESCRIPTION\n" +
      "cloudy      2      3  no: no key; set CLOUD_KEY  A cloud of the tests\n" +
      "demo        0      0  when named                 Made-up things\n",
  );
  const json = await runCli(["plugins", "--output", "json"], CONFIGURED);
  assert.equal(JSON.parse(json.stdout)[0].configured, "yes");
});

Deno.test("kinds: lists kinds with plugin and bases; one kind with inherited properties", async () => {
  const all = (await runCli(["kinds"], PLUGINS)).stdout;
  assert.match(all, /^cloudy_disks +cloudy +18 +volume$/m);
  assert.match(all, /^volume +base +17 +resource$/m);
  const one = (await runCli(["kinds", "cloudy_disks"], PLUGINS)).stdout;
  assert.match(one, /^cloudy_disks: Disks\nBases: volume, resource\n/);
  assert.match(one, /^spin +int64 +Turns a minute$/m);
  assert.match(one, /^volume_size +int64$/m);
  const json = JSON.parse(
    (await runCli(["kinds", "cloudy_disks", "--output=json"], PLUGINS)).stdout,
  );
  assert.deepEqual(json.properties.at(-1).name, "spin");
});

Deno.test("permissions: shows what this configuration grants", async () => {
  const { stdout } = await runCli(["permissions", "cloudy", "--cloudy-region", "eu"], CONFIGURED);
  assert.equal(
    stdout,
    "cloudy\n  network:\n    eu.cloudy.test:443\n  variables:\n    CLOUD_KEY\n  read: none\n" +
      "  system: none\n  all else: denied\n",
  );
});

Deno.test("permissions --policy: the least privilege of the enabled calls, read and change apart", async () => {
  const actions = async (...args: string[]) =>
    JSON.parse((await runCli(["permissions", "--policy", ...args], PLUGINS)).stdout)
      .Statement[0]?.Action;
  assert.deepEqual(await actions(), ["disk:List", "disk:Read", "net:List"]);
  assert.deepEqual(await actions("--cloudy-collect", "disks"), ["disk:List", "disk:Read"]);
  assert.deepEqual(await actions("--purpose", "change"), ["disk:Delete"]);
  assert.deepEqual(await actions("demo"), undefined);
});
