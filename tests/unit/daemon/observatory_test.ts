import assert from "node:assert/strict";
import type { UploadSummary } from "../../../lib/collect/mod.ts";
import { Observatory } from "../../../lib/daemon/observatory.ts";
import { observed } from "../../support/daemon_life.ts";

const REJECTED: UploadSummary = {
  core: "http://core:8900",
  graph: "ck",
  run: "r1",
  clouds: [],
  leftOut: [],
  nodes: 0,
  edges: 0,
  bytes: 0,
  droppedEdges: 0,
  deferredEdges: 0,
  changes: {},
  shortened: [],
  outcome: "rejected",
  reason: "the node x holds hunter22",
};

const TASKS = {
  connected: true,
  since: 0,
  lastError: undefined,
  connects: 6,
  reconnects: 5,
  running: 0,
  waiting: 0,
  done: 0,
  failed: 0,
  refused: 0,
  repeated: 3,
  messages: 0,
  sockets: 1,
};

async function page(observatory: Observatory, path: string): Promise<string> {
  return await (await observatory.handler(new Request(`http://worker${path}`))).text();
}

Deno.test("what a core quotes of a refused graph shows no known secret", async () => {
  const observatory = new Observatory(
    observed({ redact: (text) => text.replaceAll("hunter22", "[secret]") }),
    "http://core:8900",
  );
  observatory.uploaded(REJECTED, 1);
  const status = await page(observatory, "/status.json");
  assert.match(status, /the node x holds \[secret\]/);
});

Deno.test("metrics tell since when a graph waits, repeated tasks and reconnects", async () => {
  const observatory = new Observatory(observed({}), "http://core:8900");
  observatory.watch({ actions: [], tasks: TASKS }, {
    waiting: [{ run: "r1", clouds: ["sky"], refused: [] }],
    waitingSince: new Date("2026-01-01T00:00:00Z"),
  });
  const metrics = await page(observatory, "/metrics");
  assert.match(metrics, /^ckworker_oldest_pending_upload_timestamp_seconds 1767225600$/m);
  assert.match(metrics, /^ckworker_tasks_total\{outcome="replayed"\} 3$/m);
  assert.match(metrics, /^ckworker_socket_connects_total\{socket="tasks"\} 6$/m);
  const { queues } = JSON.parse(await page(observatory, "/status.json"));
  assert.equal(queues.oldestUploadAt, "2026-01-01T00:00:00.000Z");
});
