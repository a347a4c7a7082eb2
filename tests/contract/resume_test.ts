import assert from "node:assert/strict";
import { collectOnce } from "../../lib/collect/mod.ts";
import { openStore } from "../../lib/store/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { collectRequest } from "../support/collect_request.ts";
import { uploadProblems } from "../support/fake_core.ts";
import { temporaryFolder } from "../support/store.ts";

const BASE = new URL("../../main.ts", import.meta.url).href;
const ACCOUNT = { cloud: "example", account: "Example Account", region: "" };

Deno.test("collectOnce: a real guest is told what an interrupted run closed, and goes on", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/ckworker.db`;
  const entries = plugins.filter(({ manifest }) => manifest.name === "example");
  const request = collectRequest(entries, path, {
    base: BASE,
    resume: true,
    dumpJson: folder.path,
  });
  {
    using store = await openStore({ path, kinds: request.kinds, mode: "write", now: request.now });
    const writer = store.beginRun({
      id: "interrupted",
      startedAt: request.now(),
      collectors: ["example"],
      clouds: ["example"],
      version: "test",
    });
    writer.close(writer.open({ ...ACCOUNT, resource: "example_region" }, ""), "complete", []);
  }
  const summary = await collectOnce(request);
  assert.deepEqual(summary.collectors.map(({ error }) => error), [undefined]);
  assert.equal(summary.exitCode, 0);
  const account = summary.accounts.find((each) => each.account === ACCOUNT.account);
  assert.deepEqual(account?.outcomes, { complete: 6 });
  assert.equal(summary.kinds.some(({ kind }) => kind === "example_region"), false);
  const [model, dump] = ["model", "graph"]
    .map((name) => Deno.readTextFileSync(`${folder.path}/${name}.dump.json`));
  assert.deepEqual(uploadProblems(model, dump ?? ""), []);
});
