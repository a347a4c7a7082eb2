import assert from "node:assert/strict";
import { runCli } from "../../support/cli.ts";
import { CLOUDY, DEMO } from "../../support/cli_plugins.ts";

const PLUGINS = { plugins: [CLOUDY, DEMO] };

/** What bash offers for the last word of a command line. */
async function bashOffers(words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runCli(["completions", "bash"], PLUGINS);
  const script = `${stdout}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ckworker; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { success, stdout: offered, stderr } = await new Deno.Command("bash", {
    args: ["--norc", "-uc", script, "bash", ...words],
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.ok(success);
  return new TextDecoder().decode(offered).split("\n").filter((line) => line !== "");
}

Deno.test("completions bash: commands, flags, values and arguments, run by bash", async () => {
  const cases = [
    [["ckworker", "pl"], ["plugins"]],
    [["ckworker", "--pool"], ["--pool-size"]],
    [["ckworker", "--once", "--cloudy-pa"], ["--cloudy-page-size", "--cloudy-partition"]],
    [["ckworker", "--output", ""], ["text", "json"]],
    [["ckworker", "--once", "--collector", "c"], ["cloudy"]],
    [["ckworker", "completions", ""], ["bash", "zsh", "fish"]],
    [["ckworker", "kinds", "cloudy_d"], ["cloudy_disks"]],
    [["ckworker", "permissions", "--pu"], ["--purpose"]],
    [["ckworker", "permissions", "--purpose", "r"], ["read"]],
    [["ckworker", "--store", ""], []],
    [["ckworker", "kinds", "--pool"], []],
    [["ckworker", "--cleanup-d"], ["--cleanup-dry-run", "--cleanup-deny-accounts"]],
  ] as const;
  for (const [words, expected] of cases) {
    const offered = await bashOffers(words);
    const shown = expected.length === 3 ? offered.slice(0, 3) : offered;
    assert.deepEqual(shown, expected, words.join(" "));
  }
});

Deno.test("completions: every command and flag of this version is in each script", async () => {
  const machine = (await runCli(["--machine-help"], PLUGINS)).stdout;
  const help = (await runCli(["--help"], PLUGINS)).stdout;
  const flags = machine.split("\n").filter((flag) =>
    flag.startsWith("--") && help.includes(`${flag} `)
  );
  assert.ok(flags.length > 20);
  for (const [shell, form] of [["bash", "--"], ["zsh", "--"], ["fish", "-l "]] as const) {
    const { stdout, code } = await runCli(["completions", shell], PLUGINS);
    assert.equal(code, 0);
    for (const flag of flags) assert.ok(stdout.includes(form + flag.slice(2)), `${shell} ${flag}`);
    for (const name of ["plugins", "kinds", "permissions"]) assert.ok(stdout.includes(name));
  }
});
