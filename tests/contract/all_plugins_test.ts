/** All collectors in one run, into one store: what befalls one is no matter of the others. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Guest, type GuestRequest, startGuest } from "../../lib/sandbox/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { COUNTERPARTS, MAIN } from "../support/counterparts/mod.ts";
import {
  collectorOf,
  faultsOf,
  type Held,
  makePluginStore,
} from "../support/counterparts/plugin_store.ts";
import { startOneLogin } from "../support/saas/onelogin_api.ts";
import { temporaryFolder } from "../support/store.ts";

/** Its credentials are refused, so that its guest throws. */
const REFUSED = "slack";
/** Its guest is killed as soon as it runs. */
const KILLED = "onelogin";

/** Starts each guest as its counterpart wants it. */
function start(request: GuestRequest): Promise<Guest> {
  const { name } = request.entry.manifest;
  const base = COUNTERPARTS.find(({ plugin }) => plugin === name)?.base ?? MAIN;
  return startGuest({ ...request, base: base.href });
}

async function startAndKill(request: GuestRequest): Promise<Guest> {
  const guest = await start(request);
  if (request.entry.manifest.name === KILLED) await guest[Symbol.asyncDispose]();
  return guest;
}

/** What a store holds of all clouds but those of two plugins. */
function others(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !text.startsWith(REFUSED) && !text.startsWith(KILLED));
}

function missing(before: Held, after: Held): readonly string[] {
  return [
    ...before.nodes.filter((node) => !after.nodes.includes(node)),
    ...before.edges.filter((edge) => !after.edges.includes(edge)),
  ];
}

Deno.test("all plugins at once: one that is refused and one that is killed disturb no other", async () => {
  await using started = new AsyncDisposableStack();
  const counterparts = await Promise.all(COUNTERPARTS.map(async ({ plugin, start }) => {
    return { plugin, counterpart: started.use(await start("everything")) };
  }));
  const all = counterparts.map(({ plugin, counterpart }) =>
    collectorOf(plugin, counterpart.configuration)
  );
  const lent = all.flatMap(({ lent = [] }) => lent.map(({ cloud }) => cloud));
  // A cloud has one source in a run.
  const collectors = all.filter(({ entry }) =>
    !entry.manifest.clouds.some((cloud) => lent.includes(cloud))
  );
  assert.ok(collectors.length >= plugins.length - 1);
  await using store = await makePluginStore(MAIN);

  const first = await store.collect(collectors, {}, { startGuest: start });
  assert.deepEqual([first.exitCode, faultsOf(first)], [0, []], JSON.stringify(first.collectors));
  const before = store.read();
  assert.deepEqual(before.stale, []);

  await counterparts.find(({ plugin }) => plugin === REFUSED)?.counterpart.trouble?.(
    "no credentials",
  );
  const second = await store.collect(collectors, {}, { startGuest: startAndKill });
  assert.equal(second.exitCode, 1);
  const failed = second.collectors.filter(({ status }) => status === "failed").map(({ name }) =>
    name
  );
  assert.deepEqual(failed.sort(), [KILLED, REFUSED]);
  const after = store.read();
  assert.deepEqual(missing(before, after), []);
  assert.deepEqual(others(after.stale), []);
  assert.deepEqual(others(after.nodes), others(before.nodes));
  assert.deepEqual(others(after.edges), others(before.edges));
});

Deno.test("without --collector: those that are not configured say so in a line each, and disturb none", async () => {
  await using onelogin = startOneLogin({ users: ["ada"], groups: [], roles: [] });
  using folder = temporaryFolder();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "-A", fileURLToPath(MAIN), "--once", "--store", "s.db"],
      ...["--onelogin-base-url", onelogin.url, "--onelogin-client-id", "id"],
    ],
    cwd: folder.path,
    clearEnv: true,
    env: {
      HOME: folder.path,
      PATH: "/usr/bin:/bin",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? "",
      AWS_EC2_METADATA_DISABLED: "true",
      ONELOGIN_CLIENT_SECRET: "s3cr3t",
    },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text + new TextDecoder().decode(stderr));
  const said = text.split("\n").filter((line) => / not configured: /.test(line)).map((line) => {
    assert.match(line, /^[a-z0-9]+: not configured: .{10,200}$/);
    return line.split(":")[0];
  });
  const expected = plugins.filter(({ manifest }) => manifest.onlyWhenNamed !== true)
    .map(({ manifest }) => manifest.name).filter((name) => name !== "onelogin");
  assert.deepEqual(said.sort(), expected.sort());
  assert.match(text, /^onelogin_user +1 /m);
});
