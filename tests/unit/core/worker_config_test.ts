import assert from "node:assert/strict";
import { readWorkerConfig } from "../../../lib/core/mod.ts";
import {
  CoreMessageError,
  CoreRejectedError,
  CoreUnreachableError,
} from "../../../lib/errors/mod.ts";
import {
  endlessAnswer,
  FetchConnection,
  RecordingServer,
  unhurried,
} from "../../support/remote_core.ts";

Deno.test("readWorkerConfig: reads the effective document and its revision", async () => {
  const config = { fixworker: { pool_size: 3 }, aws: null };
  await using server = new RecordingServer(() =>
    Response.json({ config, overrides: null, raw_config: { fixworker: {} } }, {
      headers: { "Fix-Config-Revision": "_r1" },
    })
  );
  assert.deepEqual(await read(server), { revision: "_r1", sections: config });
  assert.deepEqual(server.calls, [
    "GET /config/fix.worker?separate_overrides=true&apply_overrides=true&resolve_env_vars=true" +
    "&include_raw_config=true",
  ]);
});

Deno.test("readWorkerConfig: a core may have none, or no revision", async () => {
  await using none = new RecordingServer(() => new Response("No config", { status: 404 }));
  assert.equal(await read(none), undefined);
  await using bare = new RecordingServer(() => Response.json({ config: {} }));
  assert.deepEqual(await read(bare), { revision: "", sections: {} });
});

Deno.test("readWorkerConfig: refuses what is no document", async () => {
  for (const text of ["", "<html>", "[]", '{"overrides":{}}', '{"config":[]}', '{"config":null}']) {
    await using server = new RecordingServer(() => new Response(text));
    await assert.rejects(read(server), CoreMessageError, text);
  }
});

Deno.test("readWorkerConfig: does not read an answer without end", async () => {
  await using server = new RecordingServer(endlessAnswer);
  await assert.rejects(read(server), CoreMessageError);
});

Deno.test("readWorkerConfig: tells a refusal from a core that is busy", async () => {
  await using closed = new RecordingServer(() => new Response("401", { status: 401 }));
  await assert.rejects(read(closed), CoreRejectedError);
  await using busy = new RecordingServer(() => new Response("", { status: 503 }));
  await assert.rejects(read(busy), CoreUnreachableError);
});

function read(server: RecordingServer) {
  return readWorkerConfig(new FetchConnection(server.uri), "fix.worker", unhurried());
}
