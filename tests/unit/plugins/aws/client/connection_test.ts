import assert from "node:assert/strict";
import { CallFault } from "../../../../../plugins/aws/client/call_fault.ts";
import { Connection } from "../../../../../plugins/aws/client/connection.ts";
import { Session } from "../../../../../plugins/aws/client/session.ts";
import { createNetwork, type RunNetwork } from "../../../../../plugins/aws/discovery/network.ts";
import {
  type Answer,
  awsError,
  FakeAws,
  type FakeAwsOptions,
} from "../../../../support/fake_aws.ts";

const CALL = "ec2:DescribeVpcs";

interface Stage {
  readonly aws: FakeAws;
  readonly network: RunNetwork;
  readonly connection: Connection;
  send(): Promise<unknown>;
}

function stage(
  answers: readonly Answer[],
  options: FakeAwsOptions & { readonly region?: string; readonly signal?: AbortSignal } = {},
): Stage {
  const aws = new FakeAws(options).on(CALL, ...answers);
  const machine = aws.machine();
  const network = createNetwork(
    { signal: options.signal ?? new AbortController().signal, budgets: [] },
    machine,
    machine.pool(""),
    undefined,
    new Map([[CALL, ["ec2:DescribeVpcs"]]]),
  );
  let keys = 0;
  const session = new Session(
    "111111111111",
    undefined,
    () => Promise.resolve({ accessKeyId: `key ${++keys}`, secretAccessKey: "secret" }),
    () => aws.clock.now(),
  );
  const connection = new Connection(network, session, options.region ?? "eu-west-1");
  const send = () => aws.clock.run(connection.send("ec2", "DescribeVpcs", {}));
  return { aws, network, connection, send };
}

function fail(error: Error): Answer {
  return () => {
    throw error;
  };
}

const throttle = awsError("RequestLimitExceeded", "Request limit exceeded.", 503);
const page = () => ({ Vpcs: [{ VpcId: "vpc-1" }] });

async function faultOf(task: Promise<unknown>): Promise<CallFault> {
  try {
    await task;
  } catch (error) {
    assert.ok(error instanceof CallFault, String(error));
    return error;
  }
  assert.fail("the call did not fail");
}

Deno.test("Connection repeats a throttled call until it is answered", async () => {
  const { aws, network, send } = stage([...Array(20).fill(fail(throttle)), page]);
  assert.deepEqual(await send(), page());
  assert.equal(aws.made(CALL).length, 21);
  const [stats] = network.log.take();
  assert.deepEqual([stats?.count, stats?.throttles, stats?.retries, stats?.errors], [
    21,
    20,
    20,
    20,
  ]);
  assert.ok((stats?.waitedMs ?? 0) > 0);
});

Deno.test("Connection gives a throttled call up only after ten minutes", async () => {
  const { aws, send } = stage([fail(throttle)]);
  const start = aws.clock.now();
  const fault = await faultOf(send());
  assert.equal(fault.outcome, "throttled_out");
  assert.ok(aws.clock.now() - start >= 10 * 60_000, `${aws.clock.now() - start} ms`);
});

Deno.test("Connection waits as long as Retry-After says", async () => {
  const slow = awsError("ThrottlingException", "Rate exceeded", 429, { "retry-after": "17" });
  const { aws, send } = stage([fail(slow), page]);
  const start = aws.clock.now();
  await send();
  assert.ok(aws.clock.now() - start >= 17_000);
});

Deno.test("Connection makes the other calls of the service wait after a throttle", async () => {
  const slow = awsError("ThrottlingException", "Rate exceeded", 429, { "retry-after": "30" });
  const { aws, connection, send } = stage([fail(slow), page]);
  await send();
  const start = aws.clock.now();
  await aws.clock.run(
    Promise.all(Array.from({ length: 5 }, () => connection.send("ec2", "DescribeVpcs", {}))),
  );
  assert.ok(aws.clock.now() > start, "five calls at once passed without a pause");
});

Deno.test("Connection repeats faults of the service and the network some times", async () => {
  const reset = new TypeError("error sending request: connection reset by peer");
  const broken = awsError("InternalError", "An internal error has occurred", 500);
  const { aws, send } = stage([fail(broken), fail(reset), fail(broken), page]);
  await send();
  assert.equal(aws.made(CALL).length, 4);
});

Deno.test("Connection gives up on a fault that stays", async () => {
  const { aws, send } = stage([fail(awsError("InternalError", "always", 500))]);
  const fault = await faultOf(send());
  assert.equal(fault.outcome, "failed");
  assert.equal(aws.made(CALL).length, 6);
});

Deno.test("Connection renews expired credentials once and repeats the call", async () => {
  const expired = awsError("ExpiredToken", "The provided token has expired", 400);
  const { aws, send } = stage([fail(expired), page]);
  await send();
  assert.deepEqual(aws.made(CALL).map(({ key }) => key), ["key 1", "key 2"]);
});

Deno.test("Connection does not renew credentials for ever", async () => {
  const { aws, send } = stage([
    fail(awsError("ExpiredToken", "The provided token has expired", 400)),
  ]);
  const fault = await faultOf(send());
  assert.deepEqual([fault.outcome, fault.verdict.fault], ["failed", "expired_credentials"]);
  assert.equal(aws.made(CALL).length, 2);
});

Deno.test("Connection renews credentials once for all calls that were refused together", async () => {
  const expired = awsError("ExpiredToken", "The provided token has expired", 400);
  const { aws, connection } = stage([fail(expired), fail(expired), fail(expired), page]);
  await aws.clock.run(
    Promise.all(Array.from({ length: 3 }, () => connection.send("ec2", "DescribeVpcs", {}))),
  );
  assert.deepEqual(new Set(aws.made(CALL).map(({ key }) => key)), new Set(["key 1", "key 2"]));
});

Deno.test("Connection takes an expired request for a wrong clock first, then for expired credentials", async () => {
  const expired = awsError("RequestExpired", "Request has expired.", 400);
  const { aws, send } = stage([fail(expired), fail(expired), page]);
  assert.deepEqual(await send(), page());
  assert.deepEqual(aws.made(CALL).map(({ key }) => key), ["key 1", "key 1", "key 2"]);
  const { send: again } = stage([fail(expired), fail(expired), fail(expired), page]);
  assert.equal((await faultOf(again())).outcome, "failed");
});

Deno.test("Connection does not repeat a denied call, and names the permission", async () => {
  const denied = awsError(
    "UnauthorizedOperation",
    "You are not authorized to perform this operation.",
    403,
  );
  const { aws, send } = stage([fail(denied)]);
  const fault = await faultOf(send());
  assert.equal(aws.made(CALL).length, 1);
  assert.deepEqual(fault.scopeFault, {
    call: CALL,
    code: "UnauthorizedOperation",
    message: "You are not authorized to perform this operation.",
    permission: "ec2:DescribeVpcs",
    count: 1,
  });
  assert.match(fault.message, /ec2:DescribeVpcs in 111111111111 eu-west-1 failed/);
});

Deno.test("Connection refuses a call that is not declared", async () => {
  const { aws, connection } = stage([page]);
  await assert.rejects(connection.send("ec2", "DeleteVpc", {}), /ec2:DeleteVpc is not declared/);
  assert.deepEqual(aws.requests, []);
});

const unresolved = new TypeError(
  "dns error: failed to lookup address information: Name or service not known",
);

Deno.test("Connection takes a missing endpoint for unsupported while other names resolve", async () => {
  const { send } = stage([fail(unresolved)], { resolves: true });
  assert.equal((await faultOf(send())).outcome, "unsupported");
});

Deno.test("Connection asks a second time before it takes an endpoint for missing", async () => {
  const { send } = stage([fail(unresolved), page], { resolves: true });
  assert.deepEqual(await send(), page());
});

Deno.test("Connection takes a dead resolver for a failure, which removes nothing", async () => {
  const { send } = stage([fail(unresolved)], { resolves: false });
  assert.equal((await faultOf(send())).outcome, "failed");
});

Deno.test("Connection never takes a network that is away for a moment for missing endpoints", async () => {
  const back = stage([fail(unresolved), fail(unresolved), page], {
    resolves: answers(false, true),
  });
  assert.deepEqual(await back.send(), page());
  const flapping = stage([fail(unresolved)], {
    resolves: answers(true, false, true, false, true, false),
  });
  assert.equal((await faultOf(flapping.send())).outcome, "failed");
});

Deno.test("Connection does not rely on names that resolved before the network went", async () => {
  const { aws, connection, send } = stage([fail(unresolved)], {
    resolves: answers(true, true, false),
  });
  assert.equal((await faultOf(send())).outcome, "unsupported");
  const next = aws.clock.run(connection.send("ec2", "DescribeVpcs", {}));
  assert.equal((await faultOf(next)).outcome, "failed");
});

/** One answer after the other, the last one for ever. */
function answers(...given: readonly boolean[]): () => boolean {
  let asked = 0;
  return () => given[Math.min(asked++, given.length - 1)] === true;
}

Deno.test("Connection stops waiting when the run is stopped", async () => {
  const stop = new AbortController();
  const { aws, connection } = stage([fail(throttle)], { signal: stop.signal });
  const task = connection.send("ec2", "DescribeVpcs", {});
  stop.abort(new Error("stopped by the user"));
  await assert.rejects(aws.clock.run(task), /stopped by the user/);
});

Deno.test("Connection makes no call once the run is stopped", async () => {
  const stop = new AbortController();
  const { aws, send } = stage([page], { signal: stop.signal });
  stop.abort(new Error("stopped by the user"));
  await assert.rejects(send(), /stopped by the user/);
  assert.deepEqual(aws.requests, []);
});

Deno.test("Connection keeps at most 64 requests in flight", async () => {
  let inFlight = 0;
  let most = 0;
  const { aws, connection } = stage([async () => {
    most = Math.max(most, ++inFlight);
    await aws.clock.sleep(50, new AbortController().signal);
    inFlight--;
    return page();
  }]);
  await aws.clock.run(
    Promise.all(Array.from({ length: 500 }, () => connection.send("ec2", "DescribeVpcs", {}))),
  );
  assert.equal(most, 64);
});

Deno.test("Connection destroys its clients when it is disposed of", async () => {
  const { aws, connection, send } = stage([page]);
  await send();
  connection[Symbol.dispose]();
  await Promise.resolve();
  assert.deepEqual(aws.clients, { made: 1, destroyed: 1 });
});
