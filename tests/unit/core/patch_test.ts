import assert from "node:assert/strict";
import { CoreRejectedError } from "../../../lib/errors/mod.ts";
import { RecordingServer, refusal, remoteCore, unhurried } from "../../support/remote_core.ts";

const NOTHING = () => new Response('{"id":"a"}\n');

Deno.test("patch: one request for all nodes, with the sections that changed", async () => {
  await using server = new RecordingServer(NOTHING);
  await remoteCore(server.uri, "ckcore").patch([
    { id: "a", desired: { clean: true }, metadata: { event_log: [{ msg: "é", exception: null }] } },
    { id: "b", reported: { tags: {} }, desired: null },
  ], unhurried());
  assert.deepEqual(server.calls, ["PATCH /graph/ck/nodes"]);
  assert.equal(server.seen[0]?.headers.get("content-type"), "application/x-ndjson");
  assert.equal(
    server.seen[0]?.body,
    `{"id":"a","desired":{"clean":true},"metadata":{"event_log":[{"msg":"é","exception":null}]}}
{"id":"b","reported":{"tags":{}},"desired":null}
`,
  );
});

Deno.test("patch: a node comes once in a request", async () => {
  await using server = new RecordingServer(NOTHING);
  const patch = (id: string, n: number) => ({ id, metadata: { n } });
  await remoteCore(server.uri, "fixcore")
    .patch([patch("a", 1), patch("b", 2), patch("a", 3), patch("a", 4)], unhurried());
  assert.deepEqual(server.calls, Array(3).fill("PATCH /graph/fix/nodes"));
  assert.deepEqual(server.seen.map(({ body }) => body.trimEnd().split("\n").length), [2, 1, 1]);
});

Deno.test("patch: nothing to change is no request", async () => {
  await using server = new RecordingServer(NOTHING);
  await remoteCore(server.uri, "ckcore").patch([], unhurried());
  assert.deepEqual(server.calls, []);
});

Deno.test("patch: tells when it is refused", async () => {
  await using server = new RecordingServer(() => refusal("ValueError", "Chunk too big"));
  const patching = remoteCore(server.uri, "ckcore").patch([{ id: "a", desired: {} }], unhurried());
  await assert.rejects(
    patching,
    (error: unknown) =>
      error instanceof CoreRejectedError &&
      /changes of nodes: it answers 400, ValueError/.test(error.message),
  );
});
