import assert from "node:assert/strict";
import {
  CallFault,
  type Judge,
  type Pool,
  RestCaller,
  retryAfterMs,
  ThumbprintError,
  unwell,
} from "ckworker";
import { FakeContext } from "../../../support/fake_context.ts";
import { until } from "../../../support/until.ts";
import { SimulatedClock } from "../../../support/simulated_clock.ts";

const CALL = "acme:List";
const CALLS = [{ call: CALL, permissions: ["read"], purpose: "read", kinds: [] }] as const;

const judge: Judge = (answer, now) => {
  const { status, headers } = answer;
  if (status === 200) return undefined;
  if (status >= 500) return unwell(answer, now, headers);
  const afterMs = retryAfterMs(headers, now);
  const message = "no";
  if (status === 429) {
    const asked = afterMs === undefined ? {} : { afterMs };
    return { fault: "throttled", code: "429", message, retry: "throttle", ...asked };
  }
  if (status === 401) {
    return { fault: "expired_credentials", code: "401", message, retry: "credentials" };
  }
  return { fault: "access_denied", code: String(status), message };
};

type Step = Response | Error;

/** A caller whose answers are given; the last one is given again and again. */
function scripted(steps: readonly (() => Step)[], signal = new AbortController().signal) {
  const clock = new SimulatedClock();
  const began = clock.now();
  const context = new FakeContext({ options: {}, signal });
  const inits: RequestInit[] = [];
  let next = 0;
  const pool: Pool = {
    fetch: (_, init) => {
      inits.push(init);
      const step = steps[Math.min(next++, steps.length - 1)]?.() ?? new Error("no answer");
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
    },
    [Symbol.dispose]: () => {},
  };
  const caller = new RestCaller({
    plugin: "acme",
    calls: CALLS,
    machine: { clock },
    pool,
    judge,
    throttleMs: 600_000,
    concurrency: 2,
    context,
  });
  const send = (make: (renew: boolean) => RequestInit = () => ({})) =>
    clock.run(caller.send(CALL, "https://acme.test/", make));
  return { clock, caller, send, context, inits, waited: () => clock.now() - began };
}

const good = () => new Response("{}");
const status = (code: number, headers: Record<string, string> = {}) => () =>
  new Response("{}", { status: code, headers });

Deno.test("a call that is throttled waits as long as it is told to and is made again", async () => {
  const { send, inits, waited } = scripted([status(429, { "retry-after": "40" }), good]);
  assert.equal((await send()).status, 200);
  assert.equal(inits.length, 2);
  assert.ok(waited() >= 40_000 && waited() < 41_000, String(waited()));
});

Deno.test("a call that is throttled beyond the deadline is given up, and does not wait for it", async () => {
  const { send, waited } = scripted([status(429, { "retry-after": "601" })]);
  const fault = await send().then(() => undefined, (error) => error);
  assert.ok(fault instanceof CallFault);
  assert.deepEqual([fault.outcome, waited()], ["throttled_out", 0]);
});

Deno.test("throttles without a time are waited for up to the deadline", async () => {
  const { send, waited } = scripted([status(429)]);
  await assert.rejects(send(), { code: "cloud.throttled" });
  assert.ok(waited() > 500_000 && waited() <= 600_000, String(waited()));
});

Deno.test("other calls of a budget that is used up are not made until it is open again", async () => {
  const { clock, caller, inits, waited } = scripted([status(429, { "retry-after": "40" }), good]);
  const send = (budget?: string) => caller.send(CALL, "https://acme.test/", () => ({}), budget);
  const times: number[] = [];
  const timed = async (budget?: string) => {
    await send(budget);
    times.push(waited());
  };
  const throttled = timed();
  await until(() => inits.length === 1, "the first request");
  await clock.run(Promise.all([throttled, timed(), timed("another")]));
  assert.equal(inits.length, 4);
  const [first = 0, ...later] = times;
  assert.ok(first === 0 && later.every((time) => time >= 40_000), times.join());
});

Deno.test("faults of the service and of the network are tried six times", async () => {
  for (const step of [status(503), () => new TypeError("connection reset")]) {
    const { send, inits } = scripted([step]);
    const fault = await send().then(() => undefined, (error) => error);
    assert.ok(fault instanceof CallFault);
    assert.deepEqual([fault.outcome, inits.length], ["failed", 6]);
  }
});

Deno.test("a certificate that is not trusted is no better the next time", async () => {
  const errors = [
    new TypeError("client error (Connect): invalid peer certificate: UnknownIssuer"),
    new ThumbprintError("another thumbprint"),
  ];
  for (const error of errors) {
    const { send, inits } = scripted([() => error]);
    const fault = await send().then(() => undefined, (error) => error);
    assert.ok(fault instanceof CallFault);
    assert.deepEqual([fault.verdict.code, inits.length], ["CertificateError", 1]);
  }
});

Deno.test("credentials that have expired are renewed once", async () => {
  const asked: boolean[] = [];
  const make = (renew: boolean) => {
    asked.push(renew);
    return {};
  };
  const { send } = scripted([status(401), good]);
  await send(make);
  assert.deepEqual(asked, [false, true]);
  const { send: again, inits } = scripted([status(401)]);
  await assert.rejects(again(), { code: "cloud.expired_credentials" });
  assert.equal(inits.length, 2);
});

Deno.test("a denied call is made once and names the declared permission", async () => {
  const { send, inits } = scripted([status(403)]);
  const fault = await send().then(() => undefined, (error) => error);
  assert.ok(fault instanceof CallFault);
  assert.deepEqual(fault.scopeFault, {
    call: CALL,
    code: "403",
    message: "no",
    count: 1,
    permission: "read",
  });
  assert.equal(inits.length, 1);
});

Deno.test("a call that is not declared is not made", async () => {
  const { caller, inits } = scripted([good]);
  await assert.rejects(caller.send("acme:Other", "https://acme.test/", () => ({})), {
    code: "plugin.failed",
  });
  assert.equal(inits.length, 0);
});

Deno.test("a stop ends a wait with its reason", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  const stopping = () => {
    stop.abort(reason);
    return new Response("{}", { status: 503 });
  };
  const { send, inits } = scripted([stopping], stop.signal);
  await assert.rejects(send(), reason);
  assert.equal(inits.length, 1);
});

Deno.test("what calls cost is told: answers, errors, throttles, waits", async () => {
  const { caller, send, context } = scripted([
    status(429, { "retry-after": "40" }),
    status(500),
    good,
  ]);
  await send();
  caller.tell("a");
  const [{ account, count, errors, throttles, retries, waitedMs = 0 } = {}] = context.calls;
  assert.deepEqual([account, count, errors, throttles, retries], ["a", 3, 2, 1, 2]);
  assert.ok(waitedMs >= 40_000);
});

Deno.test("Retry-After is a number of seconds or a date", () => {
  const now = Date.parse("2026-01-02T03:04:05Z");
  const of = (text?: string) =>
    retryAfterMs(new Headers(text === undefined ? {} : { "retry-after": text }), now);
  assert.equal(of("7"), 7_000);
  assert.equal(of("Fri, 02 Jan 2026 03:04:35 GMT"), 30_000);
  assert.equal(of("Fri, 02 Jan 2026 03:00:00 GMT"), 0);
  assert.deepEqual([of(), of(""), of("soon")], [undefined, undefined, undefined]);
});
