import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../support/store.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** Runs the program with its streams redirected by a shell; gives its code and its standard error. */
async function shell(folder: string, redirected: string) {
  const program = `"${Deno.execPath()}" run --quiet -A "${MAIN}"`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", redirected.replace("ckworker", program)],
    cwd: folder,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

const EXAMPLE = "ckworker --once --collector example --store s.db --verbose";

function lastExit(folder: string): unknown {
  using db = new DatabaseSync(`${folder}/s.db`, { readOnly: true });
  return db.prepare("SELECT exit_code FROM runs ORDER BY run DESC LIMIT 1").get()?.["exit_code"];
}

Deno.test("main: standard error that nobody reads, or that is full, does not end the run", async () => {
  for (const target of ["> >(exec 0<&-)", "> /dev/full"]) {
    using folder = temporaryFolder();
    const { code, out } = await shell(folder.path, `${EXAMPLE} 2${target}`);
    assert.match(out, /^Stored in s\.db: 8 nodes/);
    assert.equal(code, 0);
    assert.equal(lastExit(folder.path), 0);
  }
});

Deno.test("main: a reader of the summary who leaves does not change how the run went", async () => {
  using folder = temporaryFolder();
  const failing = "ckworker --once --collector aws --aws-region us-east-1 --store s.db";
  const alone = "HOME=$PWD AWS_EC2_METADATA_DISABLED=true";
  const { code } = await shell(folder.path, `set -o pipefail; ${alone} ${failing} | true`);
  assert.equal(code, 1);
  assert.equal(lastExit(folder.path), 1);
});

Deno.test("main: a result that cannot be written is a failure that says so", async () => {
  using folder = temporaryFolder();
  const { code, err } = await shell(folder.path, `${EXAMPLE} > /dev/full`);
  assert.equal(code, 1);
  assert.match(err, /ckworker: Cannot write to standard output: No space left/);
});

Deno.test("main: a full log file does not end the run and is told of once", async () => {
  using folder = temporaryFolder();
  const { code, err } = await shell(folder.path, `${EXAMPLE} --logfile /dev/full`);
  assert.equal(code, 0);
  assert.equal(err.split("the log file ends here").length, 2);
});
