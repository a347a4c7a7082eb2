import assert from "node:assert/strict";
import { createConnection, systemClock } from "../../../lib/core/mod.ts";
import { SettingsDocument } from "../../../lib/daemon/document.ts";
import { startFakeCore } from "../../support/fake_core.ts";
import { silentLogger } from "../../support/silent_logger.ts";
import { until } from "../../support/until.ts";

const ID = "fix.worker";

/** Follows the document of a core; gives the sections that were applied. */
async function withDocument(
  test: (
    document: SettingsDocument,
    core: Awaited<ReturnType<typeof startFakeCore>>,
    applied: readonly string[],
  ) => Promise<void>,
): Promise<void> {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const common = { log: silentLogger, now: () => new Date() };
  await using connection = createConnection({ uri: core.url, verify: true, env: {}, ...common });
  const applied: string[] = [];
  const document = new SettingsDocument({
    connection,
    id: ID,
    read: (sections) => new Map([["text", given(JSON.stringify(sections))]]),
    apply: (settings) => void applied.push(settings.get("text")?.texts[0] ?? "nothing"),
    clock: systemClock,
    log: silentLogger,
  });
  await test(document, core, applied);
}

function given(text: string) {
  return { texts: [text], origin: ID, source: "core" } as const;
}

Deno.test("settings that changed while there was no connection for events are used", () =>
  withDocument(async (document, core, applied) => {
    const stop = new AbortController();
    core.setConfig(ID, { sky: { a: 1 } });
    await document.load(stop.signal);
    core.setConfig(ID, { sky: { a: 2 } });
    const following = document.follow(stop.signal);
    await until(() => applied.length === 2, "read again");
    assert.deepEqual(applied, ['{"sky":{"a":1}}', '{"sky":{"a":2}}']);
    stop.abort();
    await following;
  }));

Deno.test("settings that did not change are applied once", () =>
  withDocument(async (document, core, applied) => {
    const stop = new AbortController();
    core.setConfig(ID, { sky: { a: 1 } });
    await document.load(stop.signal);
    const following = document.follow(stop.signal);
    await core.until(() =>
      core.requests.filter(({ path }) => path.startsWith("/config/")).length > 1
    );
    core.setConfig(ID, { sky: { a: 2 } });
    await until(() => applied.length > 1, "the event came");
    assert.deepEqual(applied, ['{"sky":{"a":1}}', '{"sky":{"a":2}}']);
    stop.abort();
    await following;
  }));

Deno.test("following ends with a stop that came before it", () =>
  withDocument(async (document) => {
    const stop = new AbortController();
    stop.abort();
    await document.follow(stop.signal);
  }));

Deno.test("what is given here is read without a document, too", () =>
  withDocument(async (document, core, applied) => {
    const { signal } = new AbortController();
    await document.load(signal);
    core.setConfig(ID, { fixworker: { timeout: 5 } });
    await document.load(signal);
    assert.deepEqual(applied, ["{}", '{"fixworker":{"timeout":5}}']);
  }));
