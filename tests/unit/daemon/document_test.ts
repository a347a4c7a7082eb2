import assert from "node:assert/strict";
import { SettingsDocument } from "../../../lib/daemon/document.ts";
import { createConnection, systemClock } from "../../../lib/core/mod.ts";
import { startFakeCore } from "../../support/fake_core.ts";
import { silentLogger } from "../../support/silent_logger.ts";

Deno.test("settings: what is given here is read without a document, too", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  await using connection = createConnection({
    uri: core.url,
    verify: true,
    env: {},
    now: () => new Date(),
    log: silentLogger,
  });
  const read: unknown[] = [];
  let applied = 0;
  const document = new SettingsDocument({
    connection,
    id: "fix.worker",
    read: (sections) => {
      read.push(sections);
      return new Map();
    },
    apply: () => void applied++,
    clock: systemClock,
    log: silentLogger,
  });
  await document.load(new AbortController().signal);
  core.setConfig("fix.worker", { fixworker: { timeout: 5 } });
  await document.load(new AbortController().signal);
  assert.deepEqual(read, [{}, { fixworker: { timeout: 5 } }]);
  assert.equal(applied, 2);
});
