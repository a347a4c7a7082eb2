/** The binary at VMware's own simulator, whose certificate nobody vouches for. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { binaryPath, runProgram } from "../support/binary.ts";
import { readStore } from "../support/saas/saas_store.ts";
import { temporaryFolder } from "../support/store.ts";
import { PASSWORD, startVcsim, USER } from "../support/vsphere/vcsim.ts";

Deno.test("binary: collects vSphere, and deletes the one machine that is marked", async () => {
  await using vcsim = await startVcsim({ vm: 2, host: 1, "standalone-host": 0 });
  using folder = temporaryFolder();
  const store = join(folder.path, "store.db");
  const env = {
    CKWORKER_STORE: store,
    CKWORKER_VSPHERE_HOST: "127.0.0.1",
    CKWORKER_VSPHERE_PORT: String(vcsim.port),
    CKWORKER_VSPHERE_USER: USER,
    CKWORKER_VSPHERE_PASSWORD: PASSWORD,
    CKWORKER_VSPHERE_INSECURE: "true",
  };
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram(binaryPath(), args, {
      cwd: folder.path,
      env,
    });
    assert.equal(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
    assert.ok(!(stdout + stderr).includes(PASSWORD));
    return stdout;
  };
  const machines = () =>
    readStore(store, "vsphere").nodes.filter((node) => node.startsWith("dc1 vsphere_instance "));
  await run("--once", "--collector", "vsphere");
  const [first, second, ...others] = machines();
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual(others, []);
  await run("clean", "mark", `id == "${first.split(" ")[2]}"`, "--reason", "left over");
  await run("clean", "plan", "--out", "plan.json");
  assert.match(await run("clean", "apply", "plan.json", "--yes"), /1 cleaned/);
  await run("--once", "--collector", "vsphere");
  assert.deepEqual(machines(), [second]);
});
