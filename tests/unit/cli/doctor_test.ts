import assert from "node:assert/strict";
import type { Examination } from "../../../lib/collect/mod.ts";
import { type CliResult, runCli } from "../../support/cli.ts";
import { CLOUDY } from "../../support/cli_plugins.ts";

function doctor(found: readonly Examination[], args: readonly string[] = []): Promise<CliResult> {
  return runCli(["doctor", ...args], {
    plugins: [CLOUDY],
    env: { CLOUD_KEY: "k" },
    examine: () => Promise.resolve(found),
  });
}

const DENIED = {
  call: "net:List",
  code: "AccessDenied",
  message: "no",
  permission: "net:List",
  count: 1,
  kinds: ["cloudy_nets"],
};

function examined(account: Partial<NonNullable<Examination["report"]>["accounts"][number]>) {
  return {
    name: "cloudy",
    status: "examined" as const,
    reason: "key found",
    report: {
      credentials: "key k…",
      accounts: [{ id: "1", regions: ["r1", "r2"], denied: [], ...account }],
    },
  };
}

Deno.test("doctor: says what credentials, accounts and regions a collector finds", async () => {
  const { code, stdout } = await doctor([examined({ name: "dev" })]);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    "cloudy: key k…\n  account dev (1): regions r1 r2\n    every call that was tried is allowed\n",
  );
});

Deno.test("doctor: names the denied call, what it costs and what cures it; exit 3", async () => {
  const { code, stdout } = await doctor([examined({ denied: [DENIED] })]);
  assert.equal(code, 3);
  assert.match(stdout, /denied net:List \(AccessDenied\): costs cloudy_nets; cured by net:List\n/);
});

Deno.test("doctor: tells a policy of the organisation from a missing permission", async () => {
  const { stdout } = await doctor([examined({ denied: [{ ...DENIED, policy: true }] })]);
  assert.match(stdout, /; a policy of the organisation forbids it\n/);
  assert.doesNotMatch(stdout, /cured by/);
});

Deno.test("doctor: an account out of reach is said with its problem; exit 3", async () => {
  const { code, stdout } = await doctor([examined({ problem: "cannot assume the role" })]);
  assert.equal(code, 3);
  assert.match(stdout, /account 1: cannot assume the role\n/);
});

Deno.test("doctor: a collector without credentials fails with what to do; exit 1", async () => {
  const error = { code: "cloud.no_credentials", message: "No key", hint: "Set it", context: {} };
  const { code, stdout } = await doctor([
    { name: "cloudy", status: "failed", reason: "", error },
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, "cloudy: failed: No key. Set it\n");
});

Deno.test("doctor: control characters of a cloud's names do not reach the terminal", async () => {
  const { stdout } = await doctor([examined({ name: "\u001b[2Jevil" })]);
  assert.ok(!stdout.includes("\u001b"));
});

Deno.test("doctor: prints data for machines", async () => {
  const found = [examined({})];
  const { stdout } = await doctor(found, ["--output", "json"]);
  assert.deepEqual(JSON.parse(stdout), found);
});

Deno.test("doctor: collects nothing", async () => {
  const { collected } = await doctor([examined({})]);
  assert.deepEqual(collected, []);
});
