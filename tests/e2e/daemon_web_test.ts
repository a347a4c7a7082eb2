import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { makeAuthority } from "../support/fake_core/authority.ts";
import { collectAt } from "../support/daemon_core.ts";
import { makeWorkerPlace, samplesOf } from "../support/daemon_binary.ts";
import { startFakeCore } from "../support/fake_core.ts";

const EXAMPLE = ["--collector", "example"];
/** Metrics that are there once a graph went up. */
const SAMPLES = {
  'ckworker_runs_total{outcome="whole"}': 1,
  'ckworker_collector_runs_total{collector="example",status="collected"}': 1,
  'ckworker_nodes{cloud="example",kind="example_instance"}': 2,
  'ckworker_scopes{cloud="example",account="Example Account",outcome="complete"}': 6,
  "ckworker_edges": 7,
  'ckworker_actions_total{action="collect",outcome="done"}': 1,
  'ckworker_uploads_total{outcome="accepted"}': 1,
  "ckworker_uploads_pending": 0,
  'ckworker_tasks{state="running"}': 0,
} as const;
/** Metrics whose value depends on the machine. */
const POSITIVE = [
  "ckworker_run_seconds_sum",
  "ckworker_last_whole_run_timestamp_seconds",
  "ckworker_upload_seconds_sum",
  "ckworker_upload_lines_total",
  "ckworker_upload_bytes_total",
  "ckworker_heap_used_bytes",
  "process_resident_memory_bytes",
];
const status = z.looseObject({
  core: z.looseObject({ state: z.string(), dialect: z.string() }),
  runs: z.array(z.looseObject({ outcome: z.string(), nodes: z.number() })),
  kinds: z.array(z.looseObject({ kind: z.string(), nodes: z.number() })),
  running: z.array(z.unknown()),
  problems: z.array(z.looseObject({ message: z.string() })),
});

Deno.test("daemon: metrics and the status page tell of a collection", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  await using place = await makeWorkerPlace();
  const worker = place.start({ core, flags: [...EXAMPLE, "--web-path", "/worker"] });
  await worker.ready();
  await collectAt(core);
  const samples = samplesOf((await worker.get("/metrics")).text);
  for (const [name, value] of Object.entries(SAMPLES)) assert.equal(samples.get(name), value, name);
  for (const name of POSITIVE) assert.ok((samples.get(name) ?? 0) > 0, name);
  const builds = [...samples.keys()].filter((name) => name.startsWith("ckworker_build_info{"));
  assert.equal(builds.length, 1);
  await worker.ready();
  for (const path of ["/status.json", "/worker/status.json"]) {
    const told = status.parse(JSON.parse((await worker.get(path)).text));
    assert.deepEqual([told.core.state, told.core.dialect], ["connected", "ckcore"]);
    assert.deepEqual(told.runs.map(({ outcome, nodes }) => [outcome, nodes]), [["whole", 8]]);
    assert.ok(told.kinds.some(({ kind, nodes }) => kind === "example_instance" && nodes === 2));
    assert.deepEqual([told.running, told.problems], [[], []]);
  }
  assert.match((await worker.get("/")).text, /All is well/);

  core.setFaults([{
    on: "request",
    match: { path: /\/merge$/ },
    effect: { type: "answer", status: 400, body: "Error: X\nMessage: not today" },
  }]);
  await core.runStep("collect");
  const after = status.parse(JSON.parse((await worker.get("/status.json")).text));
  assert.match(JSON.stringify(after.problems), /not today/);
  core.setFaults([]);
  await collectAt(core);
  const cured = status.parse(JSON.parse((await worker.get("/status.json")).text));
  assert.deepEqual(cured.problems, []);
  assert.equal((await worker.stop()).code, 0);
});

Deno.test("daemon: without its core it serves, and is not ready", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  await core.stop();
  await using place = await makeWorkerPlace();
  const worker = place.start({ core, flags: EXAMPLE });
  await worker.until(async () => (await worker.get("/health")).status === 200, "healthy");
  const { status, text } = await worker.get("/ready");
  assert.equal(status, 503);
  assert.match(text, /does not answer/);
  assert.equal((await worker.stop()).code, 0);
});

Deno.test("daemon: a port that is taken ends it with 2 and the flag to use", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using place = await makeWorkerPlace();
  const flags = [...EXAMPLE, "--web-port", String(taken.addr.port)];
  const { code, log } = await place.start({ core, flags }).ended;
  assert.equal(code, 2, log);
  assert.match(log, /--web-port/);
  assert.deepEqual(core.requests, []);
});

Deno.test("daemon: with a token only /health is open", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  await using place = await makeWorkerPlace();
  const token = "t0ken-of-the-pages";
  const worker = place.start({ core, flags: EXAMPLE, env: { CKWORKER_WEB_TOKEN: token } });
  const headers = { authorization: `Bearer ${token}` };
  await worker.until(
    async () => (await worker.get("/ready", headers)).status === 200,
    "ready",
  );
  for (const path of ["/", "/status.json", "/metrics", "/ready"]) {
    assert.equal((await worker.get(path)).status, 401, path);
    assert.equal((await worker.get(path, headers)).status, 200, path);
  }
  assert.equal((await worker.get("/health")).status, 200);
  const { code, log } = await worker.stop();
  assert.equal(code, 0, log);
  assert.equal(log.includes(token), false);
});

Deno.test("daemon: serves its pages over TLS, with a key under a passphrase, too", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  await using place = await makeWorkerPlace();
  const { ca, cert, key } = await makeAuthority();
  const file = (name: string) => join(place.folder, name);
  await Deno.writeTextFile(file("cert.pem"), cert);
  await Deno.writeTextFile(file("key.pem"), key);
  const { code } = await new Deno.Command("openssl", {
    args: [
      ...["pkcs8", "-topk8", "-in", file("key.pem"), "-out", file("locked.pem")],
      ...["-passout", "pass:open sesame"],
    ],
  }).output();
  assert.equal(code, 0);
  using client = Deno.createHttpClient({ caCerts: [ca] });
  for (const name of ["key.pem", "locked.pem"]) {
    const flags = [...EXAMPLE, "--cert", file("cert.pem"), "--cert-key", file(name)];
    const env: Record<string, string> = name === "locked.pem"
      ? { CKWORKER_CERT_KEY_PASS: "open sesame" }
      : {};
    const worker = place.start({ core, flags, env });
    await worker.said(/Connected to the core: actions/);
    const answer = await fetch(`${worker.web.replace("http:", "https:")}/health`, { client });
    assert.equal(await answer.text(), "ok\r\n");
    assert.equal((await worker.stop()).code, 0);
  }
  const flags = [...EXAMPLE, "--cert", file("cert.pem"), "--cert-key", file("locked.pem")];
  const env = { CKWORKER_CERT_KEY_PASS: "wrong" };
  const ended = await place.start({ core, flags, env }).ended;
  assert.equal(ended.code, 2);
  assert.match(ended.log, /passphrase/);
});
