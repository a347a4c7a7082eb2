import assert from "node:assert/strict";
import type { Cluster } from "../../../../../plugins/k8s/access/cluster.ts";
import { CallFault } from "../../../../../plugins/k8s/client/call_fault.ts";
import { CallLog } from "../../../../../lib/sdk/mod.ts";
import { classifyAnswer, classifyThrown } from "../../../../../plugins/k8s/client/classify.ts";
import { Connection } from "../../../../../plugins/k8s/client/connection.ts";
import { Gate } from "../../../../../plugins/k8s/client/gate.ts";
import { pages } from "../../../../../plugins/k8s/client/pages.ts";
import { status } from "../../../../support/k8s/fake_api.ts";
import { SimulatedClock } from "../../../../support/simulated_clock.ts";

const CLUSTER: Cluster = { id: "dev", server: "https://api.test", user: { token: { text: "t" } } };
const REQUEST = { path: "/api/v1/pods", call: "list pods", permission: "list pods" };

/** Sends one request to a server that answers in this order. */
async function send(answers: (() => Response)[]) {
  const clock = new SimulatedClock();
  const start = clock.now();
  const log = new CallLog();
  const machine = {
    clock,
    requestMs: 60_000,
    env: () => undefined,
    readFile: () => Promise.reject(new Error("no file")),
    line: () => ({
      fetch: () => {
        const answer = answers.shift();
        return answer === undefined
          ? Promise.reject(new TypeError("error sending request"))
          : Promise.resolve(answer());
      },
      [Symbol.dispose]() {},
    }),
  };
  const helper = () => Promise.reject(new Error("no helper"));
  using connection = new Connection(CLUSTER, { machine, log, authorities: [], helper });
  const sent = connection.send(REQUEST, new AbortController().signal);
  const result = await clock.run(sent.catch((error: unknown) => error));
  return { result, waited: clock.now() - start, stats: log.take()[0] };
}

Deno.test("k8s connection: what may pass is tried again, for as long as the server asks", async () => {
  const ok = () => Response.json({ fine: true });
  const { result, waited, stats } = await send([
    () => status(503, "ServiceUnavailable", { "retry-after": "7" }),
    () => status(429, "TooManyRequests", { "retry-after": "20" }),
    () => new Response("{half"),
    ok,
  ]);
  assert.deepEqual(result, { fine: true });
  assert.ok(waited >= 27_000, String(waited));
  assert.deepEqual([stats?.count, stats?.retries, stats?.throttles], [4, 3, 1]);
});

Deno.test("k8s connection: it gives up, and says what of", async () => {
  const { result } = await send([]);
  assert.ok(result instanceof CallFault);
  assert.equal(result.reason, "NetworkError");
  const denied = await send([() => status(403, "Forbidden")]);
  assert.ok(denied.result instanceof CallFault);
  assert.equal(denied.result.scopeFault.permission, "list pods");
  assert.equal(denied.result.outcome, "denied");
});

Deno.test("k8s classify: a proxy's answers are no answers of the API", () => {
  const html = (code: number) => classifyAnswer(code, new Headers(), "<html>").fault;
  assert.deepEqual([403, 404, 405].map(html), ["request", "request", "request"]);
  const api = (code: number) =>
    classifyAnswer(code, new Headers(), JSON.stringify({ kind: "Status", reason: "X" })).fault;
  assert.deepEqual([403, 404, 405, 401, 500].map(api), [
    "access_denied",
    "unsupported",
    "unsupported",
    "expired_credentials",
    "request",
  ]);
  const seconds = { kind: "Status", details: { retryAfterSeconds: 3 } };
  assert.equal(classifyAnswer(429, new Headers(), JSON.stringify(seconds)).retryAfterMs, 3_000);
});

Deno.test("k8s classify: a certificate that is not trusted is not asked again", () => {
  const wrong = new TypeError("error", {
    cause: new Error("invalid peer certificate: UnknownIssuer"),
  });
  assert.deepEqual([classifyThrown(wrong).reason, classifyThrown(wrong).retry], [
    "CertificateError",
    undefined,
  ]);
});

Deno.test("k8s gate: half as many calls after a throttle, slowly more without", async () => {
  const clock = new SimulatedClock();
  const gate = new Gate(clock, 8);
  gate.throttled(5_000);
  gate.throttled(5_000);
  assert.equal(gate.limit, 2);
  let flying = 0;
  let most = 0;
  const call = async () => {
    most = Math.max(most, ++flying);
    await clock.sleep(10, signal);
    flying--;
  };
  const { signal } = new AbortController();
  const start = clock.now();
  await clock.run(Promise.all(Array.from({ length: 6 }, () => gate.run(signal, call))));
  assert.equal(most, 2);
  assert.ok(clock.now() - start >= 5_000);
  for (let i = 0; i < 200; i++) gate.answered();
  assert.equal(gate.limit, 8);
});

Deno.test("k8s gate: who is aborted leaves, those behind go on", async () => {
  const gate = new Gate(new SimulatedClock(), 1);
  const held = Promise.withResolvers<void>();
  const { signal } = new AbortController();
  const first = gate.run(signal, () => held.promise);
  const stop = new AbortController();
  const second = gate.run(stop.signal, () => Promise.resolve("second"));
  const third = gate.run(signal, () => Promise.resolve("third"));
  stop.abort(new Error("enough"));
  await assert.rejects(second, /enough/);
  held.resolve();
  await first;
  assert.equal(await third, "third");
});

Deno.test("k8s pages: a token that comes twice, or no list, is no whole list", async () => {
  const list = async (answer: unknown) => {
    const connection = { account: "dev", send: () => Promise.resolve(answer) };
    for await (const _ of pages(connection, REQUEST, new AbortController().signal));
  };
  const endless = { kind: "PodList", metadata: { continue: "x" }, items: [] };
  await assert.rejects(list(endless), { reason: "NoEnd" });
  await assert.rejects(list({ kind: "Pod", items: [] }), { reason: "NoList" });
  await assert.rejects(list({ kind: "PodList" }), { reason: "NoList" });
  await list({ kind: "PodList", items: null });
});

Deno.test("k8s pages: a list that always expires ends as a failure", async () => {
  let asked = 0;
  const expired = new CallFault("request", { call: "list pods", account: "dev" }, {
    status: 410,
    reason: "Expired",
    message: "too old",
  });
  const connection = {
    account: "dev",
    send: () =>
      asked++ % 2 === 0
        ? Promise.resolve({ kind: "PodList", metadata: { continue: `t${asked}` }, items: [] })
        : Promise.reject(expired),
  };
  await assert.rejects(async () => {
    for await (const _ of pages(connection, REQUEST, new AbortController().signal));
  }, { reason: "Expired" });
  assert.equal(asked, 8);
});
